"""What a training will take, told before it starts."""

from pathlib import Path

from alexnet_viz.architecture import table_record
from alexnet_viz.errors import DatasetError
from alexnet_viz.model import AlexNet
from alexnet_viz.training.datasets import NAMES
from alexnet_viz.training.datasets.cifar10 import CLASSES as CIFAR10_CLASSES
from alexnet_viz.training.datasets.cifar10 import find_batches
from alexnet_viz.training.datasets.folder import inspect_folder, scan_folder
from alexnet_viz.training.datasets.shapes import CLASSES as SHAPES_CLASSES
from alexnet_viz.training.keeping import disk_need
from alexnet_viz.training.recipe import Recipe

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
        candidates, _ = scan_folder(data)
        if len(candidates) <= _QUICKLY_DECODED:
            return len(inspect_folder(data).classes)
        return len({candidate.class_name for candidate in candidates})
    raise DatasetError(dataset, f"is no data set; choose {', '.join(NAMES)}")


def disk_need_of(recipe: Recipe, class_count: int) -> int:
    """Return the bytes that a run takes at most."""
    import torch

    with torch.device("meta"):
        model = AlexNet(class_count, variant=recipe.variant)
    total = table_record(model)["total_params"]
    return disk_need(recipe, int(str(total)))
