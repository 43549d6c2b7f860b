"""A person's own pictures: class folders, or a zip of them, as people really make them."""

import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import torch
from torch import Tensor

from alexnet_viz.errors import DatasetError, ImageError
from alexnet_viz.images import MAX_BYTES, InputRule, read_image, seen_by_network
from alexnet_viz.training.datasets.archive import Entry, list_files
from alexnet_viz.training.datasets.dataset import Dataset, Split, channel_statistics
from alexnet_viz.training.datasets.digests import image_digest
from alexnet_viz.training.datasets.held_out import held_out_of_each_class

LEAST_PICTURES = 8
MOST_PICTURES = 20_000  # 155 kB each at 227 x 227: 3 GB
HELD_OUT_SHARE = 5  # one in so many is held out
_LONGEST_CLASS_NAME = 100
_DECODERS = 4
_SPLITS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}


@dataclass(frozen=True)
class Skipped:
    """A file that is not used, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Candidate:
    """A file that should be a picture: its class, and the split it was put into ("" where there are none)."""

    entry: Entry
    class_name: str
    split: str


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    Attributes:
        pixels: (3, S, S) uint8.
        digest: Of the picture at its own size, see `picture_digest`.
    """

    pixels: Tensor
    digest: int
    class_name: str
    split: str


@dataclass(frozen=True)
class FolderContent:
    """What can be used of a folder.

    Attributes:
        pictures: In the order of their paths.
        skipped: Files that are not used.
    """

    pictures: tuple[Picture, ...]
    skipped: tuple[Skipped, ...]

    @property
    def per_class(self) -> dict[str, int]:
        """Number of pictures of each class, classes in alphabetical order."""
        names = sorted({picture.class_name for picture in self.pictures})
        return {name: sum(picture.class_name == name for picture in self.pictures) for name in names}

    @property
    def classes(self) -> tuple[str, ...]:
        """Names in alphabetical order."""
        return tuple(self.per_class)

    @property
    def image_count(self) -> int:
        """Number of pictures."""
        return len(self.pictures)

    def to_record(self) -> dict[str, object]:
        """Return what `dataset --json` prints."""
        return {
            "classes": list(self.classes),
            "images": self.image_count,
            "per_class": self.per_class,
            "skipped": [vars(file) for file in self.skipped],
        }


def inspect_folder(data: Path, side: int = 227) -> FolderContent:
    """Return the usable pictures of class folders or of a zip of them.

    Raises:
        DatasetError: Fewer than two classes, too few pictures or too many.
    """
    candidates, skipped = scan_folder(data)
    pictures: list[Picture] = []
    seen: dict[int, str] = {}
    with ThreadPoolExecutor(_DECODERS) as pool:
        for candidate, result in zip(candidates, pool.map(lambda c: _decode(c, side), candidates), strict=True):
            name = str(candidate.entry.path)
            if isinstance(result, str):
                skipped.append(Skipped(name, result))
            elif (first := seen.setdefault(result[0], name)) != name:
                skipped.append(Skipped(name, f"is the same picture as {first}"))
            else:
                pictures.append(Picture(result[1], result[0], candidate.class_name, candidate.split))
    used = {picture.class_name for picture in pictures}
    for missing in sorted({candidate.class_name for candidate in candidates} - used):
        skipped.append(Skipped(f"{missing}/", "has no usable picture; the class is left out"))
    content = FolderContent(tuple(pictures), tuple(sorted(skipped, key=lambda file: file.file)))
    _check(data.name, len(content.classes), content.image_count, content.skipped)
    return content


def scan_folder(data: Path) -> tuple[list[Candidate], list[Skipped]]:
    """Return the files that should be pictures, and those that cannot be, without decoding any.

    Raises:
        DatasetError: Fewer than two classes, or too many pictures.
    """
    entries = list_files(data)
    skipped = [Skipped(str(entry.path), entry.refusal) for entry in entries if entry.refusal]
    usable = [entry for entry in entries if not entry.refusal]
    root = _root([entry.path for entry in usable])
    splits = _has_splits([entry.path.relative_to(root) for entry in usable])
    candidates = []
    for entry in usable:
        parts = entry.path.relative_to(root).parts
        split = _SPLITS[parts[0].lower()] if splits and parts[0].lower() in _SPLITS else ""
        if splits:
            parts = parts[1:]
        if len(parts) < 2 or (splits and not split):
            skipped.append(Skipped(str(entry.path), "lies in no class folder"))
        else:
            candidates.append(Candidate(entry, _class_name(parts[0]), split))
    if len(candidates) > MOST_PICTURES:
        raise DatasetError(data.name, f"holds {len(candidates):,} pictures, the limit is {MOST_PICTURES:,}; use a part")
    _check(data.name, len({candidate.class_name for candidate in candidates}), len(candidates), tuple(skipped))
    return candidates, skipped


def folder_dataset(data: Path, seed: int, side: int = 227) -> Dataset:
    """Return class folders as a data set.

    About a fifth of the pictures is held out, chosen by their content, unless there is a folder of validation pictures.
    A class with one picture has none held out. The seed decides the order of the pictures to learn from.

    Raises:
        DatasetError: See `inspect_folder`.
    """
    content = inspect_folder(data, side)
    classes = content.classes
    order = torch.randperm(content.image_count, generator=torch.Generator().manual_seed(seed)).tolist()
    shuffled = [content.pictures[number] for number in order]
    parts: dict[str, list[Picture]] = {"train": [], "val": [], "test": []}
    for picture in shuffled:
        parts[picture.split or "train"].append(picture)
    if not parts["val"]:
        parts["val"], parts["train"] = _hold_out(parts["train"])
    if not parts["train"] or not parts["val"]:
        raise DatasetError(data.name, "leaves nothing to learn from or to validate on; add pictures to each class")
    train, held_out = _split(parts["train"], classes), _split(_by_digest(parts["val"]), classes)
    mean, std = channel_statistics(train.images)
    test = _split(_by_digest(parts["test"]), classes) if parts["test"] else held_out
    return Dataset(data.stem, classes, train, held_out, test, mean, std)


def _hold_out(pictures: list[Picture]) -> tuple[list[Picture], list[Picture]]:
    """Return (held out, to learn from), each in its order; which is which follows from the pictures' content."""
    digests = np.array([picture.digest for picture in pictures], np.uint64)
    classes = np.array([picture.class_name for picture in pictures])
    chosen = held_out_of_each_class(digests, classes, HELD_OUT_SHARE)
    pairs = list(zip(pictures, chosen.tolist(), strict=True))
    return [picture for picture, held in pairs if held], [picture for picture, held in pairs if not held]


def _by_digest(pictures: list[Picture]) -> list[Picture]:
    """Return the pictures in an order that mixes classes and depends on nothing else."""
    return sorted(pictures, key=lambda picture: picture.digest)


def _split(pictures: list[Picture], classes: tuple[str, ...]) -> Split:
    labels = torch.tensor([classes.index(picture.class_name) for picture in pictures], dtype=torch.int64)
    digests = np.array([picture.digest for picture in pictures], np.uint64)
    return Split(torch.stack([picture.pixels for picture in pictures]), labels, digests)


def _decode(candidate: Candidate, side: int) -> tuple[int, Tensor] | str:
    """Return (digest of the picture, pixels), or why the file cannot be used."""
    name = candidate.entry.path.name
    try:
        content = candidate.entry.read()
        if len(content) > MAX_BYTES:
            return f"unpacks to more than {MAX_BYTES / 1e6:.0f} MB"
        image = read_image(content, name=name)
    except ImageError as error:
        return error.reason
    except OSError as error:
        return error.strerror or str(error)
    seen = np.asarray(seen_by_network(image, InputRule(size=side))).copy()
    return image_digest(image), torch.from_numpy(seen).permute(2, 0, 1).contiguous()


def _root(paths: list[PurePosixPath]) -> PurePosixPath:
    """Return the folder around everything: people zip the folder, not what is in it.

    It goes down as long as all files are in one folder that itself holds folders.
    """
    root = PurePosixPath()
    while True:
        inside = [path.relative_to(root).parts for path in paths]
        first = {parts[0] for parts in inside}
        if len(first) != 1 or not inside or min(map(len, inside)) < 3 or _is_split_name(next(iter(first))):
            return root
        root /= next(iter(first))


def _has_splits(paths: list[PurePosixPath]) -> bool:
    """Return whether the outer folders are train/val/test with the classes inside them."""
    deep = {path.parts[0] for path in paths if len(path.parts) > 2}
    outer = {path.parts[0] for path in paths if len(path.parts) > 1}
    return bool(outer) and deep == outer and all(_is_split_name(name) for name in outer)


def _is_split_name(name: str) -> bool:
    return name.lower() in _SPLITS


def _class_name(folder: str) -> str:
    """Return a folder's name as a class: composed Unicode, no line breaks, not too long."""
    name = unicodedata.normalize("NFC", folder).strip()
    return "".join(_printable(name))[:_LONGEST_CLASS_NAME] or "?"


def _printable(name: str) -> Iterator[str]:
    for character in name:
        yield character if character.isprintable() else "?"


def _check(name: str, class_count: int, picture_count: int, skipped: tuple[Skipped, ...]) -> None:
    more = (
        f" ({len(skipped)} files cannot be used, the first: {skipped[0].file} {skipped[0].reason})" if skipped else ""
    )
    if class_count < 2:
        found = "no class folder with pictures" if class_count == 0 else "one class"
        raise DatasetError(name, f"has {found}{more}; make one folder for each of two or more things")
    if picture_count < LEAST_PICTURES:
        raise DatasetError(name, f"has {picture_count} pictures{more}; {LEAST_PICTURES} are needed, forty are better")
