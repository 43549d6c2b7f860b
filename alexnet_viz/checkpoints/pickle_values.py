"""The values that the pickle interpreter builds: storages, tensor shapes, and a placeholder for the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from alexnet_viz.checkpoints.metadata import shorten
from alexnet_viz.checkpoints.shapes import StoredTensor
from alexnet_viz.language import said

_MOST_ELEMENTS = 2**40  # along a side or from one to the next; the largest file holds 10^9 bytes
_OTHER_TENSORS = re.compile(r"torch\._(?:utils|tensor)\._rebuild_|torch\.(?:qu?int[0-9]|per_)|torch\.distributed\.")
STORAGES = {
    "DoubleStorage": ("float64", 8),
    "FloatStorage": ("float32", 4),
    "HalfStorage": ("float16", 2),
    "BFloat16Storage": ("bfloat16", 2),
    "LongStorage": ("int64", 8),
    "IntStorage": ("int32", 4),
    "ShortStorage": ("int16", 2),
    "CharStorage": ("int8", 1),
    "ByteStorage": ("uint8", 1),
    "BoolStorage": ("bool", 1),
    "ComplexFloatStorage": ("complex64", 8),
    "ComplexDoubleStorage": ("complex128", 16),
}


class Place(NamedTuple):
    """Where a tensor's numbers lie: in which record of the file, and how, in elements."""

    record: str
    offset: int
    strides: tuple[int, ...]


class Record(NamedTuple):
    """Numbers as they lie in a file: from which byte on, None in an archive, which knows it, and how many bytes."""

    start: int | None
    size: int


class RefusedError(Exception):
    """The rest of a sentence that begins with the file's name."""


class Global(NamedTuple):
    """A name that stands for itself until it is called."""

    name: str


class Storage(NamedTuple):
    """Numbers that tensors lie in, as a program describes them."""

    dtype: str
    item_size: int
    length: int
    record: str

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return self.length * self.item_size


class HeldTensor(NamedTuple):
    """A tensor as a program builds it."""

    stored: StoredTensor
    place: Place


class PassedOver:
    """Stands for what is neither a tensor nor a container: a count of scores, a size, a path. Nothing is made of it."""

    def __init__(self, name: str = "") -> None:
        self.name = name


PLAIN = (bool, int, float, str, PassedOver, type(None))  # what is no tensor and holds none


def more_than_tensors(name: str) -> str:
    """Return why what has a name of Python's is not opened."""
    return said(
        "holds more than plain tensors ({name}), and opening that could run code; save model.state_dict() alone",
        name=shorten(name),
    )


def other_tensors(name: str) -> str:
    """Return why what has a name of PyTorch's for tensors of another kind is not opened; "" for other names."""
    if not _OTHER_TENSORS.match(name):
        return ""
    return said(
        "holds quantised, sparse or other tensors ({name}) than are read here; save the network's state_dict() as it "
        "was before, in float32",
        name=shorten(name),
    )


def expect(value: object, kind: type[Any]) -> Any:
    """Return a value that is of exactly this kind, or raise TypeError."""
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} in place of {kind.__name__}")
    return value


def _rebuild_tensor(storage: object, offset: object, shape: object, strides: object, *rest: object) -> HeldTensor:
    """Return a tensor's shape and place, if every element of it lies in its storage."""
    dtype, _item_size, length, record = expect(storage, Storage)
    first, sides, steps = expect(offset, int), expect(shape, tuple), expect(strides, tuple)
    numbers = [expect(number, int) for number in (first, *sides, *steps)]
    if min(numbers) < 0 or len(rest) > 3 or any(rest[2:]):
        raise RefusedError(said("holds tensors of a kind that AlexNet does not use; save model.state_dict() alone"))
    if max(numbers) > _MOST_ELEMENTS:  # steps of 0 would let any side fit, and a pickle's numbers have no end
        raise RefusedError(said("is damaged: it describes numbers that it does not hold"))
    last = first + sum((side - 1) * step for side, step in zip(sides, steps, strict=True))
    if 0 not in sides and last >= length:
        raise RefusedError(said("is damaged: it describes numbers that it does not hold"))
    return HeldTensor(StoredTensor(sides, dtype), Place(record, first, steps))


def _rebuild_parameter(tensor: object, *_: object) -> HeldTensor:
    return HeldTensor(*expect(tensor, HeldTensor))


def _empty_dictionary() -> dict[object, object]:
    return {}


CALLABLES: dict[str, Callable[..., object]] = {
    "collections.OrderedDict": _empty_dictionary,
    "torch._utils._rebuild_tensor": _rebuild_tensor,  # before PyTorch 0.4
    "torch._utils._rebuild_tensor_v2": _rebuild_tensor,
    "torch._utils._rebuild_parameter": _rebuild_parameter,
}
