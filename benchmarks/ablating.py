"""How long an altered network takes: the tail behind each block, and every channel of a stage off alone.

PYTHONPATH=. python benchmarks/ablating.py
"""

import os
import time
from collections.abc import Callable
from statistics import median

from torch import Tensor

from alexnet_viz.checkpoints import best_checkpoint, load_checkpoint
from alexnet_viz.device import describe_device
from alexnet_viz.explain.ablation import Change, altered_stages, costs
from alexnet_viz.images import GALLERY, read_image
from alexnet_viz.inference import trace
from alexnet_viz.model import AlexNet

STAGES = ("block1.relu", "block2.relu", "block3.relu", "block4.relu", "block5.relu", "fc1", "fc2")
TURNS = 30


def milliseconds(work: Callable[[], object]) -> list[float]:
    """Return how long each of some turns took, the first of several left out."""
    found = []
    for _ in range(TURNS + 1):
        started = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - started))
    return found[1:]


def main() -> None:
    checkpoint = load_checkpoint(best_checkpoint().name)
    image = read_image(GALLERY[0].path)
    seen = trace(checkpoint, image)
    load = os.getloadavg()[0]
    print(
        f"{describe_device(checkpoint.device)}, {checkpoint.name}, load {load:.1f}; milliseconds, median and quickest"
    )
    whole = milliseconds(lambda: trace(checkpoint, image))
    print(f"{'the whole pass':16}{median(whole):8.1f}{min(whole):8.1f}")
    for stage in STAGES:
        change = [Change(stage, 1, 0.0)]
        tail = milliseconds(lambda: altered_stages(checkpoint.model, seen.stages, change))  # noqa: B023 (called at once)
        print(f"{stage:16}{median(tail):8.1f}{min(tail):8.1f}")
    print("every channel off alone, 8 asked for at a time; seconds, and the longest 8 in milliseconds")
    for stage in STAGES[:5]:
        print(f"{stage:16}{_all_costs(checkpoint.model, seen.stages, stage)}")
    print(f"load {os.getloadavg()[0]:.1f} at the end")


def _all_costs(model: AlexNet, stages: dict[str, Tensor], stage: str) -> str:
    parts = []
    for first in range(0, len(stages[stage]), 8):
        started = time.perf_counter()
        costs(model, stages, stage, range(first, first + 8))
        parts.append(time.perf_counter() - started)
    return f"{sum(parts):8.2f}{1000 * max(parts):8.0f}"


if __name__ == "__main__":
    main()
