"""What can be used of class folders, and what a person is told about them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypedDict

from alexnet_viz.language import all_of, counted, said
from alexnet_viz.training.datasets.picture_files import Skipped
from alexnet_viz.training.datasets.split_names import Use

_HELD_OUT, _LEFT_OUT = said("held out"), said("left out")
HELD_OUT_OF_EACH = said("A part of each class is held out: it is not learnt from, and measured on.")


class SplitRecord(TypedDict):
    """Folders of one use, as they are told: "learnt from", "held out", "tested on at the end" or "left out"."""

    folders: list[str]
    use: str
    images: int


class SkippedRecord(TypedDict):
    """A file or a folder that is not used, and why."""

    file: str
    reason: str


class ContentRecord(TypedDict):
    """What `dataset --json` prints."""

    classes: list[str]
    images: int
    per_class: dict[str, int]
    skipped: list[SkippedRecord]
    splits: list[SplitRecord]
    notes: list[str]


@dataclass(frozen=True)
class Picture:
    """A picture that is used.

    Attributes:
        path: Of its file.
        class_name: What it shows.
        use: "train", "val" or "test" by the data's own split, "" where they have none.
        digest: Of the picture at its own size, see `picture_digest`.
    """

    path: PurePosixPath
    class_name: str
    use: str
    digest: int

    @property
    def is_learnt(self) -> bool:
        """Return whether the picture may be learnt from."""
        return self.use in ("", "train")


@dataclass(frozen=True)
class FolderContent:
    """What can be used of a folder.

    Attributes:
        pictures: In the order of their paths.
        skipped: Files that are not used, and folders that hold none that are.
        splits: The folders of each use; {} where the data have no split of their own.
        left_out: Folders with pictures that are not part of the set.
        notes: What a person should know, sentences.
    """

    pictures: tuple[Picture, ...]
    skipped: tuple[Skipped, ...]
    splits: Mapping[Use, Sequence[PurePosixPath]]
    left_out: tuple[PurePosixPath, ...]
    notes: tuple[str, ...]

    @property
    def per_class(self) -> dict[str, int]:
        """Number of pictures of each class, classes in alphabetical order."""
        return dict(sorted(Counter(picture.class_name for picture in self.pictures).items()))

    @property
    def classes(self) -> tuple[str, ...]:
        """Names in alphabetical order."""
        return tuple(self.per_class)

    @property
    def image_count(self) -> int:
        """Number of pictures."""
        return len(self.pictures)

    @property
    def measured(self) -> tuple[Picture, ...]:
        """What a finished network is measured on: the pictures to test on, else to validate on, else all."""
        uses = {picture.use for picture in self.pictures}
        wanted = next((use for use in ("test", "val") if use in uses), None)
        return tuple(picture for picture in self.pictures if wanted in (None, picture.use))

    def told(self, name: str) -> tuple[str, ...]:
        """Return what whoever trains or measures on these should know, sentences: assumptions, and what is not used.

        Args:
            name: Of the folder or the zip.
        """
        notes = tuple(note for note in self.notes if note != HELD_OUT_OF_EACH)
        if not self.skipped:
            return notes
        first = next((each for each in self.skipped if not each.file.endswith("/")), self.skipped[0])
        about = {"name": name, "file": first.file, "reason": first.reason}
        if first.reason.endswith("."):
            not_used = counted(
                "{n} file of {name} is not used: {file} {reason}",
                "{n} files of {name} are not used, the first: {file} {reason}",
                len(self.skipped),
                **about,
            )
        else:
            not_used = counted(
                "{n} file of {name} is not used: {file} {reason}.",
                "{n} files of {name} are not used, the first: {file} {reason}.",
                len(self.skipped),
                **about,
            )
        return (*notes, not_used)

    def told_measured(self, name: str) -> tuple[str, ...]:
        """Return the same as `told` for whoever measures on these: first, where only a part of them is measured on."""
        uses = {picture.use for picture in self.measured}
        looked_at, others = (
            [f"{folder}/" for use, folders in self.splits.items() for folder in folders if (use in uses) is wanted]
            for wanted in (True, False)
        )
        if not looked_at or not others:
            return self.told(name)
        part = said(
            "Of {name}, the pictures in {folders} are measured on, those in {others} are not.",
            name=name,
            folders=all_of(looked_at),
            others=all_of(others),
        )
        return (part, *self.told(name))

    def to_measured_record(self) -> ContentRecord:
        """Return the same as `to_record` of what a finished network is measured on: nothing is learnt from it."""
        only = replace(self, pictures=self.measured)
        uses = {picture.use for picture in only.pictures}
        splits: list[SplitRecord] = [
            {**split, "use": said("looked at") if use in uses else _LEFT_OUT}
            for use, split in zip([*self.splits, None], self.split_records(), strict=False)
        ]
        notes = [note for note in self.notes if note != HELD_OUT_OF_EACH]
        return {**only.to_record(), "splits": splits, "notes": notes}

    def to_record(self) -> ContentRecord:
        """Return what `dataset --json` prints."""
        return {
            "classes": list(self.classes),
            "images": self.image_count,
            "per_class": self.per_class,
            "skipped": [{"file": file.file, "reason": file.reason} for file in self.skipped],
            "splits": self.split_records(),
            "notes": list(self.notes),
        }

    def split_records(self) -> list[SplitRecord]:
        """Return which folders are splits, and what each is used for; [] where the data have no split of their own."""
        counts = Counter(picture.use for picture in self.pictures)
        measured = {
            use: words for use, words in (("val", _HELD_OUT), ("test", said("tested on at the end"))) if counts[use]
        }
        if len(measured) == 1:
            measured = dict.fromkeys(measured, _HELD_OUT)
        learnt = said("learnt from") if measured else said("learnt from, but for a part that is held out")
        words = {"train": learnt, **measured}
        splits: list[SplitRecord] = [
            {"folders": [f"{folder}/" for folder in folders], "use": words.get(use, _LEFT_OUT), "images": counts[use]}
            for use, folders in self.splits.items()
        ]
        left_out = [f"{folder}/" for folder in self.left_out]
        return [*splits, {"folders": left_out, "use": _LEFT_OUT, "images": 0}] if left_out else splits
