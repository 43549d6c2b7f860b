"""The test pictures that networks can be compared on, in memory once for all browsers."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace

from cachetools import LRUCache
from PIL import Image

from alexnet_viz.errors import AlexNetVizError, ComparisonError
from alexnet_viz.images import Fit, InputRule
from alexnet_viz.language import said
from alexnet_viz.training.datasets.cifar10 import CLASSES as CIFAR10_CLASSES
from alexnet_viz.training.datasets.cifar10 import data_folder, find_batches
from alexnet_viz.training.datasets.cifar10_sample import NAME as CIFAR10_SAMPLE
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.training.datasets.folder import folder_pictures
from alexnet_viz.training.datasets.gallery_parts import CLASSES as GALLERY_CLASSES
from alexnet_viz.training.datasets.gallery_parts import NAME as GALLERY
from alexnet_viz.training.datasets.labelled import labelled_pictures
from alexnet_viz.training.datasets.shapes import CLASSES as SHAPES_CLASSES
from alexnet_viz.training.datasets.shapes import TEST_COUNT
from alexnet_viz.ui.train.uploads import uploaded_pictures

_MOST_BYTES = 200_000_000  # of pictures in memory; all of CIFAR-10's are 31 MB
_OWN = "folder-"  # and the name of the upload
OWN_PICTURES = said("your own pictures")


@dataclass(frozen=True)
class TestPictures:
    """Pictures to compare on; those that A or B learnt from are left out then.

    Attributes:
        name: "cifar10", "cifar10-sample", "shapes", "gallery", or "folder-…" of a person's own.
        title: What they are, behind their number: said("CIFAR-10 test pictures").
        classes: Of the labels.
        split: All of them.
        notes: What a person should know of them, sentences.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    split: Split
    notes: tuple[str, ...] = ()
    _parts: dict[int, TestPictures] = field(default_factory=dict, compare=False)

    def first(self, count: int) -> TestPictures:
        """Return the first `count`, all where there are fewer or `count` is 0; they share the memory of all."""
        if count == 0 or count >= len(self.split):
            return self
        return self._parts.setdefault(count, replace(self, split=self.split.first(count), _parts={}))

    def png(self, index: int) -> bytes:
        """Return one picture; raises ComparisonError."""
        if not 0 <= index < len(self.split):
            raise ComparisonError(
                said(
                    "there is no picture {index}; {name} has {n}",
                    index=str(index),
                    name=self.name,
                    n=str(len(self.split)),
                )
            )
        stream = io.BytesIO()
        Image.fromarray(self.split.images[index].permute(1, 2, 0).cpu().numpy()).save(stream, "PNG")
        return stream.getvalue()


@dataclass(frozen=True)
class Listed:
    """A data set in the list: name, title as of `TestPictures`, classes of the labels, number of pictures."""

    name: str
    title: str
    classes: tuple[str, ...]
    image_count: int


_CIFAR10 = Listed("cifar10", said("CIFAR-10 test pictures"), CIFAR10_CLASSES, 10_000)
_SAMPLE = Listed(CIFAR10_SAMPLE, said("CIFAR-10 test pictures"), CIFAR10_CLASSES, 500)
_GALLERY = Listed(GALLERY, said("squares of the gallery's photos"), GALLERY_CLASSES, 0)  # counted when they are cut
_SHAPES = Listed("shapes", said("drawn shapes"), SHAPES_CLASSES, TEST_COUNT)


class DataSets:
    """All data sets of the process; the last used ones stay in memory, up to a number of bytes."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._lock = threading.Lock()  # held for bookkeeping only, never while loading
        self._pending: dict[str, Future[TestPictures]] = {}
        self._kept: LRUCache[str, TestPictures] = LRUCache(
            most_bytes, getsizeof=lambda found: min(most_bytes, found.split.images.nbytes)
        )

    def whole(self, name: str, side: int = InputRule().size, fit: Fit = "crop") -> TestPictures:
        """Return all pictures of a data set.

        Args:
            name: Of the set.
            side, fit: Of a person's own pictures, pixels, and how one becomes a square; see `InputRule.stored`.
        Raises:
            ComparisonError: There is no such data set.
            DatasetError: Its files are damaged.
        """
        key = name
        if name.startswith(_OWN):  # of the person's who is asking: the same name may be another's other pictures
            key = f"{uploaded_pictures(name.removeprefix(_OWN))} {side} {fit}"
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                return found
            own: Future[TestPictures] = Future()
            first = self._pending.setdefault(key, own)
        if first is own:
            self._load_for_all(key, own, lambda: _load(name, side, fit))
        return first.result()

    def _load_for_all(self, key: str, answer: Future[TestPictures], load: Callable[[], TestPictures]) -> None:
        """Load a set once for all requests for it; requests for other sets do not wait."""
        try:
            found = load()
        except BaseException as error:  # noqa: BLE001 (whatever it is, those who wait must hear of it)
            with self._lock:
                del self._pending[key]
            answer.set_exception(error)
        else:
            with self._lock:
                self._kept[key] = found
                del self._pending[key]
            answer.set_result(found)

    def listed(self, own: str = "") -> list[Listed]:
        """Return the available data sets, all of CIFAR-10 first; no shipped data are read.

        Args:
            own: Name of a person's own pictures, "folder-…"; left out where they are no longer here.
        """
        found = [_CIFAR10] if _has_cifar10() else []
        found += [_SAMPLE, _SHAPES]
        if own.startswith(_OWN):
            with suppress(AlexNetVizError):
                pictures = self.whole(own)
                found.append(Listed(own, pictures.title, pictures.classes, len(pictures.split)))
        return found

    def to_look_through(self, own: str) -> list[Listed]:
        """Return the sets for a single network, the gallery first; see `listed`."""
        return [_GALLERY, *self.listed(own)]


def _has_cifar10() -> bool:
    try:
        find_batches(data_folder())
    except AlexNetVizError:
        return False
    return True


def _load(name: str, side: int, fit: Fit) -> TestPictures:
    for each in (_GALLERY, _SHAPES, _SAMPLE, _CIFAR10):
        if name == each.name:
            return TestPictures(name, each.title, each.classes, labelled_pictures(name, None).split)
    if name.startswith(_OWN):
        sent = uploaded_pictures(name.removeprefix(_OWN))
        return TestPictures(name, OWN_PICTURES, *folder_pictures(sent, side, fit=fit, name=OWN_PICTURES)[:3])
    raise ComparisonError(
        said(
            "'{name}' is no data set; choose {first}, {second} or {third}",
            name=name[:40],
            first=_SAMPLE.name,
            second=_SHAPES.name,
            third=_CIFAR10.name,
        )
    )
