"""What a training will take, told before it starts."""

from dataclasses import dataclass
from pathlib import Path

import torch

from alexnet_viz.architecture import table_record
from alexnet_viz.errors import DatasetError
from alexnet_viz.model import AlexNet
from alexnet_viz.training.checkpoint_retention import disk_need
from alexnet_viz.training.datasets import CIFAR10_SAMPLE, NAMES
from alexnet_viz.training.datasets.cifar10 import CLASSES as CIFAR10_CLASSES
from alexnet_viz.training.datasets.cifar10 import find_batches
from alexnet_viz.training.datasets.folder import inspect_folder
from alexnet_viz.training.datasets.scanning import scan_folder
from alexnet_viz.training.datasets.shapes import CLASSES as SHAPES_CLASSES
from alexnet_viz.training.probe import PROBED_PICTURES, step_times
from alexnet_viz.training.recipe import Recipe
from alexnet_viz.training.schedule import Schedule

_ROUNDS = 4  # one of them finds the machine free, also where the page asks while its own pictures are computed
_QUICKLY_DECODED = 300  # pictures; of more, only the names are looked at before the trainer starts


def check_data(dataset: str, data: Path | None, recipe: Recipe) -> int:
    """Return the number of classes of data that can be trained on.

    Raises:
        DatasetError: No such data set, or its files are missing or unusable.
        RecipeError: The recipe does not fit the network.
    """
    if dataset == "shapes":
        return len(SHAPES_CLASSES)
    if dataset == "cifar10":
        find_batches(data or Path("data"))
        return len(CIFAR10_CLASSES)
    if dataset == "folder":
        if data is None:
            raise DatasetError("folder", "needs --data with the folder of class folders, or a zip of it")
        scan = scan_folder(data)
        return len(scan.classes if len(scan.candidates) > _QUICKLY_DECODED else inspect_folder(data).classes)
    if dataset == CIFAR10_SAMPLE:
        raise DatasetError(dataset, f"has test pictures only, which nothing is trained on; choose {', '.join(NAMES)}")
    raise DatasetError(dataset, f"is no data set; choose {', '.join(NAMES)}")


def disk_need_of(recipe: Recipe, class_count: int) -> int:
    """Return the bytes that a run takes at most."""
    with torch.device("meta"):
        model = AlexNet(class_count, variant=recipe.variant)
    total = table_record(model)["total_params"]
    return disk_need(recipe, int(str(total)))


@dataclass(frozen=True)
class Estimate:
    """What a training will take.

    Attributes:
        seconds: From the first step to the last, validation included; 0.0 where it was not measured.
        images_per_second: At the steps' own mixture of sizes.
        disk_bytes: At most.
    """

    seconds: float
    images_per_second: float
    disk_bytes: int


def estimate(recipe: Recipe, images: int, held_out: int, class_count: int, device: torch.device) -> Estimate:
    """Return what a training will take here, from a probe of about two seconds on this machine as busy as it is.

    Args:
        recipe: How.
        images, held_out: Numbers of training and of held-out pictures.
        class_count: Number of classes.
        device: Where.
    """
    model = AlexNet(class_count, variant=recipe.variant)
    times = step_times(model, recipe, device, _ROUNDS)
    precision = recipe.precision if recipe.precision in times else min(times, key=lambda key: times[key])
    full = model.variant.input_size
    schedule = Schedule(recipe, images, full)
    probed = recipe.small_size or full
    views = sum((schedule.size(step) / probed) ** 2 for step in range(schedule.steps)) * recipe.batch_size
    views += held_out * recipe.epochs / 3  # a forward pass is a third of a step
    per_image = times[precision] / PROBED_PICTURES
    seconds = views * per_image
    rate = images * recipe.epochs / seconds if seconds else 0.0
    return Estimate(seconds, rate, disk_need_of(recipe, class_count))
