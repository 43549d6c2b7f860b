"""Folders with the pictures in and below them, and which folders in one are classes, from the paths alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from alexnet_viz.language import all_of, some_of
from alexnet_viz.training.datasets.class_names import likeness
from alexnet_viz.training.datasets.split_names import (
    are_marks,
    are_nameless_parts,
    are_numbered_parts,
    hinted_use,
    is_filler,
)

_MOST_PARTS = 20  # of what has no class folders: sixty of `Sample001` … are classes


class Folder:
    """A folder; `full` are the folders in it that hold pictures, at any depth."""

    def __init__(self, path: PurePosixPath) -> None:
        self.path, self.name = path, path.name
        self.folders: dict[str, Folder] = {}
        self.pictures: list[PurePosixPath] = []
        self.count = 0

    @property
    def full(self) -> list[Folder]:
        """Return those in it that hold pictures, in the order of their names."""
        return [folder for _, folder in sorted(self.folders.items()) if folder.count]

    def below(self) -> Iterator[PurePosixPath]:
        """Yield all pictures, its own first."""
        yield from self.pictures
        for folder in self.full:
            yield from folder.below()


def folder_tree(pictures: Iterable[PurePosixPath], folders: Iterable[PurePosixPath]) -> Folder:
    """Return the folder that everything is in."""
    root = Folder(PurePosixPath())

    def along(parts: tuple[str, ...]) -> list[Folder]:
        way = [root]
        for part in parts:
            here = way[-1]
            way.append(here.folders.setdefault(part, Folder(here.path / part)))
        return way

    for path in sorted(folders):
        along(path.parts)
    for path in pictures:
        way = along(path.parts[:-1])
        way[-1].pictures.append(path)
        for folder in way:
            folder.count += 1
    return root


def take_marks_out(folder: Folder) -> list[PurePosixPath]:
    """Take folders with masks and labels away from the pictures beside them; return their paths.

    `images` and `masks`, in the set or in each class, say what they hold of each picture and not what is on it.
    """
    full = folder.full
    marks = [child for child in full if are_marks(child.name)]
    beside = [child for child in full if child not in marks]
    taken = []
    if (beside or folder.pictures) and all(is_filler(child.name) or child.name == folder.name for child in beside):
        taken = [folder.folders.pop(child.name).path for child in marks if beside or not child.full]
    taken += [path for child in folder.full for path in take_marks_out(child)]
    folder.count = len(folder.pictures) + sum(child.count for child in folder.full)
    return taken


def paths_of(folders: Iterable[Folder]) -> list[str]:
    """Return the folders as they are named to a person: "train/"."""
    return [f"{folder.path}/" for folder in folders]


def listed(names: Sequence[str]) -> str:
    """Return a few names as "A and B", the first of many as "A, B, C, D and 7 more"."""
    return some_of(names) if len(names) > 4 else all_of(names)


def likenesses(folders: Iterable[Folder]) -> set[str]:
    """Return the folders' names as a person reads them."""
    return {likeness(folder.name) for folder in folders}


def are_alike(one: set[str], other: set[str]) -> bool:
    """Return whether class folders are those of one set: the smaller ones are at least half the same."""
    shared = len(one & other)
    return shared > 0 and 2 * shared >= min(len(one), len(other))


def class_folders(split: Folder, known: Iterable[str] = ()) -> list[Folder]:
    """Return the folders in a split that are classes; [] where there is one, whose name says nothing: val/images."""
    return [folder for folder in with_empty_ones(split, known) if folder.count]


def with_empty_ones(split: Folder, known: Iterable[str] = ()) -> list[Folder]:
    """Return the class folders in a split, also those that hold no picture."""
    holder = inner(split, known)
    full = holder.full
    if len(full) == 1 and likeness(full[0].name) not in known and _says_nothing(full[0], holder):
        return []
    if are_nameless(full) and not likenesses(full) & {*known}:
        return []
    if are_parts(full):
        return [folder for part in full for folder in part.folders.values()]
    return list(holder.folders.values())


def inner(split: Folder, known: Iterable[str] = ()) -> Folder:
    """Return the folder of the class folders: people put train/ into train/, or all classes into train/images/."""
    folder = split
    while len(folder.full) == 1:
        child = folder.full[0]
        passed = len(child.full) > 1 or _says_nothing(child, folder)
        if not child.full or likeness(child.name) in known or not passed:
            break
        folder = child
    return folder


def are_nameless(folders: list[Folder]) -> bool:
    """Return whether folders are numbered parts of what has no class folders: `images_001`, `images_002`."""
    flat = 1 < len(folders) <= _MOST_PARTS and not any(len(folder.full) > 1 for folder in folders)
    return flat and are_nameless_parts(folder.name for folder in folders)


def _says_nothing(child: Folder, parent: Folder) -> bool:
    return is_filler(child.name) or hinted_use(child.name) is not None or child.name == parent.name


def are_parts(folders: list[Folder]) -> bool:
    """Return whether folders are parts of one set: `fold1` and `fold2` with the same folders."""
    if len(folders) < 2 or any(folder.pictures for folder in folders):
        return False
    first = likenesses(folders[0].full)
    alike = len(first) > 1 and all(likenesses(folder.full) == first for folder in folders)
    return alike and are_numbered_parts(folder.name for folder in folders)
