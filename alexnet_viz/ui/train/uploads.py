"""Uploaded zips of class folders, kept beside the runs that need them."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alexnet_viz.errors import DatasetError
from alexnet_viz.language import said
from alexnet_viz.runs import list_runs, runs_folder
from alexnet_viz.training.datasets.folder import inspect_folder
from alexnet_viz.training.datasets.reading import Check, keep_on
from alexnet_viz.ui.people import asking

_UNUSED_SECONDS = 86_400.0
_LONGEST_LOOK_SECONDS = 600  # 20,000 photos take two minutes of two free cores
_MOST_TOLD = 200  # files that are left out, each with its reason
MOST_OF_A_PERSON = 900_000_000  # bytes of zips that no run has come to need, beside the one on its way
_OWNER_LETTERS = 12  # of a file's name say whose it is
_UPLOADS = ".uploads"  # a folder without a config.json is no run

Record = dict[str, object]


@dataclass(frozen=True)
class Upload:
    """An uploaded zip of class folders: its name in the sender's browser, and its path."""

    id: str
    file: Path


def new_upload() -> Upload:
    """Return a path for a new upload; zips that no run needs are removed after a day, or to make room for this one."""
    folder = runs_folder() / _UPLOADS
    folder.mkdir(parents=True, exist_ok=True)
    needed = {run.config().get("data") for run in list_runs(runs_folder())}
    unused = sorted(
        ((file, file.stat()) for file in folder.glob("*.zip") if str(file.resolve()) not in needed),
        key=lambda each: -each[1].st_mtime,
    )
    theirs = 0
    for file, about in unused:  # the newest first
        is_own = file.name.startswith(_digest("")[:_OWNER_LETTERS])
        theirs += about.st_size if is_own else 0
        if time.time() - about.st_mtime > _UNUSED_SECONDS or (is_own and theirs > MOST_OF_A_PERSON):
            file.unlink(missing_ok=True)
    return _upload(secrets.token_hex(16))


def _upload(upload_id: str) -> Upload:
    """Return the path of the asking person's zip with that name.

    A file is called by a digest of both: whoever reads it in a run or in a checkpoint's source can ask for nothing with
    it, and a name that somebody else has come to know means another file.
    """
    name = _digest("")[:_OWNER_LETTERS] + _digest(upload_id)
    return Upload(upload_id, runs_folder() / _UPLOADS / f"{name}.zip")


def _digest(upload_id: str) -> str:
    return hashlib.sha256(f"{asking()}\0{upload_id}".encode()).hexdigest()[:32]


def inspect_upload(
    upload: Upload,
    name: str,
    check: Check = keep_on,
    clock: Callable[[], float] = time.monotonic,
    *,
    is_learnt: bool = True,
) -> Record:
    """Inspect an uploaded zip.

    Args:
        upload: Of `new_upload`.
        name: What the person calls it.
        check: Called before each picture; what it raises ends the looking.
        clock: Seconds.
        is_learnt: Whether a training is to learn from it; finished networks are shown what is less, too.
    Raises:
        DatasetError: It cannot be used for that, or looking through it takes far too long.
    """
    latest = clock() + _LONGEST_LOOK_SECONDS

    def still_asked() -> None:
        check()
        if clock() > latest:
            minutes = _LONGEST_LOOK_SECONDS // 60
            raise DatasetError(
                name,
                said("takes longer than {minutes} minutes to look through; send smaller pictures", minutes=minutes),
            )

    try:
        content = inspect_folder(upload.file, still_asked, is_learnt=is_learnt)
    except DatasetError as error:
        raise DatasetError(name, error.reason) from error
    found = content.to_record() if is_learnt else content.to_measured_record()
    told = {"skipped": found["skipped"][:_MOST_TOLD], "skipped_count": len(found["skipped"])}
    return {"data": upload.id, "name": name, **found, **told}


def uploaded_pictures(upload: str) -> Path:
    """Return the asking person's uploaded zip with this name; raises DatasetError."""
    file = _upload(upload).file
    if not upload.isalnum() or not file.is_file():
        raise DatasetError(said("Your own pictures"), said("are not here; choose a zip with a folder for each class"))
    return file
