"""What a folder or a zip seems to hold, before any picture is decoded: which files, of which class, for which use."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from alexnet_viz.errors import DatasetError
from alexnet_viz.language import counted, said
from alexnet_viz.training.datasets.archive import Entry, Listing, is_archive, opened
from alexnet_viz.training.datasets.class_names import name_classes
from alexnet_viz.training.datasets.folder_content import Picture
from alexnet_viz.training.datasets.folder_tree import listed
from alexnet_viz.training.datasets.layout import Layout, layout_of
from alexnet_viz.training.datasets.picture_files import Skipped, picture_files
from alexnet_viz.training.datasets.split_names import Use, hinted_use

MOST_PICTURES = 20_000  # 155 kB each at 227 x 227: 3 GB
_LISTS = {".txt", ".csv", ".tsv", ".lst", ".json"}
_TABLES = {".csv", ".tsv", ".xlsx", ".mat", ".json", ".jsonl", ".parquet"}  # in which other sets keep their classes


@dataclass(frozen=True)
class Candidate:
    """A file that should be a picture: its class, and what it is for ("" where the data have no split of their own)."""

    entry: Entry
    class_name: str
    use: Use | str

    @property
    def is_learnt(self) -> bool:
        """Return whether the picture may be learnt from."""
        return self.use in ("", "train")


@dataclass
class Scan:
    """What was found.

    Attributes:
        candidates: In the order of their paths.
        skipped: Files and empty folders that are not used.
        class_folders: By path, the class of each; also of those that hold nothing.
        empty: Folders without any file in them.
        splits: The folders of each use; {} where the data have no split of their own.
        left_out: Folders with pictures that are not part of the set.
        notes: What a person should know, sentences.
    """

    candidates: list[Candidate] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    class_folders: dict[PurePosixPath, str] = field(default_factory=dict)
    empty: set[PurePosixPath] = field(default_factory=set)
    splits: dict[Use, list[PurePosixPath]] = field(default_factory=dict)
    left_out: list[PurePosixPath] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """Return the names of the classes that pictures may be learnt from."""
        return {each.class_name for each in self.candidates if each.is_learnt}

    @property
    def learnt_count(self) -> int:
        """Return the number of files to learn from, those to be held out of them included."""
        return sum(candidate.is_learnt for candidate in self.candidates)


def scan_folder(data: Path) -> Scan:
    """Return what class folders, or a zip of them, seem to hold; no picture is decoded.

    Raises:
        DatasetError: It is neither, or nothing in it can be learnt from, or it holds too many pictures.
    """
    with opened(data) as listing:
        scan = scan_listing(data.name, listing)
    check_splits(data.name, scan.splits)
    check_classes(data.name, len(scan.classes), scan.skipped)
    return scan


def scan_listing(name: str, listing: Listing) -> Scan:
    """Return what a listing seems to hold; raises DatasetError for too many pictures, or splits without classes."""
    scan = Scan()
    pictures = {entry.path: entry for entry in picture_files(listing, scan.skipped, scan.notes)}
    layout = layout_of(name, pictures, _folders(listing))
    scan.splits = layout.splits
    refusals = _name(scan, layout)
    _place(scan, layout, refusals, pictures)
    _tell_left_out(scan, layout, refusals, pictures)
    _tell_empty(scan, listing, layout)
    _tell_split_lists(scan)
    if len(scan.candidates) > MOST_PICTURES:
        raise DatasetError(
            name,
            said(
                "holds {n} pictures, the limit is {most}; use a part",
                n=len(scan.candidates),
                most=MOST_PICTURES,
            ),
        )
    return scan


def check_splits(name: str, splits: Mapping[Use, Iterable[PurePosixPath]]) -> None:
    """Raise DatasetError for a split that says what to measure on, but not what to learn from."""
    if splits and "train" not in splits:
        folders = ", ".join(f"{folder}/" for folders in splits.values() for folder in folders)
        raise DatasetError(
            name,
            said("has nothing to learn from, only {folders}; add a folder train/ with class folders", folders=folders),
        )


def check_classes(name: str, class_count: int, skipped: Iterable[Skipped]) -> None:
    """Raise DatasetError for fewer than two classes."""
    if class_count < 2:
        found = said("has no class folder with pictures") if class_count == 0 else said("has one class")
        needed = said("{found}; make one folder for each of two or more things", found=found)
        every = sorted(skipped, key=lambda each: not is_archive(each.file))  # in which all pictures may lie
        table = next((each.file for each in every if PurePosixPath(each.file).suffix.lower() in _TABLES), "")
        if any(PurePosixPath(each.file).name.startswith("data_batch_") for each in every):
            needed = said(
                "{found}, but CIFAR-10 as it is downloaded; take --dataset cifar10 with this folder as --data",
                found=found,
            )
        elif table and not is_archive(every[0].file):
            needed = said(
                "{found}, since classes are told by folders and not by a table as {table}; make one folder for each of "
                "two or more things",
                found=found,
                table=table,
            )
        raise DatasetError(name, with_first_skipped(needed, every))


def with_first_skipped(found: str, skipped: Iterable[Skipped]) -> str:
    """Return "has one class; make … (2 files cannot be used, the first: a.jpg is empty.)"; of folders only for want.

    It stands last, since some reasons are sentences of their own.
    """
    every = list(skipped)
    files = [each for each in every if not each.file.endswith("/")] or every
    if not files:
        return found
    return counted(
        "{found} ({n} file cannot be used: {file} {reason})",
        "{found} ({n} files cannot be used, the first: {file} {reason})",
        len(files),
        found=found,
        file=files[0].file,
        reason=files[0].reason,
    )


def _folders(listing: Listing) -> set[PurePosixPath]:
    parents = (entry.path.parent for entry in listing.files if not entry.refusal)
    return {*listing.folders, *parents} - {PurePosixPath()}


def _name(scan: Scan, layout: Layout) -> dict[PurePosixPath, str]:
    """Say which class each folder is; return those that are none, and why.

    Which classes there are is said by what is learnt from; by all folders where nothing is.
    """
    learnt = {"", "train"}
    uses = learnt if any(each.use in learnt for each in layout.classes) else {"val", "test"}
    keys = {each.path: (each.use in uses, each.name) for each in layout.classes}
    naming = name_classes(
        [name for is_learnt, name in keys.values() if is_learnt],
        [name for is_learnt, name in keys.values() if not is_learnt],
    )
    scan.notes += [*layout.notes, *naming.notes]
    scan.class_folders = {path: naming.names[key] for path, key in keys.items() if key in naming.names}
    return {path: naming.refusals[key] for path, key in keys.items() if key in naming.refusals}


def _place(
    scan: Scan,
    layout: Layout,
    refusals: Mapping[PurePosixPath, str],
    pictures: Mapping[PurePosixPath, Entry],
) -> None:
    """Sort the pictures into candidates and skipped files."""
    folders = {path: folder for folder in layout.classes for path in folder.pictures}
    for path, entry in pictures.items():
        folder = folders.get(path)
        if folder is None:
            scan.skipped.append(Skipped(str(path), _why_not_placed(path, layout)))
        elif folder.path in refusals:
            reason = said("lies in {folder}/, which {reason}", folder=folder.path, reason=refusals[folder.path])
            scan.skipped.append(Skipped(str(path), reason))
        else:
            scan.candidates.append(Candidate(entry, scan.class_folders[folder.path], folder.use))


def _why_not_placed(path: PurePosixPath, layout: Layout) -> str:
    for parent in path.parents:
        if parent in layout.unlabelled:
            return said("has no class: {folder}/ holds no class folders", folder=parent)
        if parent in layout.left_out:
            return said("is left out: {folder}/ {reason}", folder=parent, reason=layout.left_out[parent])
    return said("lies in no class folder")


def _tell_left_out(
    scan: Scan, layout: Layout, refusals: Mapping[PurePosixPath, str], pictures: Iterable[PurePosixPath]
) -> None:
    """Say which folders with pictures are not used at all; of those inside each other the outer one."""
    counts = Counter(parent for path in pictures for parent in path.parents)
    scan.left_out = [*layout.unlabelled, *layout.left_out]
    for folder in layout.unlabelled:
        if counts[folder] == 1:
            scan.notes.append(said("{folder}/ has no class folders: its picture is left out.", folder=folder))
        else:
            note = said(
                "{folder}/ has no class folders: its {n} pictures are left out.", folder=folder, n=counts[folder]
            )
            scan.notes.append(note)
    scan.notes += _left_out_notes(layout.left_out | _unused_folders(scan, layout, refusals, pictures))


def _left_out_notes(reasons: Mapping[PurePosixPath, str]) -> Iterator[str]:
    """Yield which folders are left out and why, a sentence for each reason."""
    of_reason: dict[str, list[PurePosixPath]] = {}
    for folder, reason in reasons.items():
        of_reason.setdefault(reason, []).append(folder)
    for reason, folders in of_reason.items():
        if len(folders) == 1:
            yield said("{folder}/ is left out: it {reason}.", folder=folders[0], reason=reason)
        else:
            names = listed([f"{folder}/" for folder in folders])
            yield said("{folders} are left out: each {reason}.", folders=names, reason=reason)


def _tell_split_lists(scan: Scan) -> None:
    """Say that a split which came as lists of files, `meta/test.txt`, is not followed."""
    files = [PurePosixPath(each.file) for each in scan.skipped]
    stems = {str(file): file.stem for file in files if file.suffix.lower() in _LISTS}
    found = [file for file, stem in stems.items() if hinted_use(stem) in ("val", "test") or "split" in stem.lower()]
    if found and not scan.splits:
        note = said(
            "A split by lists ({files}) is not read; put the pictures into train/ and test/.", files=listed(found)
        )
        scan.notes.append(note)


def _unused_folders(
    scan: Scan, layout: Layout, refusals: Mapping[PurePosixPath, str], pictures: Iterable[PurePosixPath]
) -> dict[PurePosixPath, str]:
    """Return the outermost folders with no picture that is used, and why, but for those that are told already."""
    used = {parent for each in scan.candidates for parent in each.entry.path.parents}
    told = {*layout.unlabelled, *layout.left_out}
    found: dict[PurePosixPath, str] = {}
    for parents in {path.parent: [*path.parents] for path in pictures}.values():
        unused = [parent for parent in parents if parent not in used and parent.parts]
        if unused and not told.intersection(parents):
            reason = said("holds no folder of a class of the pictures to learn from")
            found[unused[-1]] = refusals.get(unused[-1], reason)
    return found


def _tell_empty(scan: Scan, listing: Listing, layout: Layout) -> None:
    """Name the folders that hold no file at all, of those inside each other the outer one."""
    held = {parent for entry in listing.files for parent in entry.path.parents}
    closed = {entry.path for entry in listing.files if entry.refusal}  # among them folders that may not be read
    classes = {each.path for each in layout.classes}
    for folder in listing.folders:
        if folder not in held and folder not in closed and (folder.parent in held or folder.parent == PurePosixPath()):
            scan.empty.add(folder)
            if folder not in classes:
                scan.skipped.append(Skipped(f"{folder}/", said("is empty")))


def tell_empty_classes(scan: Scan, used: Collection[Picture]) -> None:
    """Say which class folders hold no picture that is used, once this is known."""
    holding = {parent for picture in used for parent in picture.path.parents}
    classes = {picture.class_name for picture in used}
    left_out: dict[PurePosixPath, str] = {}
    for folder, name in scan.class_folders.items():
        if folder not in holding:
            reason = said("is empty") if folder in scan.empty else said("has no usable picture")
            if name not in classes:
                left_out[folder] = reason
                reason = said("{reason}; the class is left out", reason=reason)
            scan.skipped.append(Skipped(f"{folder}/", reason))
    scan.notes += _left_out_notes(left_out)
