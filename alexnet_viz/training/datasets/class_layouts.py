"""Class folders that are divided otherwise than into split folders: in the classes, in their names, in parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath

from alexnet_viz.language import counted, said, some_of
from alexnet_viz.training.datasets.folder_tree import Folder, are_parts, listed, paths_of
from alexnet_viz.training.datasets.split_names import Use, class_and_use, is_filler, is_marks, use_of


@dataclass(frozen=True)
class ClassFolder:
    """A folder that holds the pictures of one class, or of one class in one split.

    Attributes:
        path: Relative to the data.
        name: As it is written.
        use: What its pictures are for; "" where the data have no split of their own.
        pictures: All in it and below; none in a folder that is empty.
    """

    path: PurePosixPath
    name: str
    use: Use | str
    pictures: tuple[PurePosixPath, ...]


@dataclass
class Layout:
    """How a set lies in its folders.

    Attributes:
        classes: In the order of their paths.
        splits: The folders of each use; {} where the data have no split of their own.
        unlabelled: Split folders that have no class folders.
        left_out: Folders that are not part of the set, with the reasons.
        notes: What else a person should know, sentences.
    """

    classes: list[ClassFolder] = field(default_factory=list)
    splits: dict[Use, list[PurePosixPath]] = field(default_factory=dict)
    unlabelled: list[PurePosixPath] = field(default_factory=list)
    left_out: dict[PurePosixPath, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, folder: Folder, use: Use, name: str) -> None:
        """Take a folder as that part of a class which is for this use."""
        self.splits.setdefault(use, []).append(folder.path)
        self.classes.append(ClassFolder(folder.path, name, use, tuple(folder.below())))


def class_folder(folder: Folder, use: str) -> ClassFolder:
    """Return a folder as a class that is called like it."""
    return ClassFolder(folder.path, folder.name, use, tuple(folder.below()))


def classes_with_splits(folders: list[Folder]) -> Layout | None:
    """Return classes that are split in themselves; what has no split beside them is learnt from. None for others."""
    split = {folder.path: holder for folder in folders if (holder := _split_inside(folder))}
    plain = [folder for folder in folders if folder.path not in split]
    measured = any(use_of(child.name) != "train" for holder in split.values() for child in holder.full)
    if len(folders) < 2 or not split or (plain and (not measured or any(folder.full for folder in plain))):
        return None
    layout = Layout()
    for folder in plain:
        layout.add(folder, "train", folder.name)
    if plain:
        note = counted(
            "{folders} has no split, where others have one: all its pictures are learnt from.",
            "{folders} have no split, where others have one: all their pictures are learnt from.",
            len(plain),
            folders=listed(paths_of(plain)),
        )
        layout.notes.append(note)
    for folder in folders:
        for child in split[folder.path].full if folder.path in split else []:
            if use := use_of(child.name):
                layout.add(child, use, folder.name)
    return layout


def _split_inside(folder: Folder) -> Folder | None:
    """Return the folder in a class folder that is split: cats/train and cats/test, or cats/images/train."""
    while len(folder.full) == 1 and is_filler(folder.full[0].name) and not folder.pictures:
        folder = folder.full[0]
    uses = {use_of(child.name) for child in folder.full}
    return folder if "train" in uses and None not in uses and not folder.pictures else None


def split_in_names(folders: list[Folder]) -> Layout | None:
    """Return classes whose folders' names say the use as well, `train_cats` and `test_cats`; None for others."""
    named = [(folder, *found) for folder in folders if (found := class_and_use(folder.name))]
    uses: dict[str, set[Use]] = {}
    for _, name, use in named:
        uses.setdefault(name, set()).add(use)
    # One class with both tells what the words mean: `blood_test` and `steam_train` have none.
    is_split = (
        len(uses) > 1
        and not all(is_filler(name) or is_marks(name) for name in uses)
        and any("train" in each and len(each) > 1 for each in uses.values())
    )
    if len(named) < len(folders) or not is_split:
        return None
    layout = Layout()
    for folder, name, use in named:
        layout.add(folder, use, name)
    return layout


def numbered_parts(folders: list[Folder]) -> Layout | None:
    """Return the classes of a set that lies in parts, `fold1` and `fold2` with the same folders; None for others."""
    if not are_parts(folders):
        return None
    names = some_of(paths_of(folders))
    layout = Layout(notes=[said("{names} hold the same folders: taken for parts of one set.", names=names)])
    layout.classes = [class_folder(child, "") for folder in folders for child in folder.full]
    return layout
