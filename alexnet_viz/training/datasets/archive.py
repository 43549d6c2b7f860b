"""Files of a folder or a zip: listed and read without leaving it and without unpacking anything."""

import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from io import FileIO
from pathlib import Path, PurePosixPath

from alexnet_viz.errors import DatasetError
from alexnet_viz.images import MAX_BYTES
from alexnet_viz.language import said
from alexnet_viz.number_words import megabytes_beyond

MOST_FILES = 100_000
_DEEPEST = 40  # folders in each other; a zip may claim 30,000
_PIECE_BYTES = 1_000_000  # of a file inside a zip, read at once
_MOST_READ_BYTES = 16_000_000  # at once, so of a zip's own list of files too: 100,000 with paths of 110 letters
_UTF8_FLAG = 0x800
# Made by systems and programs, never by a person: passed over without a word.
_JUNK_FOLDERS = {
    *("__macosx", "_macosx", "@eadir", "#recycle", "#snapshot", "$recycle.bin", "system volume information"),
    *("lost+found", "__pycache__", "venv", "node_modules"),
}
_JUNK_FILES = {"thumbs.db", "desktop.ini"}
_JUNK_BEGINNINGS = ("synofile_thumb", "~$")  # a network drive's small copies, and an office program's locks
_ARCHIVE_SUFFIXES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".zst", ".7z", ".rar")


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


@dataclass(frozen=True)
class Listing:
    """What a folder or a zip holds; junk and hidden files are left out.

    Attributes:
        files: In the order of their paths; two have the same path where a zip holds a name twice.
        folders: All of them that the data name, the empty ones too.
    """

    files: tuple[Entry, ...]
    folders: tuple[PurePosixPath, ...]


@contextmanager
def opened(data: Path) -> Iterator[Listing]:
    """Yield what a folder or a zip holds; its files can be read until the block ends.

    Raises:
        DatasetError: Neither a folder nor a zip, or far too many files.
    """
    if data.is_dir():
        yield _listing(data.name, _folder_entries(data))
    elif data.is_file():
        with _open_zip(data) as archive:
            yield _listing(data.name, _zip_entries(archive))
    else:
        raise DatasetError(str(data), said("does not exist; give a folder of class folders, or a zip of one"))


def _listing(name: str, found: Iterable[Entry | PurePosixPath]) -> Listing:
    files: list[Entry] = []
    folders: list[PurePosixPath] = []
    for each in found:
        if isinstance(each, Entry):
            if not _is_junk(each.path):
                files.append(each)
        elif len(each.parts) <= _DEEPEST and not _is_junk(each / "-"):
            folders.append(each)
        if len(files) + len(folders) > MOST_FILES:
            raise DatasetError(
                name,
                said("holds more than {n} files and folders; give a smaller part of it", n=MOST_FILES),
            )
    return Listing(tuple(sorted(files, key=lambda entry: entry.path)), tuple(sorted(folders)))


def is_archive(name: str) -> bool:
    """Return whether a file is an archive by its name."""
    return name.lower().endswith(_ARCHIVE_SUFFIXES)


def _is_junk(path: PurePosixPath) -> bool:
    names = [part.lower() for part in path.parts]
    hidden = any(name.startswith(".") and name != ".." for name in names)
    is_junk = names[-1] in _JUNK_FILES or names[-1].startswith(_JUNK_BEGINNINGS)
    return hidden or is_junk or any(name in _JUNK_FOLDERS for name in names[:-1])


# ---------------------------------------------------------------- a folder


def _folder_entries(data: Path) -> Iterator[Entry | PurePosixPath]:
    closed: list[Path] = []
    for folder, folders, files in os.walk(
        data, followlinks=False, onerror=lambda error: closed.append(Path(error.filename))
    ):
        here = Path(folder)
        linked = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(set(folders) - set(linked))
        for name in folders:
            yield _relative(here / name, data)
        for name in [*linked, *files]:
            path = here / name
            yield Entry(_relative(path, data), _file_refusal(path, data), partial(_read_file, path))
    for path in closed:
        yield Entry(_relative(path, data), said("may not be read by this program; change its permissions"), bytes)


def _relative(path: Path, data: Path) -> PurePosixPath:
    return PurePosixPath(path.relative_to(data).as_posix())


def _file_refusal(path: Path, data: Path) -> str:
    try:
        found = path.lstat()
    except OSError as error:
        return said("cannot be read ({problem})", problem=error.strerror)
    if stat.S_ISLNK(found.st_mode):
        if path.is_dir():
            return said("is a link to a folder, and links are not followed; put the folder itself there")
        return said("is a link; put the picture itself there")
    if not stat.S_ISREG(found.st_mode):
        return said("is no ordinary file")
    return _depth_refusal(_relative(path, data)) or _size_refusal(found.st_size)


def _depth_refusal(path: PurePosixPath) -> str:
    return said("lies in more than {n} folders", n=_DEEPEST) if len(path.parts) > _DEEPEST + 1 else ""


def _size_refusal(size: int) -> str:
    if size > MAX_BYTES:
        return said("has {size} MB, the limit is {most} MB", size=megabytes_beyond(size), most=MAX_BYTES // 1_000_000)
    return ""


def _read_file(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


# ---------------------------------------------------------------- a zip


class _BoundedFile(FileIO):
    """A file of which no more is read at once than any honest zip needs: its list of files is read in one piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_READ_BYTES:
            raise zipfile.BadZipFile("its list of files is too long")
        return super().read(size)


@contextmanager
def _open_zip(data: Path) -> Iterator[zipfile.ZipFile]:
    """Yield the archive, opened once: opening it for each file would cost the square of their number."""
    with ExitStack() as opened_files:
        try:
            archive = zipfile.ZipFile(opened_files.enter_context(_BoundedFile(data)))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            if is_archive(data.name) and not data.name.lower().endswith(".zip"):
                reason = said("is an archive, but no zip; unpack it and give the folder")
            else:
                reason = said("is neither a folder nor a zip that can be opened; zip the folder anew")
            raise DatasetError(data.name, reason) from error
        yield opened_files.enter_context(archive)


def _zip_entries(archive: zipfile.ZipFile) -> Iterator[Entry | PurePosixPath]:
    names = [_member_name(member).replace("\\", "/") for member in archive.infolist()]
    members = list(zip(archive.infolist(), names, map(PurePosixPath, names), strict=True))
    latest = {path: member for member, _, path in members}
    for member, name, path in members:
        if not path.parts:
            continue
        if name.endswith("/"):
            if not _path_refusal(path):
                yield path
            continue
        refusal = _member_refusal(member, path)
        if latest[path] is not member:
            again = said("stands in the archive again further on; unzipping leaves only the last of that name")
            refusal = refusal or again
        yield Entry(path, refusal, partial(_read_member, archive, member))


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; macOS writes UTF-8 without saying so, and zipfile then reads it as code page 437."""
    if member.flag_bits & _UTF8_FLAG:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _member_refusal(member: zipfile.ZipInfo, path: PurePosixPath) -> str:
    mode = member.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return _path_refusal(path) or said("is a link; put the picture itself into the archive")
    if member.flag_bits & 1:
        return _path_refusal(path) or said("is encrypted; zip it without a password")
    return _path_refusal(path) or _depth_refusal(path) or _size_refusal(member.file_size)


def _path_refusal(path: PurePosixPath) -> str:
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return said("has a path that leads out of the archive")
    return ""


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return a member's content; what it says of its size is not believed, so that a bomb stops at the limit."""
    try:
        with archive.open(member) as stream:
            content = bytearray()
            while len(content) <= MAX_BYTES and (piece := stream.read(_PIECE_BYTES)):
                content += piece
            return bytes(content[: MAX_BYTES + 1])
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError) as error:
        raise OSError(said("is damaged inside the archive ({problem})", problem=error)) from error
    except Exception as error:
        if type(error).__module__ in ("zlib", "lzma", "_lzma"):  # the decompressors' own errors share no base class
            raise OSError(said("is damaged inside the archive")) from error
        raise
