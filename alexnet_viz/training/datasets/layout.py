"""Which folders are classes and which are splits, from the paths alone; no file is opened.

A set is recognised by its shape: split folders stand beside each other and hold class folders, wherever that is and
whatever stands beside them. A folder that is merely called `train` is a class like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from alexnet_viz.language import counted, said
from alexnet_viz.training.datasets.class_layouts import (
    Layout,
    class_folder,
    classes_with_splits,
    numbered_parts,
    split_in_names,
)
from alexnet_viz.training.datasets.class_names import likeness
from alexnet_viz.training.datasets.folder_tree import (
    Folder,
    are_alike,
    class_folders,
    folder_tree,
    inner,
    likenesses,
    listed,
    paths_of,
    take_marks_out,
    with_empty_ones,
)
from alexnet_viz.training.datasets.given_splits import GivenSplit, find_split
from alexnet_viz.training.datasets.no_classes import possible_classes, refuse_no_classes
from alexnet_viz.training.datasets.split_names import (
    Use,
    hinted_use,
    is_marks,
    is_no_thing,
    is_unlabelled,
    may_be_a_class,
    use_of,
)

__all__ = ["Layout", "layout_of"]

_COPY = said("holds folders of the same names as those beside it: taken for a copy of the set")


def layout_of(name: str, pictures: Iterable[PurePosixPath], folders: Iterable[PurePosixPath]) -> Layout:
    """Return how pictures lie in their folders.

    Args:
        name: Of the data, for an error.
        pictures: Paths of the files that may be pictures.
        folders: Paths of all folders, so that empty ones are known; those of the pictures need not be among them.
    Raises:
        DatasetError: Splits without class folders, or several sets beside each other.
    """
    root = folder_tree(pictures, folders)
    marks = take_marks_out(root)
    found = find_split(name, root)
    layout = _split_layout(found) if found else _undivided_layout(name, root, marks)
    layout.left_out |= dict.fromkeys(marks, said("holds masks or labels by its name, no classes"))
    return layout


def _undivided_layout(name: str, root: Folder, marks: list[PurePosixPath]) -> Layout:
    top, aside = _inside_wrappers(root)
    layout = _class_layout(name, top, has_marks=bool(marks))
    for folder in aside:
        if is_marks(folder.name):
            marks.append(folder.path)
        else:
            layout.unlabelled.append(folder.path)
    return layout


# ---------------------------------------------------------------- a set that brings its own split


def _split_layout(found: GivenSplit) -> Layout:
    layout = Layout()
    known: set[str] = set()
    for child in sorted(found.top.full, key=lambda child: found.uses.get(child.name) != "train"):
        use = found.uses.get(child.name)
        if use is None:
            names = ", ".join(f"{name}/" for name in found.uses)
            layout.left_out[child.path] = said("lies beside the folders of the set ({names})", names=names)
            continue
        _add_classes(layout, child, use, known)
        if use == "train":
            _tell_divided(layout, class_folders(child))
            known |= likenesses(class_folders(child))
    for folder in found.outside:
        _add_outside(layout, folder, found, known)
    layout.classes.sort(key=lambda each: each.path)
    _tell_assumed(layout, found)
    return layout


def _tell_assumed(layout: Layout, found: GivenSplit) -> None:
    if found.assumed:
        measured = paths_of(child for child in found.top.full if found.uses.get(child.name) in ("val", "test"))
        note = counted(
            "{folders} is learnt from: it holds the same folders as {others}.",
            "{folders} are learnt from: they hold the same folders as {others}.",
            len(found.assumed),
            folders=listed(paths_of(found.assumed)),
            others=listed(measured),
        )
        layout.notes.append(note)


def _add_outside(layout: Layout, folder: Folder, found: GivenSplit, known: set[str]) -> None:
    """Take a folder that lies elsewhere than the split: dataset/train and dataset/val, but test/ beside dataset/."""
    use = use_of(folder.name)
    classes = likenesses(class_folders(folder, known))
    if use in ("val", "test") and use not in found.uses.values() and are_alike(classes, known):
        _add_classes(layout, folder, use, known)
    elif hinted_use(folder.name) and not classes:
        layout.unlabelled.append(folder.path)
    else:
        reason = said("lies outside {folder}/, which brings a split of its own", folder=found.top.path)
        layout.left_out[folder.path] = reason


def _add_classes(layout: Layout, split: Folder, use: Use, known: set[str]) -> None:
    if not class_folders(split, known):
        layout.unlabelled.append(split.path)
        return
    layout.splits.setdefault(use, []).append(split.path)
    copies = _copies(inner(split, known))
    for child in copies:
        layout.left_out[child.path] = _COPY
    layout.classes += [class_folder(child, use) for child in with_empty_ones(split, known) if child not in copies]


# ---------------------------------------------------------------- class folders without a split around them


def _inside_wrappers(root: Folder) -> tuple[Folder, list[Folder]]:
    """Return the folder of the class folders, and those without classes that stand beside it or beside one around it.

    People zip the folder, not what is in it, and put pictures to test on beside it: `flowers`, `flowers_test`.
    """
    folder, aside = root, list[Folder]()
    while found := _set_in(folder):
        aside += [child for child in folder.full if child is not found]
        folder = found
    return folder, aside


def _set_in(folder: Folder) -> Folder | None:
    """Return the one folder of a folder that the set is in."""
    full = folder.full
    if len(full) == 1:
        return full[0] if full[0].full else None
    rest = [child for child in full if not _lies_aside(child)]
    sets = [child for child in rest if len(class_folders(child)) > 1]
    others = [child for child in rest if child not in sets]
    if len(sets) != 1 or any(class_folders(child) for child in others):
        return None
    # `data` beside `docs`, `animals` beside `images`: what says nothing is no class beside the others.
    is_set = is_no_thing(sets[0].name) or all(is_no_thing(child.name) for child in others)
    return sets[0] if is_set else None


def _lies_aside(folder: Folder) -> bool:
    """Return whether a folder beside a set has no classes of its own by its name: `flowers_test`, `labels`."""
    if is_unlabelled(folder.name) or is_marks(folder.name):
        return True
    return hinted_use(folder.name) in ("val", "test") and not class_folders(folder)


def _class_layout(name: str, top: Folder, *, has_marks: bool) -> Layout:
    full = top.full
    for look in (classes_with_splits, split_in_names, numbered_parts):
        if found := look(full):
            return found
    copies = _copies(top)
    refuse_no_classes(name, [child for child in full if child not in copies], has_marks)
    layout = Layout()
    for child in top.folders.values():
        use = use_of(child.name)
        if child in copies and use in ("val", "test"):
            _add_classes(layout, child, use, likenesses(full))
        elif child in copies:
            layout.left_out[child.path] = _COPY
        elif _is_unlabelled(child, len(full)):
            layout.unlabelled.append(child.path)
        else:
            layout.classes.append(class_folder(child, ""))
    return _told(_with_use(layout, top), top)


def _is_unlabelled(folder: Folder, neighbours: int) -> bool:
    """Return whether a folder beside classes holds pictures without a class; "valid" and "dev" may be classes."""
    use = use_of(folder.name)
    surely = is_unlabelled(folder.name) or use == "test" or (use == "val" and not may_be_a_class(folder.name))
    return surely and not folder.full and neighbours > 2


def _with_use(layout: Layout, top: Folder) -> Layout:
    """Return the layout; classes beside a folder of held-out pictures are what is learnt from."""
    if layout.splits:
        layout.splits["train"] = [top.path]
        layout.classes = [replace(each, use=each.use or "train") for each in layout.classes]
    layout.classes.sort(key=lambda each: each.path)
    return layout


def _told(layout: Layout, top: Folder) -> Layout:
    if use_of(top.name) and not layout.splits:
        note = said("{folder}/ is the only folder of the set, so it is taken for all of it.", folder=top.path)
        layout.notes.append(note)
    classes = {each.path for each in layout.classes}
    for child in top.full:
        if use_of(child.name) and child.path in classes:
            note = said(
                "{folder}/ is taken for a class like those beside it; if it is none, take it out.", folder=child.path
            )
            layout.notes.append(note)
    _tell_divided(layout, [child for child in top.full if child.path in classes])
    return layout


def _tell_divided(layout: Layout, classes: list[Folder]) -> None:
    divided = [folder for folder in classes if len(folder.full) > 1]
    if len(divided) == 1:
        about = {"folder": divided[0].path, "n": len(divided[0].full)}
        layout.notes.append(said("{folder}/ holds {n} folders: all their pictures are one class.", **about))
    elif divided:
        folders = listed(paths_of(divided))
        layout.notes.append(
            said("{folders} hold folders of their own: all pictures in each are one class.", folders=folders)
        )
        shared = set.intersection(*map(possible_classes, divided))
        inside = [child.name for child in divided[0].full if likeness(child.name) in shared]
        if len(inside) > 1:
            note = said("If {names} are the classes, put all pictures of each into one folder.", names=listed(inside))
            layout.notes.append(note)


def _copies(folder: Folder) -> list[Folder]:
    """Return the folders that hold again what stands beside them."""
    times = Counter(likeness(child.name) for child in folder.full)
    copies = []
    for child in folder.full:
        inside, own = likenesses(class_folders(child)), likeness(child.name)
        shared = sum(times[name] > (name == own) for name in inside)
        if shared > 1 and shared in (len(inside), len(times) - (times[own] == 1)):
            copies.append(child)
    return copies
