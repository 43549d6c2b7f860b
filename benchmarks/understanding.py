"""How long one pass for the image parts of every channel takes, on drawn shapes.

PYTHONPATH=. python benchmarks/understanding.py
"""

import time

from alexnet_viz.checkpoints import best_checkpoint, load_checkpoint
from alexnet_viz.device import describe_device
from alexnet_viz.explain.image_parts import find_parts
from alexnet_viz.training.datasets.shapes import CLASSES, draw

PICTURES = 1000


def main() -> None:
    checkpoint = load_checkpoint(best_checkpoint().name)
    split = draw(PICTURES, seed=1)
    print(f"{describe_device(checkpoint.device)}, {checkpoint.name}")
    started = time.perf_counter()
    find_parts(checkpoint, split, CLASSES)
    print(f"image parts of every channel, {PICTURES:,} pictures: {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
