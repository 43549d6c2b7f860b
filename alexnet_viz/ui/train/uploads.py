"""Zips of class folders that browsers have sent: they lie beside the runs that need them."""

import secrets
import time
from collections.abc import Callable
from pathlib import Path

from alexnet_viz.errors import DatasetError
from alexnet_viz.runs import list_runs, runs_folder
from alexnet_viz.training.datasets.folder import inspect_folder
from alexnet_viz.training.datasets.reading import Check, keep_on

_UNUSED_SECONDS = 86_400.0
_LONGEST_LOOK_SECONDS = 600  # 20,000 photos take two minutes of two free cores
_MOST_TOLD = 200  # files that are left out, each with its reason
_UPLOADS = ".uploads"  # a folder without a config.json is no run

Record = dict[str, object]


def new_upload() -> Path:
    """Return a path for a zip of class folders that is on its way in; what no run came to need goes after a day."""
    folder = runs_folder() / _UPLOADS
    folder.mkdir(parents=True, exist_ok=True)
    needed = {run.config().get("data") for run in list_runs(runs_folder())}
    for file in folder.glob("*.zip"):
        if str(file.resolve()) not in needed and time.time() - file.stat().st_mtime > _UNUSED_SECONDS:
            file.unlink(missing_ok=True)
    return folder / f"{secrets.token_hex(8)}.zip"


def inspect_upload(
    file: Path, name: str, check: Check = keep_on, clock: Callable[[], float] = time.monotonic
) -> Record:
    """Look through a zip that has come in.

    Args:
        file: Where it lies.
        name: What the person calls it.
        check: Called before each picture; what it raises ends the looking.
    Raises:
        DatasetError: No training can use it, or looking through it takes far too long.
    """
    latest = clock() + _LONGEST_LOOK_SECONDS

    def still_asked() -> None:
        check()
        if clock() > latest:
            minutes = _LONGEST_LOOK_SECONDS // 60
            raise DatasetError(name, f"takes longer than {minutes} minutes to look through; send smaller pictures")

    try:
        found = inspect_folder(file, still_asked).to_record()
    except DatasetError as error:
        raise DatasetError(name, error.reason) from error
    told = {"skipped": found["skipped"][:_MOST_TOLD], "skipped_count": len(found["skipped"])}
    return {"data": file.stem, "name": name, **found, **told}


def uploaded_pictures(upload: str) -> Path:
    """Return the zip that a browser has sent and knows the name of; raises DatasetError."""
    file = runs_folder() / _UPLOADS / f"{upload}.zip"
    if not upload.isalnum() or not file.is_file():
        raise DatasetError("Your own pictures", "are not here yet; choose a zip with a folder for each class")
    return file
