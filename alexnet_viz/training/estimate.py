"""What a training needs (pictures, disk space, time), determined before it starts."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import torch

from alexnet_viz.architecture import table_record
from alexnet_viz.errors import DatasetError
from alexnet_viz.language import said
from alexnet_viz.model import AlexNet
from alexnet_viz.training.checkpoint_retention import disk_need
from alexnet_viz.training.datasets import CIFAR10_SAMPLE, NAMES
from alexnet_viz.training.datasets.cifar10 import CLASSES as CIFAR10_CLASSES
from alexnet_viz.training.datasets.cifar10 import data_folder, find_batches
from alexnet_viz.training.datasets.folder import inspect_folder
from alexnet_viz.training.datasets.mix import read_sources
from alexnet_viz.training.datasets.scanning import scan_folder
from alexnet_viz.training.datasets.shapes import CLASSES as SHAPES_CLASSES
from alexnet_viz.training.pace import Pace
from alexnet_viz.training.probe import PROBED_PICTURES, step_times
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.variants import VARIANTS

_ROUNDS = 4  # one of them finds the machine free, also where the page asks while its own pictures are computed
_QUICKLY_DECODED = 300  # pictures; of more, only the names are looked at before the trainer starts


def check_data(dataset: str, data: Path | None, recipe: Recipe) -> int:
    """Return the number of classes of data that can be trained on.

    Raises:
        DatasetError: No such data set, or its files are missing or unusable.
    """
    if dataset == "shapes":
        return len(SHAPES_CLASSES)
    if dataset == "cifar10":
        find_batches(data or data_folder())
        return len(CIFAR10_CLASSES)
    if dataset == "folder":
        if data is None:
            raise DatasetError("folder", "needs --data with the folder of class folders, or a zip of it")
        return folder_counts(data)[0]
    if dataset == "mix":
        sources = read_sources(data)
        counts = [check_data(source.dataset, source.data, recipe) for source in sources]
        return max(counts)
    if dataset == CIFAR10_SAMPLE:
        raise DatasetError(
            dataset, said("has test pictures only, which nothing is trained on; choose {names}", names=", ".join(NAMES))
        )
    raise DatasetError(dataset, said("is no data set; choose {names}", names=", ".join(NAMES)))


def folder_counts(data: Path) -> tuple[int, int]:
    """Return the numbers of classes and of pictures to learn from; of a zip they are remembered until it is replaced.

    Raises:
        DatasetError: It cannot be trained on.
    """
    if not data.is_file():  # the time of a folder does not tell of what lies deeper in it
        return _counts(data)
    about = data.stat()
    return _known_counts(data.resolve(), about.st_mtime_ns, about.st_size)


@lru_cache(64)
def _known_counts(data: Path, _changed: int, _size: int) -> tuple[int, int]:
    return _counts(data)


def _counts(data: Path) -> tuple[int, int]:
    scan = scan_folder(data)
    is_long = len(scan.candidates) > _QUICKLY_DECODED
    return len(scan.classes if is_long else inspect_folder(data).classes), scan.learnt_count


def disk_need_of(recipe: Recipe, class_count: int) -> int:
    """Return the most bytes that a run uses."""
    with torch.device("meta"):
        model = AlexNet(class_count, variant=recipe.variant)
    total = table_record(model)["total_params"]
    return disk_need(recipe, int(str(total)))


def probed_times(recipe: Recipe, class_count: int, device: torch.device) -> dict[str, float]:
    """Return the seconds of PROBED_PICTURES in each precision, from a probe of about two seconds on this machine."""
    return step_times(AlexNet(class_count, variant=recipe.variant), recipe, device, _ROUNDS)


def probed_pace(recipe: Recipe, times: Mapping[str, float]) -> Pace:
    """Return the pace that follows from the times of `probed_times()` for a recipe's precision."""
    seconds = times[recipe.precision] if recipe.precision in times else min(times.values())
    return Pace({recipe.small_size or VARIANTS[recipe.variant].input_size: seconds / PROBED_PICTURES})
