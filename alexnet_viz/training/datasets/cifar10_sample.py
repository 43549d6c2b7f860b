"""A sample of CIFAR-10's test pictures (A. Krizhevsky, 2009) that ships with the app: 500, fifty of each class."""

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from alexnet_viz.training.datasets.cifar10 import CLASSES, MEAN, STD
from alexnet_viz.training.datasets.dataset import Dataset, Split

NAME = "cifar10-sample"
_FOLDER = Path(__file__).parent / "samples"
PICTURES, ABOUT = _FOLDER / "cifar10.png", _FOLDER / "cifar10.json"
_SIDE = 32


def cifar10_sample() -> Dataset:
    """Return the sample as a data set that has only test pictures, in the order of CIFAR-10's test batch."""
    split, none = sample_pictures(), torch.empty(0, dtype=torch.int64)
    return Dataset(NAME, CLASSES, split.chosen(none), split.chosen(none), split, MEAN, STD)


def sample_pictures() -> Split:
    """Return the pictures, (500, 3, 32, 32), with their labels."""
    labels = json.loads(ABOUT.read_text("utf-8"))["labels"]
    with Image.open(PICTURES) as mosaic:
        pixels = np.asarray(mosaic.convert("RGB"))
    rows, columns = pixels.shape[0] // _SIDE, pixels.shape[1] // _SIDE
    tiles = pixels.reshape(rows, _SIDE, columns, _SIDE, 3).transpose(0, 2, 4, 1, 3).reshape(-1, 3, _SIDE, _SIDE)
    numbers = torch.tensor([int(label) for label in labels], dtype=torch.int64)
    return Split.of_stored(torch.from_numpy(tiles.copy()), numbers)
