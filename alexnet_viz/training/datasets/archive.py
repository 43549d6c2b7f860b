"""The files of a folder or a zip, listed and read without ever leaving it, and without unpacking anything."""

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from alexnet_viz.errors import DatasetError
from alexnet_viz.images import MAX_BYTES

MOST_FILES = 100_000
# Made by systems and programs, never by a person: passed over without a word.
_JUNK_FOLDERS = {"__macosx", "@eadir", "$recycle.bin", "system volume information"}
_JUNK_FILES = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Entry:
    """A file of the data.

    Attributes:
        path: Relative to the data, "cats/tom.jpg".
        refusal: Why it must not be read, or "".
        read: Returns its content, at most MAX_BYTES + 1 of it; raises OSError.
    """

    path: PurePosixPath
    refusal: str
    read: Callable[[], bytes]


def list_files(data: Path) -> list[Entry]:
    """Return the files of a folder or of a zip, in the order of their paths; junk and hidden files are left out.

    Raises:
        DatasetError: Neither a folder nor a zip, or far too many files.
    """
    if data.is_dir():
        entries = _folder_entries(data)
    elif data.is_file():
        entries = _zip_entries(data)
    else:
        raise DatasetError(str(data), "does not exist; give a folder of class folders, or a zip of one")
    wanted = []
    for entry in entries:
        if not _is_junk(entry.path):
            wanted.append(entry)
        if len(wanted) > MOST_FILES:
            raise DatasetError(data.name, f"holds more than {MOST_FILES:,} files; give a smaller part of it")
    return sorted(wanted, key=lambda entry: entry.path)


def _is_junk(path: PurePosixPath) -> bool:
    names = [part.lower() for part in path.parts]
    hidden = any(name.startswith(".") and name != ".." for name in names)
    return hidden or names[-1] in _JUNK_FILES or any(name in _JUNK_FOLDERS for name in names[:-1])


def _folder_entries(data: Path) -> Iterator[Entry]:
    for folder, folders, files in os.walk(data, followlinks=False):
        here = Path(folder)
        linked = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(set(folders) - set(linked))
        for name in [*linked, *files]:
            path = here / name
            relative = PurePosixPath(path.relative_to(data).as_posix())
            yield Entry(relative, _file_refusal(path), lambda path=path: _read_file(path))  # type: ignore[misc]


def _file_refusal(path: Path) -> str:
    try:
        found = path.lstat()
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if stat.S_ISLNK(found.st_mode):
        return "is a link; put the picture itself there"
    if not stat.S_ISREG(found.st_mode):
        return "is no ordinary file"
    return _size_refusal(found.st_size)


def _size_refusal(size: int) -> str:
    if size > MAX_BYTES:
        return f"has {size / 1e6:.0f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB"
    return ""


def _read_file(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _zip_entries(data: Path) -> Iterator[Entry]:
    try:
        with zipfile.ZipFile(data) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DatasetError(
            data.name, "is neither a folder nor a zip that can be opened; zip the folder anew"
        ) from error
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if not member.is_dir() and path.parts:
            yield Entry(
                path,
                _member_refusal(member, path),
                lambda name=member.filename: _read_member(data, name),  # type: ignore[misc]
            )


def _member_refusal(member: zipfile.ZipInfo, path: PurePosixPath) -> str:
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "has a path that leads out of the archive"
    mode = member.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a link; put the picture itself into the archive"
    if member.flag_bits & 1:
        return "is encrypted; zip it without a password"
    return _size_refusal(member.file_size)


def _read_member(data: Path, name: str) -> bytes:
    """Return a member's content; what it says of its size is not believed, so that a bomb stops at the limit."""
    try:
        with zipfile.ZipFile(data) as archive, archive.open(name) as stream:
            return stream.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError) as error:
        raise OSError(f"is damaged inside the archive ({error})") from error
    except Exception as error:
        if type(error).__module__ in ("zlib", "lzma", "_lzma"):  # the decompressors' own errors share no base class
            raise OSError("is damaged inside the archive") from error
        raise
