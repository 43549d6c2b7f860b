"""What looking inside costs: a walk that keeps every stage against a bare forward pass of the same modules.

    python -m benchmarks.capture

One photo on one thread. Both ways take turns, so that a slower minute slows both. The goal is at most 1.05 times.
"""

import statistics

import torch
from torch import nn

from alexnet_viz.model import AlexNet, initialise
from benchmarks.processor_time import milliseconds_in_turns

TURNS = 100
GOAL = 1.05


def main() -> None:
    torch.set_num_threads(1)
    print(f"one photo, one thread; milliseconds of processor time, medians of {TURNS} turns\n")
    print(f"{'variant':>14}{'bare pass':>12}{'model(x)':>12}{'capture':>12}{'capture / bare':>18}")
    for variant in ("seed", "torchvision"):
        model = AlexNet(10, variant=variant).eval().requires_grad_(False)
        initialise(model, 0)
        photo = torch.randn(1, 3, model.variant.input_size, model.variant.input_size)
        bare = nn.Sequential(*(module for _, module in model.chain())).eval()
        ways = (lambda: bare(photo), lambda: model(photo), lambda: dict(model.walk(photo)))  # noqa: B023
        with torch.no_grad():
            medians = [statistics.median(times) for times in milliseconds_in_turns(ways, TURNS)]
        ratio = medians[2] / medians[0]
        columns = "".join(f"{median:>12.2f}" for median in medians)
        print(f"{variant:>14}{columns}{ratio:>11.3f} {'met' if ratio <= GOAL else 'missed':>6}")


if __name__ == "__main__":
    main()
