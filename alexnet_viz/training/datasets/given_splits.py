"""The split that a set brings with it: split folders stand beside each other and hold the same class folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from alexnet_viz.errors import DatasetError
from alexnet_viz.language import said
from alexnet_viz.training.datasets.class_names import likeness
from alexnet_viz.training.datasets.folder_tree import Folder, are_alike, class_folders, likenesses, paths_of
from alexnet_viz.training.datasets.split_names import Use, bare_name, have_an_opposite, hinted_use, uses_of


@dataclass(frozen=True)
class GivenSplit:
    """The folder whose folders are splits.

    Attributes:
        top: It.
        uses: Of its folders, by their names.
        assumed: Those that are learnt from for what they hold, not for their names.
        outside: Folders with pictures that do not lie in it.
    """

    top: Folder
    uses: dict[str, Use]
    assumed: list[Folder] = field(default_factory=list)
    outside: list[Folder] = field(default_factory=list)


def find_split(name: str, root: Folder) -> GivenSplit | None:
    """Return the split of a set, wherever it lies in the data; None where there is none.

    Args:
        name: Of the data, for an error.
        root: All of them.
    Raises:
        DatasetError: There are several, in sets beside each other.
    """
    found = _find(name, root)
    return GivenSplit(found.top, found.uses, found.assumed, list(_outside(root, found.top))) if found else None


def _find(name: str, folder: Folder) -> GivenSplit | None:
    if found := _splits_in(folder):
        return found
    inside = [found for child in folder.full if (found := _find(name, child))]
    if not inside or not (_is_most(folder, inside) or _has_its_classes_beside(folder, inside)):
        return None
    if len(inside) > 1:
        names = ", ".join(paths_of(each.top for each in inside))
        raise DatasetError(
            name, said("holds several sets, each with a split of its own ({names}); give one of them", names=names)
        )
    return inside[0]


def _is_most(folder: Folder, inside: Iterable[GivenSplit]) -> bool:
    return sum(each.top.count for each in inside) * 2 >= folder.count


def _has_its_classes_beside(folder: Folder, inside: Iterable[GivenSplit]) -> bool:
    """Return whether the classes of the sets in a folder stand in it again, as before they were divided: `raw/`."""
    known: set[str] = set()
    way: set[PurePosixPath] = set()
    for found in inside:
        way |= {found.top.path, *found.top.path.parents}
        known |= {each for child in found.top.full for each in likenesses(class_folders(child))}
    others = [child for child in folder.full if child.path not in way]
    beside = {each for child in others for each in likenesses(class_folders(child)) or {likeness(child.name)}}
    return len(known & beside) > 1 and are_alike(known, beside)


def _outside(root: Folder, top: Folder) -> Iterator[Folder]:
    """Yield the outermost folders that hold nothing of another."""
    folder = root
    for part in top.path.parts:
        yield from (child for child in folder.full if child.name != part)
        folder = folder.folders[part]


# ---------------------------------------------------------------- among neighbours


def _splits_in(folder: Folder) -> GivenSplit | None:
    """Return a folder's folders as a split where some are by their names, and by holding class folders."""
    full = folder.full
    classes = {child.name: likenesses(class_folders(child)) for child in full}
    uses = _uses_among(classes)
    if not any(classes[name] for name in uses):
        return None
    if "train" in uses.values():
        return GivenSplit(folder, uses) if len(set(uses.values())) > 1 or _stands_alone(full, classes, uses) else None
    assumed = _learnt_beside(full, classes, uses)
    if not assumed and len(set(uses.values())) < 2:
        return None
    return GivenSplit(folder, {**uses, **{child.name: "train" for child in assumed}}, assumed)


def _uses_among(classes: dict[str, set[str]]) -> dict[str, Use]:
    """Return the uses of neighbours by their names; a name that only hints at one needs another of the same classes."""
    sure = uses_of(classes)
    # `validation-pets` beside `pets` of the same classes; a `toy_train` beside a `toy` may be one.
    wholes = {bare_name(name): inside for name, inside in classes.items() if inside and not hinted_use(name)}
    for name, inside in classes.items():
        if len(inside & wholes.get(bare_name(name), set())) > 1 and (use := hinted_use(name)) in ("val", "test"):
            sure[name] = use
    hints = {name: use for name in classes if name not in sure and classes[name] and (use := hinted_use(name))}
    of_class: dict[str, set[Use]] = {}
    for name, use in (sure | hints).items():
        for each in classes[name]:
            of_class.setdefault(each, set()).add(use)
    shared = {name: sum(len(of_class[each]) > 1 for each in classes[name]) for name in hints}
    return sure | {name: use for name, use in hints.items() if 2 * shared[name] >= len(classes[name])}


def _stands_alone(full: list[Folder], classes: dict[str, set[str]], uses: dict[str, Use]) -> bool:
    """Return whether folders to learn from are a split though nothing beside them is one: no class stands there."""
    learnt = [child for child in full if child.name in uses]
    others = [classes[child.name] for child in full if child.name not in uses]
    known = {each for child in learnt for each in classes[child.name]}
    # What holds the same class folders may be a class as well: train/{old,new} beside bus/{old,new}.
    beside = not any(each and (are_alike(known, each) or not known & each) for each in others)
    return beside and len(known) > 1 and len(full) > 1 and not any(child.pictures for child in learnt)


def _learnt_beside(full: list[Folder], classes: dict[str, set[str]], uses: dict[str, Use]) -> list[Folder]:
    """Return the folders that hold the same class folders as those to measure on, whatever their names."""
    measured = {each for name in uses for each in classes[name]}
    if have_an_opposite(child.name for child in full):
        return []
    return [child for child in full if child.name not in uses and are_alike(classes[child.name], measured)]
