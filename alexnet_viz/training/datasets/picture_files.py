"""Which files of a folder or a zip may be pictures: by their names, or by their content where a name says nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from alexnet_viz.images.first_picture import UnusableFileError, first_picture, is_heic
from alexnet_viz.language import counted, said
from alexnet_viz.training.datasets.archive import Entry, Listing, is_archive

# Of the formats that are read, and of those that a person may take for one of them and should be told about.
_PICTURE_SUFFIX = re.compile(
    r"jpe?g|jpe|jfif|png|apng|webp|gif|bmp|dib|tiff?|avif|hei[cf]|hif|jp2|j2k|jxl|psd|tga|ico|p[bgnp]m|pcx|svg"
    r"|dng|cr[23]|nef|arw|orf|rw2|raf"
)
# As beside `benign (1).png`: `benign (1)_mask.png`.
_MASK = re.compile(r"(.+)[_-]mask(?:_\d+)?(\.\w+)", re.IGNORECASE)
_SUFFIX = re.compile(r"\.([a-z][a-z0-9_~!-]{0,11})$")


@dataclass(frozen=True)
class Skipped:
    """A file or a folder that is not used, and why."""

    file: str
    reason: str


def picture_files(listing: Listing, skipped: list[Skipped], notes: list[str]) -> Iterator[Entry]:
    """Yield the files that may be pictures; add the others to `skipped`, and what is to be told of them to `notes`."""
    others: Counter[str] = Counter()
    are_pictures: dict[PurePosixPath, bool] = {}
    paths = {entry.path for entry in listing.files}
    for entry in listing.files:
        if entry.refusal:
            skipped.append(Skipped(str(entry.path), entry.refusal))
        elif suffix := _other_suffix(entry.path.name):
            others[suffix] += 1
            skipped.append(Skipped(str(entry.path), _no_picture(suffix)))
        elif "." not in entry.path.name and not _may_be_picture(entry, are_pictures):
            skipped.append(Skipped(str(entry.path), said("is no picture, and its name has no ending")))
        elif (mask := _MASK.fullmatch(entry.path.name)) and entry.path.with_name(mask[1] + mask[2]) in paths:
            skipped.append(
                Skipped(str(entry.path), said("is the mask of {other} by its name", other=mask[1] + mask[2]))
            )
        else:
            yield entry
    if others:
        kinds = ", ".join(f"{count:,} {suffix}" for suffix, count in others.most_common(5))
        more = ", …" if len(others) > 5 else ""
        note = counted(
            "{n} file is no picture and is passed over: {kinds}.",
            "{n} files are no pictures and are passed over: {kinds}.",
            others.total(),
            kinds=kinds + more,
        )
        notes.append(note)


def _other_suffix(name: str) -> str:
    """Return the ending of a file that is no picture by its name; a name without an ending may be one."""
    found = _SUFFIX.search(name.lower())
    return f".{found[1]}" if found and not _PICTURE_SUFFIX.match(found[1]) else ""


def _no_picture(suffix: str) -> str:
    if is_archive(suffix):
        return said("is an archive inside the data; unpack it there")
    return said("is no picture ({suffix})", suffix=suffix)


def _may_be_picture(entry: Entry, are_pictures: dict[PurePosixPath, bool]) -> bool:
    """Return whether a file without an ending may be one; where a folder's first file is, the others are not read."""
    folder = entry.path.parent
    if not are_pictures.get(folder):
        are_pictures[folder] = _begins_like_one(entry)
    return are_pictures[folder]


def _begins_like_one(entry: Entry) -> bool:
    try:
        content = entry.read()
        return not content or first_picture(content) is not None or is_heic(content)
    except (OSError, UnusableFileError):
        return True  # why it cannot be used is said when it is decoded
