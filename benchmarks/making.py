"""How much more than the best image part a picture made for a channel excites it, and how long making it takes.

    python -m benchmarks.making                       # twenty channels of each block: half an hour on two cores
    python -m benchmarks.making --channels 3 --blocks 1 2

Channels are drawn among those that respond to some image part: of the others nothing can be a multiple. The best image
part is that of the Unit page's own set, the squares of the gallery's photos, with the response that the page shows.
Of block 1, which is linear in the picture, what is possible at all has a closed form and stands beside what is reached.
"""

import argparse
import random
import time
from dataclasses import dataclass
from statistics import median

import psutil

from alexnet_viz.checkpoints import Checkpoint, best_checkpoint, load_checkpoint
from alexnet_viz.device import describe_device
from alexnet_viz.errors import ExplanationError
from alexnet_viz.explain.image_parts import StageParts, find_parts
from alexnet_viz.explain.most_possible import most_possible
from alexnet_viz.explain.visualise import STEPS, Contrast, Goal, make_picture
from alexnet_viz.training.datasets.gallery_parts import CLASSES, gallery_parts

CONTRASTS: tuple[Contrast, ...] = ("full", "photo")
GOALS = {"full": 2.0, "photo": 1.3}


@dataclass(frozen=True)
class Made:
    """Pictures for one channel.

    Attributes:
        times: By contrast, what the picture reaches as a multiple of the best image part; 0 where it could not be made.
        possible: By contrast, what no picture exceeds, as such a multiple; only what is linear in the picture is here.
        seconds: On the clock, for the two pictures each.
    """

    times: dict[Contrast, float]
    possible: dict[Contrast, float]
    seconds: dict[Contrast, float]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--channels", type=int, default=20, help="of each block")
    parser.add_argument("--blocks", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--steps", type=int, default=STEPS)
    asked = parser.parse_args()
    checkpoint = load_checkpoint(best_checkpoint().name)
    print(
        f"{describe_device(checkpoint.device)}, {checkpoint.name}; load {psutil.getloadavg()[0]:.1f} before the start"
    )
    print(
        f"{asked.steps} steps, seed 0; multiples of the best image part, medians of {asked.channels} channels a block\n"
    )
    contrasts = " | ".join(f"{contrast} ({goal:g}) | possible | reached by" for contrast, goal in GOALS.items())
    print(f"| block | alive | {contrasts} | seconds a picture |")
    print("|---" + "|--:" * 8 + "|")
    stages = [f"block{block}.relu" for block in asked.blocks]
    found = find_parts(checkpoint, gallery_parts(), CLASSES, stages=stages)
    for stage in stages:
        alive = [channel for channel, best in enumerate(found[stage].strongest.values[:, 0].tolist()) if best > 0]
        drawn = random.Random(0).sample(alive, min(asked.channels, len(alive)))
        made = [make(checkpoint, found[stage], stage, channel, asked.steps) for channel in drawn]
        print(f"| {stage} | {len(alive)} of {len(found[stage].strongest.values)} | {row(made)} |", flush=True)
    print(f"\nload {psutil.getloadavg()[0]:.1f} at the end")


def make(checkpoint: Checkpoint, parts: StageParts, stage: str, channel: int, steps: int) -> Made:
    """Return what the pictures of both contrasts reach."""
    best = float(parts.strongest.values[channel, 0])
    times: dict[Contrast, float] = {}
    possible: dict[Contrast, float] = {}
    seconds: dict[Contrast, float] = {}
    for contrast in CONTRASTS:
        started = time.perf_counter()
        goal = Goal(stage, channel, steps=steps, contrast=contrast)
        most = most_possible(checkpoint, goal)
        if most is not None:
            possible[contrast] = most / best
        try:
            times[contrast] = make_picture(checkpoint, goal).response / best
        except ExplanationError as error:
            print(f"  {stage}, channel {channel}, {contrast}: {error}")
            times[contrast] = 0.0
        seconds[contrast] = time.perf_counter() - started
    return Made(times, possible, seconds)


def row(made: list[Made]) -> str:
    """Return the figures of a block: medians, and how many channels reach the goal."""
    cells = []
    for contrast in CONTRASTS:
        times = [each.times[contrast] for each in made]
        possible = [each.possible[contrast] for each in made if contrast in each.possible]
        most = f"{median(possible):.2f}" if possible else ""
        cells += [f"{median(times):.2f}", most, f"{sum(each >= GOALS[contrast] for each in times)} of {len(times)}"]
    return " | ".join([*cells, f"{median(each.seconds['photo'] for each in made):.1f}"])


if __name__ == "__main__":
    main()
