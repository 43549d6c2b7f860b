"""How long one pass for the image parts of every channel takes, and how soon a cancelled one, or picture, ends.

    python -m benchmarks.understanding

The clock counts, for somebody waits: to be run on a machine that does nothing else.
"""

import time
from collections.abc import Callable
from statistics import median

import psutil

from alexnet_viz.checkpoints import Checkpoint, best_checkpoint, load_checkpoint
from alexnet_viz.device import describe_device
from alexnet_viz.explain.image_parts import find_parts
from alexnet_viz.explain.visualise import Goal, Making
from alexnet_viz.inference import Engine
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.training.datasets.shapes import CLASSES, draw
from benchmarks.explaining import CANCELLINGS, wait_after_cancelling

PICTURES = 1000
Pause = Callable[[], None]


def main() -> None:
    checkpoint = load_checkpoint(best_checkpoint().name)
    split = draw(PICTURES, seed=1)
    print(
        f"{describe_device(checkpoint.device)}, {checkpoint.name}; load {psutil.getloadavg()[0]:.1f} before the start"
    )
    started = time.perf_counter()
    find_parts(checkpoint, split, CLASSES)
    print(f"image parts of every channel, {PICTURES:,} pictures: {time.perf_counter() - started:.1f} s (60)")
    started = time.perf_counter()
    Making(Goal("block5.relu", 64)).go_on(checkpoint, 256)
    print(f"a picture made for a channel of block 5, 256 steps: {time.perf_counter() - started:.1f} s (30)")
    cancelled(checkpoint, split)


def cancelled(checkpoint: Checkpoint, split: Split) -> None:
    """Print how long after a cancelling the engine is somebody else's."""
    engine = Engine()
    works: dict[str, Callable[[Pause], object]] = {
        "image parts": lambda pause: find_parts(checkpoint, split, CLASSES, pause=pause),
        "a picture for block 5": lambda pause: Making(Goal("block5.relu", 64)).go_on(checkpoint, 256, pause=pause),
    }
    for name, work in works.items():
        waits = sorted(wait_after_cancelling(engine, work, number) for number in range(CANCELLINGS))
        print(f"{name}, cancelled: free after {1000 * median(waits):.0f} ms, at most {1000 * waits[-1]:.0f} ms (200)")
    engine.close()


if __name__ == "__main__":
    main()
