"""A person's own pictures: class folders, or a zip of them, as people really make them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import torch
from torch import Tensor

from alexnet_viz.errors import DatasetError
from alexnet_viz.images import Fit
from alexnet_viz.language import counted, said, some_of
from alexnet_viz.number_words import gigabytes_beyond
from alexnet_viz.training.datasets.archive import opened
from alexnet_viz.training.datasets.dataset import Dataset, Split, channel_statistics
from alexnet_viz.training.datasets.folder_content import HELD_OUT_OF_EACH, FolderContent, Picture
from alexnet_viz.training.datasets.folder_tree import listed
from alexnet_viz.training.datasets.held_out import held_out_of_each_class
from alexnet_viz.training.datasets.picture_files import Skipped
from alexnet_viz.training.datasets.reading import Check, decode_all, keep_on
from alexnet_viz.training.datasets.scanning import (
    Scan,
    check_classes,
    check_splits,
    scan_listing,
    tell_empty_classes,
    with_first_skipped,
)

LEAST_PICTURES = 8
_MOST_BYTES = 4_000_000_000  # of decoded pictures: 20,000 of 256 × 256
HELD_OUT_SHARE = 5  # one in so many is held out
_RANK = {"": 0, "train": 0, "val": 1, "test": 2}  # of the same picture, the copy of the highest stays


def inspect_folder(data: Path, check: Check = keep_on, *, is_learnt: bool = True) -> FolderContent:
    """Return the usable pictures of class folders, or of a zip of them.

    Args:
        data: The folder or the zip.
        check: Called before each file; what it raises ends the reading.
        is_learnt: Whether a training is to take them; else they are shown to finished networks, as `folder_pictures`.
    Raises:
        DatasetError: It cannot be used for that; the message says why.
    """
    content, _ = read_folder(data, None, check)
    (check_trainable if is_learnt else _check_measurable)(data.name, content)
    return content


def folder_dataset(data: Path, seed: int, side: int = 227, check: Check = keep_on) -> Dataset:
    """Return class folders as a data set.

    About a fifth of the pictures is held out, chosen by their content, unless there is a folder of validation or test
    pictures. A class with one picture has none held out. The seed decides the order of the pictures to learn from.

    Args:
        data: The folder or the zip.
        seed: Of the order of the pictures to learn from.
        side: Of the square pictures, pixels; that of the network, so that they are resized once.
        check: Called before each file; what it raises ends the reading.
    Raises:
        DatasetError: See `inspect_folder`.
    """
    content, pixels = read_folder(data, side, check)
    check_trainable(data.name, content)
    order = torch.randperm(content.image_count, generator=torch.Generator().manual_seed(seed)).tolist()
    pictures = _by_digest(content.pictures)  # so that their files' names change nothing
    learnt, held, tested = _parts([pictures[number] for number in order])
    train, held_out = _split(learnt, content.classes, pixels), _split(_by_digest(held), content.classes, pixels)
    mean, std = channel_statistics(train.images)
    test = _split(_by_digest(tested), content.classes, pixels) if tested else held_out
    return Dataset(data.stem, content.classes, train, held_out, test, mean, std, content.told(data.name))


def folder_pictures(
    data: Path, side: int = 227, check: Check = keep_on, fit: Fit = "crop", name: str = ""
) -> tuple[tuple[str, ...], Split, tuple[str, ...], tuple[str, ...]]:
    """Return classes, pictures to measure a finished network on, what a person should know of them, and their files.

    The pictures are those to test on, else to validate on, else all, in the order of their digests, so that the first
    ones are of all classes.

    Args:
        data: The folder or the zip.
        side, fit: Of the square pictures, pixels, and how one becomes a square; see `InputRule.stored`.
        check: Called before each file; what it raises ends the reading.
        name: What the data are called in the sentences; the file's own name where it is "".
    Raises:
        DatasetError: There is no usable picture; other than for a training, one of one class is enough.
    """
    content, pixels = read_folder(data, side, check, fit)
    _check_measurable(data.name, content)
    classes = tuple(sorted({picture.class_name for picture in content.measured}))
    measured = _by_digest(content.measured)
    files = tuple(str(picture.path) for picture in measured)
    return classes, _split(measured, classes, pixels), content.told_measured(name or data.name), files


def _check_measurable(name: str, content: FolderContent) -> None:
    if not content.pictures:
        needed = said("has no class folder with pictures; make one")
        raise DatasetError(name, with_first_skipped(needed, content.skipped))


def check_trainable(name: str, content: FolderContent) -> None:
    """Raise DatasetError where there is too little to learn from or nothing to validate on."""
    learnt, held_out, _ = _parts(content.pictures)
    check_splits(name, content.splits)
    check_classes(name, len(content.classes), content.skipped)
    if content.image_count < LEAST_PICTURES:
        needed = counted(
            "has {n} picture; {least} are needed, forty are better",
            "has {n} pictures; {least} are needed, forty are better",
            content.image_count,
            least=LEAST_PICTURES,
        )
        raise DatasetError(name, with_first_skipped(needed, content.skipped))
    if content.splits and not learnt:
        _refuse_nothing_learnt(name, content)
    if not learnt or not held_out:
        raise DatasetError(
            name, said("has one picture of each class, so none can be held out; add pictures to each class")
        )


def _refuse_nothing_learnt(name: str, content: FolderContent) -> None:
    """Raise DatasetError for folders to learn from of which no picture is left, as where they are all in test/, too."""
    folders = content.splits.get("train", ())
    skipped = [each for each in content.skipped if {*PurePosixPath(each.file).parents} & {*folders}]
    needed = counted(
        "has nothing to learn from: no picture in {folders} can be used; put others into it",
        "has nothing to learn from: no picture in {folders} can be used; put others into them",
        len(folders),
        folders=listed([f"{folder}/" for folder in folders]),
    )
    raise DatasetError(name, with_first_skipped(needed, skipped))


# ---------------------------------------------------------------- reading


def read_folder(
    data: Path, side: int | None, check: Check = keep_on, fit: Fit = "crop"
) -> tuple[FolderContent, dict[PurePosixPath, Tensor]]:
    """Return what can be used of a folder or a zip, whatever for, and the pixels by path, (3, S, S) uint8.

    Args:
        data: The folder or the zip.
        side: Of the pixels; None to keep none.
        check: Called before each file; what it raises ends the reading.
        fit: How a picture becomes a square.
    Raises:
        DatasetError: It is neither, or holds too many pictures, or splits without class folders.
    """
    pixels: dict[PurePosixPath, Tensor] = {}
    found: list[Picture] = []
    is_folder = data.is_dir()
    with opened(data) as listing:
        scan = scan_listing(data.name, listing)
        if side is not None:
            _check_memory(data.name, len(scan.candidates), side)
        results = decode_all((candidate.entry for candidate in scan.candidates), side, check, fit)
        for candidate, result in zip(scan.candidates, results, strict=True):
            path = candidate.entry.path
            if isinstance(result, str):
                if is_folder and not data.is_dir():
                    raise DatasetError(data.name, said("vanished while it was read; put it back and give it again"))
                scan.skipped.append(Skipped(str(path), result))
                continue
            found.append(Picture(path, candidate.class_name, candidate.use, result.digest))
            if result.pixels is not None:
                pixels[path] = result.pixels
    return _settled(scan, found), pixels


def _check_memory(name: str, count: int, side: int) -> None:
    needed = count * 3 * side**2
    if needed > _MOST_BYTES:
        raise DatasetError(
            name,
            said(
                "holds {n} pictures, which need {needed} GB at {side} × {side} pixels; "
                "the limit is {most} GB: use a part",
                n=count,
                needed=gigabytes_beyond(needed),
                side=side,
                most=_MOST_BYTES // 1_000_000_000,
            ),
        )


def _settled(scan: Scan, found: list[Picture]) -> FolderContent:
    """Return the content, each picture once, and no class of which nothing can be learnt."""
    kept = _each_once(scan, found)
    learnt = {picture.class_name for picture in kept if picture.is_learnt}
    used = []
    for picture in kept:
        if learnt and picture.class_name not in learnt:
            reason = said("belongs to {name}, of which none can be learnt from", name=picture.class_name)
            scan.skipped.append(Skipped(str(picture.path), reason))
        else:
            used.append(picture)
    tell_empty_classes(scan, used)
    _tell_split(scan, used)
    skipped = sorted(scan.skipped, key=lambda file: file.file)
    splits = dict(sorted(scan.splits.items(), key=lambda each: _RANK[each[0]]))
    return FolderContent(tuple(used), tuple(skipped), splits, tuple(scan.left_out), tuple(scan.notes))


def _each_once(scan: Scan, found: list[Picture]) -> list[Picture]:
    """Return the pictures without repetitions: those in two classes go, and what is held out stays out of training."""
    copies: dict[int, list[Picture]] = defaultdict(list)
    for picture in found:
        copies[picture.digest].append(picture)
    kept = set()
    for same in copies.values():
        if len({picture.class_name for picture in same}) == 1:
            first = max(same, key=lambda picture: _RANK[picture.use])  # the first of the highest
            kept.add(first.path)
            scan.skipped += [_copy(picture, first) for picture in same if picture is not first]
        else:
            scan.skipped += [_in_two_classes(picture, same) for picture in same]
    return [picture for picture in found if picture.path in kept]


def _copy(picture: Picture, first: Picture) -> Skipped:
    reason = said("is the same picture as {other}", other=first.path)
    if picture.is_learnt and not first.is_learnt:
        reason = said("is the same picture as {other}, which must not be learnt from", other=first.path)
    return Skipped(str(picture.path), reason)


def _in_two_classes(picture: Picture, same: list[Picture]) -> Skipped:
    other = next(each for each in same if each.class_name != picture.class_name)
    reason = said("is the same picture as {other}, of another class; neither is taken", other=other.path)
    return Skipped(str(picture.path), reason)


def _tell_split(scan: Scan, used: list[Picture]) -> None:
    uses = {picture.use for picture in used}
    if uses <= {"", "train"}:
        scan.notes.append(HELD_OUT_OF_EACH)
        return
    for use, folders in scan.splits.items():
        missing = {each.class_name for each in used} - {each.class_name for each in used if each.use == use}
        if missing and use in uses and use != "train":
            note = counted(
                "{folders} has no picture of {names}.",
                "{folders} have no picture of {names}.",
                len(folders),
                folders=listed([f"{folder}/" for folder in folders]),
                names=some_of(sorted(missing)),
            )
            scan.notes.append(note)


# ---------------------------------------------------------------- dividing


def _parts(pictures: Sequence[Picture]) -> tuple[list[Picture], list[Picture], list[Picture]]:
    """Return (to learn from, held out, to test on); where there is one split beside the first, it is held out."""
    learnt = [picture for picture in pictures if picture.is_learnt]
    held_out = [picture for picture in pictures if picture.use == "val"]
    tested = [picture for picture in pictures if picture.use == "test"]
    if not held_out:
        held_out, tested = tested, []
    if not held_out:
        held_out, learnt = _hold_out(learnt)
    return learnt, held_out, tested


def _hold_out(pictures: list[Picture]) -> tuple[list[Picture], list[Picture]]:
    """Return (held out, to learn from), each in its order; which is which follows from the pictures' content."""
    digests = np.array([picture.digest for picture in pictures], np.uint64)
    classes = np.array([picture.class_name for picture in pictures])
    chosen = held_out_of_each_class(digests, classes, HELD_OUT_SHARE)
    pairs = list(zip(pictures, chosen.tolist(), strict=True))
    return [picture for picture, held in pairs if held], [picture for picture, held in pairs if not held]


def _by_digest(pictures: Iterable[Picture]) -> list[Picture]:
    """Return the pictures in an order that mixes classes and depends on nothing else."""
    return sorted(pictures, key=lambda picture: picture.digest)


def _split(pictures: list[Picture], classes: tuple[str, ...], pixels: Mapping[PurePosixPath, Tensor]) -> Split:
    numbers = {name: number for number, name in enumerate(classes)}
    labels = torch.tensor([numbers[picture.class_name] for picture in pictures], dtype=torch.int64)
    digests = np.array([picture.digest for picture in pictures], np.uint64)
    return Split(torch.stack([pixels[picture.path] for picture in pictures]), labels, digests)
