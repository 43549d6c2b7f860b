"""torchvision's AlexNet, trained on ImageNet: its file, its download, its metadata.

Nothing is downloaded before a person asks for it. The file is stored where torch keeps its downloads, so
torchvision and this program share it.
"""

from __future__ import annotations

import errno
import hashlib
import http
import http.client
import os
import shutil
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.error import HTTPError, URLError

import torch
from filelock import FileLock, Timeout

from alexnet_viz.atomic import replacing
from alexnet_viz.checkpoints.assumptions import imagenet_classes, imagenet_rule
from alexnet_viz.checkpoints.metadata import encode_metadata
from alexnet_viz.errors import FetchError
from alexnet_viz.language import said

NAME = "imagenet"
TITLE = said("AlexNet trained on ImageNet, 1000 classes")
SHORT_TITLE = said("AlexNet, ImageNet")
LICENCE = "BSD-3"
ACCURACY = 0.56522  # of ImageNet's validation pictures, as torchvision states it
_MEBIBYTE = 2**20  # torchvision counts so: 233 MB
_KEPT_SECONDS = 86_400.0
_PATIENCE_SECONDS = 30.0
_CHUNK = 2**18


@dataclass(frozen=True)
class Source:
    """A file of the net that is known to the last bit.

    Attributes:
        url: Where it is.
        site: Who gives it, in words.
        size: In bytes.
        sha256: In hexadecimal.
    """

    url: str
    site: str
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """How the file is called wherever it lies."""
        return self.url.rpartition("/")[2]

    @property
    def place(self) -> str:
        """Where a person may put it by hand."""
        return f"checkpoints/{self.file_name}"


# The url is AlexNet_Weights.IMAGENET1K_V1's. The name holds the digest's first 8 digits; all 64, and the size, are
# those that several public repositories which pin this file agree on (they use it for the LPIPS metric).
SOURCE = Source(
    url="https://download.pytorch.org/models/alexnet-owt-7be5be79.pth",
    site="pytorch.org",
    size=244_408_911,
    sha256="7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02",
)


def megabytes(count: int) -> str:
    """Return a number of bytes as torchvision writes this file's size, "233 MB"."""
    return said("{n} MB", n=round(count / _MEBIBYTE))


def hub_folder() -> Path:
    """Return where torch keeps what it has downloaded."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def is_allowed() -> bool:
    """Return whether whoever runs this program lets it be fetched: ALEXNET_VIZ_FETCH is not "no"."""
    return os.environ.get("ALEXNET_VIZ_FETCH", "").strip().lower() not in ("no", "off", "0", "false")


def require_allowed() -> None:
    """Refuse to fetch or to remove it where whoever runs this program does not let people.

    Raises:
        FetchError: It is switched off.
    """
    if not is_allowed():
        remedy = said("Ask whoever runs this app; the file goes into checkpoints/")
        raise FetchError(said("Fetching is switched off here"), remedy)


def find(*folders: Path) -> Path | None:
    """Return the file where it lies whole already: in one of the folders, or where torch keeps its downloads."""
    for folder in (*folders, hub_folder()):
        path = folder / SOURCE.file_name
        if is_file_of_source(path):
            return path
    return None


def is_file_of_source(path: Path) -> bool:
    """Return whether a file has the name and the size; cheap."""
    with suppress(OSError):
        return path.name == SOURCE.file_name and path.is_file() and path.stat().st_size == SOURCE.size
    return False


def metadata_of(path: Path) -> dict[str, str] | None:
    """Return what is known of the file, as a file of this program says it; None for any other file."""
    classes = imagenet_classes() if is_file_of_source(path) else []
    if not classes:
        return None
    return encode_metadata(
        {
            "variant": "torchvision",
            "classes": classes,
            "input": imagenet_rule().to_record(),
            "metrics": {"val_accuracy": ACCURACY},
            "source": f"torchvision's AlexNet, trained on ImageNet; {LICENCE}; {SOURCE.url}",
        }
    )


def kept_bytes() -> int:
    """Return how much of a fetch that was broken off is still here; what is older than a day is removed."""
    partial = _partial()
    with suppress(OSError):
        status = partial.stat()
        if time.time() - status.st_mtime < _KEPT_SECONDS:
            return status.st_size
        partial.unlink()
    return 0


def fetch(progress: Callable[[int], None] = lambda count: None) -> Path:
    """Fetch the file and return where it lies; go on with what an earlier fetch has left.

    Args:
        progress: Is told how many bytes are here; the size itself once all have come and are being checked. To cancel,
            it raises; what it raises comes out unchanged, and what has come is kept for a day.
    Raises:
        FetchError: It cannot be fetched, and why.
    """
    require_allowed()
    target = hub_folder() / SOURCE.file_name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(f"{target.name}.lock"), blocking=False):
            _require_room(SOURCE.size - kept_bytes(), target.parent)
            _receive(_partial(), progress)
            progress(SOURCE.size)
            _require_digest(_partial())
            os.replace(_partial(), target)
    except Timeout as error:
        raise FetchError(said("It is being fetched already"), said("Wait until that is done")) from error
    except OSError as error:
        raise _unwritten(error, target.parent) from error
    return target


def take(file: Path) -> Path:
    """Copy the file from where a person has it, after checking it, and return where it lies now.

    Raises:
        FetchError: It is not that file, or there is no room for it.
    """
    target = hub_folder() / SOURCE.file_name
    try:
        if file.stat().st_size != SOURCE.size or _digest(file) != SOURCE.sha256:
            raise FetchError(
                said("{file} is not {wanted}, or is damaged", file=file.name, wanted=SOURCE.file_name),
                said("Get it from {url}", url=SOURCE.url),
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and target.samefile(file):
            return target
        _require_room(SOURCE.size, target.parent)
        with replacing(target) as partial:
            shutil.copyfile(file, partial)
    except OSError as error:
        raise FetchError(
            said("{file} cannot be taken: {problem}", file=str(file), problem=error.strerror),
            said("Choose another file"),
        ) from error
    return target


def remove(path: Path | None) -> None:
    """Remove the file from where it was found; nothing where it was found nowhere.

    Raises:
        FetchError: It cannot be removed.
    """
    try:
        if path is not None:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise FetchError(
            said("{file} cannot be removed: {problem}", file=str(path), problem=error.strerror),
            said("Ask whoever runs this app"),
        ) from error


def verify(path: Path) -> Path:
    """Return the path of a file that is the one that is meant, to the last bit.

    Raises:
        FetchError: It is not; nothing is removed, for another may have put it there.
    """
    if _digest(path) != SOURCE.sha256:
        raise FetchError(said("{file} is damaged", file=str(path)), said("Remove it, and get it again"))
    return path


def _partial() -> Path:
    return hub_folder() / f"{SOURCE.file_name}.partial"


def _require_room(needed: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise FetchError(
            said("{needed} are needed, {free} are free", needed=megabytes(needed), free=megabytes(free)),
            said("Make room and try again"),
        )


def _receive(partial: Path, progress: Callable[[int], None]) -> None:
    """Write what is missing behind what is there, or all of it where the server cannot or will not send a part."""
    here = kept_bytes()
    if here >= SOURCE.size:
        return
    try:
        headers = {"Range": f"bytes={here}-"} if here else {}
        request = urllib.request.Request(SOURCE.url, headers=headers)  # noqa: S310 (the address is a constant)
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310 (the same)
            is_rest = here and answer.status == http.HTTPStatus.PARTIAL_CONTENT
            with partial.open("ab" if is_rest else "wb") as stream:
                _copy(answer, stream, progress)
    except HTTPError as error:
        error.close()
        if here and error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            partial.unlink()
            return _receive(partial, progress)
        raise _unreached(f"{SOURCE.site} answered {error.code}") from error
    except (URLError, ConnectionError, TimeoutError, http.client.HTTPException) as error:
        came = kept_bytes()
        broke = said("The connection to {site} broke off after {size}", site=SOURCE.site, size=megabytes(came))
        raise _unreached(broke if came > here else said("No connection to {site}", site=SOURCE.site)) from error


def _copy(answer: http.client.HTTPResponse, stream: BinaryIO, progress: Callable[[int], None]) -> None:
    count = stream.tell()
    progress(count)
    while piece := answer.read1(_CHUNK):
        stream.write(piece)
        count += len(piece)
        if count > SOURCE.size:
            return  # another file: its digest will say so
        progress(count)
    if count < SOURCE.size:
        raise http.client.IncompleteRead(b"", SOURCE.size - count)


def _unreached(what: str) -> FetchError:
    return FetchError(what, said("Put the file here:"), SOURCE.place)


def _unwritten(error: OSError, folder: Path) -> FetchError:
    if error.errno == errno.ENOSPC:
        free = shutil.disk_usage(folder).free
        return FetchError(
            said("{needed} are needed, {free} are free", needed=megabytes(SOURCE.size), free=megabytes(free)),
            said("Make room and try again"),
        )
    return FetchError(
        said("The file cannot be written: {problem}", problem=error.strerror), said("Put it here:"), SOURCE.place
    )


def _require_digest(partial: Path) -> None:
    if _digest(partial) != SOURCE.sha256:
        partial.unlink()
        raise FetchError(said("The file arrived damaged and was removed"), said("Try again"))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
