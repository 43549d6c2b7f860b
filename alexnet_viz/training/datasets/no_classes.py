"""Folders that stand where classes do and are none: refused with what to do, since whatever is taken might be wrong."""

from __future__ import annotations

from alexnet_viz.errors import DatasetError
from alexnet_viz.language import said, some_of
from alexnet_viz.training.datasets.folder_tree import (
    Folder,
    are_alike,
    are_nameless,
    class_folders,
    likenesses,
    listed,
    paths_of,
)
from alexnet_viz.training.datasets.split_names import is_filler, is_marks, same_words, use_of, uses_of

_FEW = 3


def refuse_no_classes(name: str, folders: list[Folder], has_marks: bool) -> None:
    """Raise DatasetError for neighbours that are splits, parts, kinds of files or domains rather than classes.

    Args:
        name: Of the data.
        folders: Where classes should be; none of them a copy of what stands beside it.
        has_marks: Whether there are masks or labels, not among these: one folder beside them holds all pictures.
    """
    are_all = has_marks and len(folders) == 1 and not folders[0].full
    if len(folders) < 2 and not are_all:
        return
    _refuse_splits(name, folders)
    if are_all or are_nameless(folders):
        raise DatasetError(
            name,
            said(
                "has pictures in {names}, names that do not say what is on them; make one folder for each class",
                names=listed(paths_of(folders)),
            ),
        )
    _refuse_domains(name, folders)


def _refuse_splits(name: str, folders: list[Folder]) -> None:
    """Raise DatasetError for `train` and `test` without class folders, also where something else lies beside them."""
    flat = [folder for folder in folders if not class_folders(folder)]
    uses = uses_of(folder.name for folder in flat)
    if len(set(uses.values())) > 1 and ("train" in uses.values() or len(uses) == len(folders)):
        names = listed(paths_of(folder for folder in flat if folder.name in uses))
        raise DatasetError(
            name,
            said("has pictures in {names} without class folders; make one folder for each class in them", names=names),
        )


def _refuse_domains(name: str, folders: list[Folder]) -> None:
    """Raise DatasetError for two or three folders that hold the same ones: either these are the classes or those.

    Of more than three it is likelier that they are classes, each in the same rooms or by the same people.
    """
    classes = {folder.path: possible_classes(folder) for folder in folders}
    most = max(classes.values(), key=len)
    # Two in each, "left" and "right", may say more about classes; three are too likely the classes themselves.
    are_no_classes = any(_is_no_class(folder.name) and classes[folder.path] for folder in folders)
    least = 2 if are_no_classes else 3
    alike = [folder for folder in folders if _shares(classes[folder.path], most, least)]
    if len(alike) < 2 or (len(alike) > _FEW and not are_no_classes):
        return
    inside = [child.name for child in class_folders(alike[0])]
    raise DatasetError(
        name,
        said(
            "holds the same folders in {outer}: {inner}. If these are the classes, give one of {outer}, or call one"
            " train/ and one test/; otherwise put all pictures right into {outer}",
            outer=some_of(paths_of(alike)),
            inner=some_of(inside),
        ),
    )


def _is_no_class(name: str) -> bool:
    """Return whether a folder of folders is hardly a class by its name: `train`, `augmented`, a patient's number."""
    return use_of(name) == "train" or is_filler(name) or name.isdecimal()


def _shares(own: set[str], most: set[str], least: int) -> bool:
    return len(own & most) >= least and are_alike(own, most)


def possible_classes(folder: Folder) -> set[str]:
    """Return what in a folder may be classes of its own; not where all is numbered or says nothing: `clip1`, `raw`."""
    inside = class_folders(folder)
    names = [child.name for child in inside]
    if folder.pictures or same_words(names) or all(is_filler(name) or is_marks(name) for name in names):
        return set()
    if all(name.isdecimal() for name in names) and not _count_from_the_start(names):  # "00", "2021"
        return set()
    return likenesses(inside)


def _count_from_the_start(names: list[str]) -> bool:
    """Return whether numbers may be classes, as digits are: "0", "1", "2"."""
    wanted = [[str(first + place) for place in range(len(names))] for first in (0, 1)]
    return sorted(names, key=int) in wanted
