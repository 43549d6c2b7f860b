"""Data sets: drawn shapes, CIFAR-10, a person's own class folders, and several of these as one."""

from pathlib import Path

from alexnet_viz.errors import DatasetError
from alexnet_viz.language import said
from alexnet_viz.training.datasets.cifar10 import cifar10, data_folder
from alexnet_viz.training.datasets.cifar10_sample import NAME as CIFAR10_SAMPLE
from alexnet_viz.training.datasets.cifar10_sample import cifar10_sample
from alexnet_viz.training.datasets.dataset import Dataset, Split
from alexnet_viz.training.datasets.folder import folder_dataset
from alexnet_viz.training.datasets.mix import mix
from alexnet_viz.training.datasets.shapes import TRAIN_COUNT, shapes

__all__ = ["CIFAR10_SAMPLE", "NAMES", "Dataset", "Split", "load_dataset"]

NAMES = ("shapes", "cifar10", "folder", "mix")  # what can be trained on; the sample has test pictures alone


def load_dataset(name: str, data: Path | None, seed: int, limit: int = 0, side: int = 227) -> Dataset:
    """Return a data set.

    Args:
        name: "shapes", "cifar10", "folder", "mix" of these, or "cifar10-sample", which has test pictures only.
        data: Where its files are; unused by shapes.
        seed: Of drawing and of the held-out split.
        limit: Most training pictures; 0 for all.
        side: Of a person's pictures, pixels; that of the network, so that they are resized once.
    Raises:
        DatasetError: No such data set, or its files are missing or unusable.
    """
    if name == "shapes":
        return shapes(seed, train=min(limit or TRAIN_COUNT, TRAIN_COUNT)).limited(limit)
    if name == "cifar10":
        return cifar10(data or data_folder(), seed).limited(limit)
    if name == CIFAR10_SAMPLE:
        return cifar10_sample()
    if name == "folder" and data is not None:
        return folder_dataset(data, seed, side).limited(limit)
    if name == "folder":
        raise DatasetError("folder", "needs --data with the folder of class folders, or a zip of it")
    if name == "mix":

        def load(source: str, where: Path | None, most: int) -> Dataset:
            return load_dataset(source, where, seed, most, side)

        return mix(data, seed, side, load).limited(limit)
    raise DatasetError(name, said("is no data set; choose {names}", names=", ".join((*NAMES, CIFAR10_SAMPLE))))
