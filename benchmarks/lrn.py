"""Local response normalisation: this package's against torch's own, on the shapes that the network has.

    python -m benchmarks.lrn

On one thread, and both ways take turns. The goal is at least twice as fast.
"""

import statistics

import torch
import torch.nn.functional as F
from torch import Tensor

from alexnet_viz.local_response_norm import local_response_norm
from benchmarks.processor_time import milliseconds_in_turns

SHAPES = [(96, 55, 55), (256, 27, 27), (256, 13, 13)]
TURNS = {1: 40, 32: 5}  # by number of images
GOAL = 2.0


def main() -> None:
    torch.set_num_threads(1)
    print("one thread; milliseconds of processor time, medians in turns\n")
    print(f"{'shape':>20}{'layout':>15}{'pass':>20}{'torch':>10}{'ours':>10}{'torch / ours':>15}")
    for count, turns in TURNS.items():
        for shape in SHAPES:
            for layout in (torch.contiguous_format, torch.channels_last):
                compare((count, *shape), layout, turns)


def compare(shape: tuple[int, ...], layout: torch.memory_format, turns: int) -> None:
    x = torch.randn(shape).relu_().to(memory_format=layout).requires_grad_()
    slope = torch.randn(shape).to(memory_format=layout)

    def theirs() -> Tensor:
        return F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)

    def ours() -> Tensor:
        return local_response_norm(x, 5, 1e-4, 0.75, 2.0)

    with torch.no_grad():
        assert (theirs() - ours()).abs().max() < 1e-5
        report(shape, layout, "forward", milliseconds_in_turns((theirs, ours), turns))
    ways = (lambda: torch.autograd.grad(theirs(), x, slope), lambda: torch.autograd.grad(ours(), x, slope))
    report(shape, layout, "forward + backward", milliseconds_in_turns(ways, turns))


def report(shape: tuple[int, ...], layout: torch.memory_format, name: str, times: list[list[float]]) -> None:
    theirs, ours = (statistics.median(each) for each in times)
    spelled = " × ".join(str(number) for number in shape)
    order = "NCHW" if layout == torch.contiguous_format else "channels last"
    met = "met" if theirs / ours >= GOAL else "missed"
    print(f"{spelled:>20}{order:>15}{name:>20}{theirs:>10.2f}{ours:>10.2f}{theirs / ours:>8.1f} {met:>6}")


if __name__ == "__main__":
    main()
