"""Labelled pictures to measure trained networks on; `training.unseen` leaves out those they learnt from."""

from dataclasses import dataclass
from pathlib import Path

from alexnet_viz.errors import DatasetError
from alexnet_viz.images import Fit
from alexnet_viz.language import said
from alexnet_viz.training.datasets.cifar10 import CLASSES as CIFAR10_CLASSES
from alexnet_viz.training.datasets.cifar10 import data_folder, test_pictures
from alexnet_viz.training.datasets.cifar10_sample import NAME as CIFAR10_SAMPLE
from alexnet_viz.training.datasets.cifar10_sample import sample_pictures
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.training.datasets.folder import folder_pictures
from alexnet_viz.training.datasets.gallery_parts import CLASSES as GALLERY_CLASSES
from alexnet_viz.training.datasets.gallery_parts import NAME as GALLERY
from alexnet_viz.training.datasets.gallery_parts import gallery_parts
from alexnet_viz.training.datasets.mix import all_classes, mixed_order, read_sources, together
from alexnet_viz.training.datasets.shapes import CLASSES as SHAPES_CLASSES
from alexnet_viz.training.datasets.shapes import unlearnt_drawings

OF_ANY_SIZE = ("folder", "mix")  # whose pictures are fitted to a network; all others are stored at their own size
NAMES = ("shapes", "cifar10", "folder", "mix", CIFAR10_SAMPLE, GALLERY)


@dataclass(frozen=True)
class LabelledPictures:
    """Pictures of a data set to measure on.

    Attributes:
        name: Of the data set.
        classes: Names of the labels.
        split: The data set's own test pictures; of class folders without any, those to validate on, else all.
        notes: What a person should know of it, sentences: what was assumed, and what is not used.
        files: Of class folders, each picture's, relative to them; else none.
    """

    name: str
    classes: tuple[str, ...]
    split: Split
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def file_of(self, number: int) -> dict[str, str]:
        """Return {"file"} of a picture for JSON; {} where the pictures have no files of their own."""
        return {"file": self.files[number]} if self.files else {}


def labelled_pictures(name: str, data: Path | None, side: int = 227, fit: Fit = "crop") -> LabelledPictures:
    """Return the pictures of a data set that finished networks are measured on.

    Args:
        name: One of `NAMES`.
        data: Where its files are, where it has any.
        side, fit: Of a person's pictures, pixels, and how one becomes a square; see `InputRule.stored`.
    Raises:
        DatasetError: No such data set, or its files are missing or unusable.
    """
    if name == "shapes":
        return LabelledPictures(name, SHAPES_CLASSES, unlearnt_drawings())
    if name == "cifar10":
        return LabelledPictures(name, CIFAR10_CLASSES, test_pictures(data or data_folder()))
    if name == CIFAR10_SAMPLE:
        return LabelledPictures(name, CIFAR10_CLASSES, sample_pictures())
    if name == GALLERY:
        return LabelledPictures(name, GALLERY_CLASSES, gallery_parts())
    if name == "mix":
        return _mix(data, side, fit)
    if name != "folder":
        raise DatasetError(name, said("is no data set; choose {names}", names=", ".join(NAMES)))
    if data is None:
        raise DatasetError("folder", "needs --data with the folder of class folders, or a zip of it")
    return LabelledPictures(data.stem, *folder_pictures(data, side, fit=fit))


def _mix(data: Path | None, side: int, fit: Fit) -> LabelledPictures:
    """Return what each data set of a mix is measured on, in the order of their digests: the first are of all."""
    parts = [labelled_pictures(source.dataset, source.data, side, fit) for source in read_sources(data)]
    classes = all_classes(part.classes for part in parts)
    split = together([(part.classes, part.split) for part in parts], classes, side)
    notes = tuple(note for part in parts for note in part.notes)
    return LabelledPictures("mix", classes, split.chosen(mixed_order(split.digests)), notes)
