"""Several data sets as one: classes are merged by name, pictures stored at one size.

A small JSON file lists them, each with an optional limit on the pictures learnt from and held out:

    {"sources": [{"dataset": "cifar10", "data": "data", "limit": 12000}, {"dataset": "folder", "data": "photographs"}]}
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from alexnet_viz.errors import DatasetError
from alexnet_viz.strict_json import JsonError, read_json_file
from alexnet_viz.training.augmentation import resized
from alexnet_viz.training.datasets.dataset import Dataset, Split, channel_statistics

Load = Callable[[str, Path | None, int], Dataset]  # name, where its files are, most pictures to learn from

_MOST_SOURCES = 20
_EXAMPLE = '{"sources": [{"dataset": "cifar10", "data": "DIR"}, {"dataset": "folder", "data": "DIR"}]}'
_RESIZED = 256  # pictures at a time


@dataclass(frozen=True)
class Source:
    """One data set of a mix.

    Attributes:
        dataset: Its kind.
        data: Where its files are, where it has any.
        limit: Most of its pictures to learn from; 0 for all.
    """

    dataset: str
    data: Path | None
    limit: int


class _Listed(msgspec.Struct):
    """One of a file's sources, as it may stand there."""

    dataset: str
    data: str | None = None
    limit: int = 0


class _Mix(msgspec.Struct):
    """What a mix's file may hold."""

    sources: list[_Listed]


def read_sources(path: Path | None) -> tuple[Source, ...]:
    """Return what a mix consists of; relative folders are meant from the file on.

    Raises:
        DatasetError: There is no such file, or it does not say what a mix consists of.
    """
    if path is None:
        raise DatasetError("mix", f"needs --data with a JSON file that names its data sets: {_EXAMPLE}")
    try:
        listed = read_json_file(path, _Mix)["sources"]
    except (JsonError, FileNotFoundError) as error:
        raise DatasetError(path.name, f"is not a list of data sets ({error}); write {_EXAMPLE}") from error
    sources = tuple(
        Source(each["dataset"], path.parent / each["data"] if each.get("data") else None, each.get("limit", 0))
        for each in listed
    )
    if not 0 < len(sources) <= _MOST_SOURCES or any(each.limit < 0 for each in sources):
        raise DatasetError(path.name, f"names {len(sources)} data sets; give 1 to {_MOST_SOURCES}: {_EXAMPLE}")
    if any(each.dataset == "mix" for each in sources):
        raise DatasetError(path.name, "names a mix as part of a mix; name the data sets themselves")
    return sources


def mix(path: Path | None, seed: int, side: int, load: Load) -> Dataset:
    """Return several data sets as one, in an order drawn by the seed.

    What is held out in one of them and learnt from in another is only held out. A picture takes 3 x side x side bytes
    of memory, 0.15 MB at 227.

    Args:
        path: The file that says which.
        seed: Of the order of the pictures to learn from.
        side: Of the stored pictures, pixels; that of the network.
        load: Returns one of them.
    Raises:
        DatasetError: See `read_sources`, or what one of them says.
    """
    sources = read_sources(path)
    parts = [load(source.dataset, source.data, source.limit) for source in sources]
    classes = all_classes(part.classes for part in parts)
    train = together([(part.classes, part.train) for part in parts], classes, side)
    held_out = together([(part.classes, part.held_out) for part in parts], classes, side)
    allowed = np.flatnonzero(~np.isin(train.digests, held_out.digests))
    order = torch.randperm(len(allowed), generator=torch.Generator().manual_seed(seed)).numpy()
    train = train.chosen(torch.from_numpy(allowed[order]))
    held_out = held_out.chosen(mixed_order(held_out.digests))
    mean, std = channel_statistics(train.images)
    notes = tuple(note for part in parts for note in part.notes)
    return Dataset(path.stem if path else "mix", classes, train, held_out, held_out, mean, std, notes)


def mixed_order(digests: NDArray[np.uint64]) -> Tensor:
    """Return an order of pictures, (N,) int64, that mixes sources and classes and depends on nothing but the pictures.

    By the lower half of their digests: the upper half decides what is held out, so that by the whole digest what a
    large data set holds out would stand before a folder of validation pictures.
    """
    return torch.from_numpy((digests & np.uint64(0xFFFFFFFF)).argsort(kind="stable"))


def all_classes(each: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the classes of several data sets, each name once, sorted."""
    return tuple(sorted({name for names in each for name in names}))


def together(parts: Sequence[tuple[tuple[str, ...], Split]], classes: tuple[str, ...], side: int) -> Split:
    """Return the pictures of several splits at one size, their labels by the names of all classes.

    Args:
        parts: Each split with the names of its labels.
        classes: All names.
        side: Of the result, pixels.
    """
    # Room for all is taken once: there may be gigabytes.
    images = torch.empty((sum(len(split) for _, split in parts), 3, side, side), dtype=torch.uint8)
    labels, filled = [], 0
    for names, split in parts:
        for first in range(0, len(split), _RESIZED):
            few = split.images[first : first + _RESIZED]
            images[filled : filled + len(few)] = _at_side(few, side)
            filled += len(few)
        labels.append(torch.tensor([classes.index(name) for name in names])[split.labels])
    return Split(images, torch.cat(labels), np.concatenate([split.digests for _, split in parts]))


def _at_side(images: Tensor, side: int) -> Tensor:
    return images if images.shape[-1] == side else resized(images.float(), side).round().clamp(0, 255).byte()
