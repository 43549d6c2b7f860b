"""Make the sample of CIFAR-10's test pictures that comes with the app.

    python -m tools.cifar10_sample DATA

DATA holds `cifar-10-batches-py`. The first fifty pictures of each class, in the order of the test batch, are
written into one PNG, 25 in a row, without any change of pixels.
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

from PIL import Image

from alexnet_viz.training.datasets.cifar10 import CLASSES, TEST_FILE, test_pictures
from alexnet_viz.training.datasets.cifar10_sample import ABOUT, PICTURES

OF_EACH_CLASS, IN_A_ROW = 50, 25


def first_of_each(labels: list[int], count: int) -> list[int]:
    """Return the places of the first `count` of each label, in order."""
    seen: Counter[int] = Counter()
    places = []
    for place, label in enumerate(labels):
        seen[label] += 1
        if seen[label] <= count:
            places.append(place)
    return places


def main() -> None:
    """Write the mosaic and what belongs to it."""
    split = test_pictures(Path(sys.argv[1]))
    places = first_of_each(split.labels.tolist(), OF_EACH_CLASS)
    tiles = split.images[places].permute(0, 2, 3, 1).numpy()
    side = tiles.shape[1]
    mosaic = tiles.reshape(-1, IN_A_ROW, side, side, 3).transpose(0, 2, 1, 3, 4).reshape(-1, IN_A_ROW * side, 3)
    Image.fromarray(mosaic).save(PICTURES, optimize=True)
    about = {
        "source": f"CIFAR-10, {TEST_FILE}: the first {OF_EACH_CLASS} pictures of each class, in its order",
        "author": "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
        "address": "https://www.cs.toronto.edu/~kriz/cifar.html",
        "licence": "Published for research without a licence text; its authors ask that the report above be cited.",
        "classes": " ".join(CLASSES),
        "labels": "".join(str(int(split.labels[place])) for place in places),
        "places": " ".join(map(str, places)),
        "sha256_of_pixels": hashlib.sha256(tiles.tobytes()).hexdigest(),
    }
    ABOUT.write_text(json.dumps(about, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
