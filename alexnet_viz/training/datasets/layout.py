"""Which folders are classes and which are splits, from the paths alone; no file is opened.

A set is recognised by its shape: split folders stand beside each other and hold class folders, wherever that is and
whatever stands beside them. A folder that is merely called `train` is a class like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from alexnet_viz.errors import DatasetError
from alexnet_viz.language import all_of, said
from alexnet_viz.training.datasets.class_names import likeness
from alexnet_viz.training.datasets.split_names import Use, are_numbered_parts, class_and_use, is_filler, use_of, uses_of


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


def layout_of(name: str, pictures: Iterable[PurePosixPath], folders: Iterable[PurePosixPath]) -> Layout:
    """Return how pictures lie in their folders.

    Args:
        name: Of the data, for an error.
        pictures: Paths of the files that may be pictures.
        folders: Paths of all folders, so that empty ones are known; those of the pictures need not be among them.
    Raises:
        DatasetError: Splits without class folders, or several sets beside each other.
    """
    root = _tree(pictures, folders)
    found = _find_splits(name, root)
    if found:
        return _split_layout(*found)
    return _class_layout(name, _inside_wrappers(root))


class _Folder:
    """A folder; `full` are the folders in it that hold pictures, at any depth."""

    def __init__(self, path: PurePosixPath) -> None:
        self.path, self.name = path, path.name
        self.folders: dict[str, _Folder] = {}
        self.pictures: list[PurePosixPath] = []
        self.count = 0

    @property
    def full(self) -> list[_Folder]:
        return [folder for _, folder in sorted(self.folders.items()) if folder.count]

    def below(self) -> Iterator[PurePosixPath]:
        yield from self.pictures
        for folder in self.full:
            yield from folder.below()


def _tree(pictures: Iterable[PurePosixPath], folders: Iterable[PurePosixPath]) -> _Folder:
    root = _Folder(PurePosixPath())

    def along(parts: tuple[str, ...]) -> list[_Folder]:
        way = [root]
        for part in parts:
            here = way[-1]
            way.append(here.folders.setdefault(part, _Folder(here.path / part)))
        return way

    for path in folders:
        along(path.parts)
    for path in pictures:
        way = along(path.parts[:-1])
        way[-1].pictures.append(path)
        for folder in way:
            folder.count += 1
    return root


def _likenesses(folders: Iterable[_Folder]) -> set[str]:
    return {likeness(folder.name) for folder in folders}


# ---------------------------------------------------------------- a set that brings its own split


def _find_splits(name: str, folder: _Folder) -> tuple[_Folder, dict[str, Use]] | None:
    """Return the folder whose folders are splits, and which use each has."""
    uses = _splits_in(folder)
    if uses:
        return folder, uses
    inside = [found for child in folder.full if (found := _find_splits(name, child))]
    if sum(found[0].count for found in inside) * 2 < folder.count:
        return None
    if len(inside) > 1:
        names = ", ".join(f"{found[0].path}/" for found in inside)
        raise DatasetError(
            name, said("holds several sets, each with a split of its own ({names}); give one of them", names=names)
        )
    return inside[0] if inside else None


def _splits_in(folder: _Folder) -> dict[str, Use]:
    """Return the uses of a folder's folders where some are splits: by their names, and by holding class folders."""
    full = folder.full
    uses = uses_of(child.name for child in full)
    classes = {child.name: _likenesses(_class_folders(child)) for child in full}
    if not any(classes[name] for name in uses):
        return {}
    if len(set(uses.values())) > 1:
        return uses
    # One kind alone is a split where it is what is learnt from, and what stands beside it is no class of its kind.
    learnt = [child for child in full if child.name in uses]
    others = [child for child in full if child.name not in uses]
    known = {each for child in learnt for each in classes[child.name]}
    alone = bool(learnt) and "train" in uses.values() and len(known) > 1 and not any(child.pictures for child in learnt)
    beside = all(known & classes[child.name] or not classes[child.name] for child in others)
    return uses if alone and beside and len(full) > 1 else {}


def _split_layout(top: _Folder, uses: dict[str, Use]) -> Layout:
    layout = Layout()
    known: set[str] = set()
    for child in sorted(top.full, key=lambda child: uses.get(child.name) != "train"):
        use = uses.get(child.name)
        if use is None:
            names = ", ".join(f"{name}/" for name in uses)
            layout.left_out[child.path] = said("lies beside the folders of the set ({names})", names=names)
            continue
        _add_classes(layout, child, use, known)
        if use == "train":
            known |= _likenesses(_class_folders(child))
    layout.classes.sort(key=lambda each: each.path)
    return layout


def _add_classes(layout: Layout, split: _Folder, use: Use, known: set[str]) -> None:
    folders = _class_folders(split, known)
    if not folders:
        layout.unlabelled.append(split.path)
        return
    layout.splits.setdefault(use, []).append(split.path)
    inner = _inner(split, known)
    copies = _copies(inner)
    for child in copies:
        layout.left_out[child.path] = _COPY
    for child in inner.folders.values():
        if child not in copies:
            layout.classes.append(_class_folder(child, use))


def _class_folders(split: _Folder, known: Iterable[str] = ()) -> list[_Folder]:
    """Return the folders in a split that are classes; [] where there is one, whose name says nothing: val/images."""
    full = _inner(split, known).full
    return [] if len(full) == 1 and is_filler(full[0].name) and likeness(full[0].name) not in known else full


def _inner(split: _Folder, known: Iterable[str] = ()) -> _Folder:
    """Return the folder of the class folders: people put train/ into train/, or all classes into train/images/."""
    folder = split
    while len(folder.full) == 1:
        child = folder.full[0]
        says_nothing = is_filler(child.name) or use_of(child.name) is not None or child.name == folder.name
        if not child.full or likeness(child.name) in known or not (len(child.full) > 1 or says_nothing):
            break
        folder = child
    return folder


# ---------------------------------------------------------------- class folders without a split around them

_COPY = said("holds folders of the same names as those beside it: taken for a copy of the set")


def _inside_wrappers(root: _Folder) -> _Folder:
    """Return the folder of the class folders: people zip the folder, not what is in it."""
    folder = root
    while len(folder.full) == 1 and folder.full[0].full:
        folder = folder.full[0]
    return folder


def _class_layout(name: str, top: _Folder) -> Layout:
    full = top.full
    uses = {child.name: use for child in full if (use := use_of(child.name))}
    if len(uses) == len(full) and len(set(uses.values())) > 1:
        names = all_of([f"{child.path}/" for child in full])
        raise DatasetError(
            name,
            said("has pictures in {names} without class folders; make one folder for each class in them", names=names),
        )
    for look in (_classes_with_splits, _split_in_names, _numbered_parts):
        if found := look(full):
            return found
    layout = Layout()
    copies = _copies(top)
    for child in top.folders.values():
        use = uses.get(child.name)
        if child in copies and use in ("val", "test"):
            _add_classes(layout, child, use, _likenesses(full))
        elif child in copies:
            layout.left_out[child.path] = _COPY
        elif use and _is_unlabelled(child, use, len(full)):
            layout.unlabelled.append(child.path)
        else:
            layout.classes.append(_class_folder(child, ""))
    return _told(_with_use(layout, top), top)


def _is_unlabelled(folder: _Folder, use: Use, neighbours: int) -> bool:
    """Return whether a folder beside classes holds pictures without a class; "valid" and "dev" may be classes."""
    surely = use == "test" or "validation" in folder.name.casefold()
    return surely and not folder.full and neighbours > 2


def _with_use(layout: Layout, top: _Folder) -> Layout:
    """Return the layout; classes beside a folder of held-out pictures are what is learnt from."""
    if layout.splits:
        layout.splits["train"] = [top.path]
        layout.classes = [
            each if each.use else ClassFolder(each.path, each.name, "train", each.pictures) for each in layout.classes
        ]
    layout.classes.sort(key=lambda each: each.path)
    return layout


def _told(layout: Layout, top: _Folder) -> Layout:
    if use_of(top.name) and not layout.splits:
        note = said("{folder}/ is the only folder of the set, so it is taken for all of it.", folder=top.path)
        layout.notes.append(note)
    classes = {each.path for each in layout.classes}
    for child in top.full:
        if len(child.full) > 1 and child.path in classes:
            about = {"folder": child.path, "n": len(child.full)}
            layout.notes.append(said("{folder}/ holds {n} folders: all their pictures are one class.", **about))
    return layout


def _copies(folder: _Folder) -> list[_Folder]:
    """Return the folders that hold again what stands beside them."""
    times = Counter(likeness(child.name) for child in folder.full)
    copies = []
    for child in folder.full:
        inside, own = _likenesses(_class_folders(child)), likeness(child.name)
        shared = sum(times[name] > (name == own) for name in inside)
        if shared > 1 and shared in (len(inside), len(times) - (times[own] == 1)):
            copies.append(child)
    return copies


def _is_split_inside(folder: _Folder) -> bool:
    """Return whether a class folder is split in itself: cats/train, cats/test."""
    uses = {use_of(child.name) for child in folder.full}
    return "train" in uses and None not in uses and not folder.pictures


def _classes_with_splits(folders: list[_Folder]) -> Layout | None:
    """Return classes that are split in themselves; what has no split beside them is learnt from. None for others."""
    split = [folder for folder in folders if _is_split_inside(folder)]
    plain = [folder for folder in folders if folder not in split]
    measured = any(use_of(child.name) != "train" for folder in split for child in folder.full)
    if len(folders) < 2 or not split or (plain and (not measured or any(folder.full for folder in plain))):
        return None
    layout = Layout()
    for folder in plain:
        layout.splits.setdefault("train", []).append(folder.path)
        layout.classes.append(_class_folder(folder, "train"))
        note = said(
            "{folder}/ has no split, where others have one: all its pictures are learnt from.", folder=folder.path
        )
        layout.notes.append(note)
    for folder in split:
        for child in folder.full:
            use = use_of(child.name)
            if use:
                layout.splits.setdefault(use, []).append(child.path)
                layout.classes.append(ClassFolder(child.path, folder.name, use, tuple(child.below())))
    return layout


def _split_in_names(folders: list[_Folder]) -> Layout | None:
    """Return classes whose folders' names say the use as well, `train_cats` and `test_cats`; None for others."""
    named = [(folder, *found) for folder in folders if (found := class_and_use(folder.name))]
    uses: dict[str, set[Use]] = {}
    for _, name, use in named:
        uses.setdefault(name, set()).add(use)
    is_split = len(uses) > 1 and all("train" in each and len(each) > 1 for each in uses.values())
    if len(named) < len(folders) or not is_split:
        return None
    layout = Layout()
    for folder, name, use in named:
        layout.splits.setdefault(use, []).append(folder.path)
        layout.classes.append(ClassFolder(folder.path, name, use, tuple(folder.below())))
    return layout


def _numbered_parts(folders: list[_Folder]) -> Layout | None:
    """Return the classes of a set that lies in parts, `fold1` and `fold2` with the same folders; None for others."""
    inside = [_likenesses(folder.full) for folder in folders]
    alike = len(folders) > 1 and all(each == inside[0] for each in inside) and len(inside[0]) > 1
    if not alike or any(folder.pictures for folder in folders) or not are_numbered_parts(each.name for each in folders):
        return None
    names = ", ".join(f"{folder.path}/" for folder in folders)
    layout = Layout(notes=[said("{names} hold the same folders: taken for parts of one set.", names=names)])
    layout.classes = [_class_folder(child, "") for folder in folders for child in folder.full]
    return layout


def _class_folder(folder: _Folder, use: str) -> ClassFolder:
    return ClassFolder(folder.path, folder.name, use, tuple(folder.below()))
