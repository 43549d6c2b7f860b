"""Temporary folders for uploads: removed with the process, however it ends."""

import contextlib
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

_PREFIX = "alexnet_viz-"
_LOCK = "in-use.lock"
_SETTLED_SECONDS = 60.0  # a folder is made before it is locked
_removals: list[Callable[[], object]] = []


def own_folder(owner: object, purpose: str) -> Path:
    """Return a new folder that nobody else may read; it is removed with its owner, or when the process ends.

    Before that, it removes the folders of processes that were killed: those whose lock nobody holds any more.
    """
    _remove_left_behind(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{purpose}-"))
    lock = FileLock(folder / _LOCK, thread_local=False)  # whatever thread its owner ends in gives it back
    lock.acquire()
    _removals.append(weakref.finalize(owner, _remove, folder, lock))
    return folder


def remove_own_folders() -> None:
    """Remove all folders now: a server that is asked to end ends by that signal, which runs nothing behind it."""
    for remove in _removals:
        remove()
    _removals.clear()


def _remove_left_behind(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*-*"):
        with contextlib.suppress(OSError, Timeout):  # another user's, or in use
            if time.time() - folder.stat().st_mtime > _SETTLED_SECONDS:
                lock = FileLock(folder / _LOCK, blocking=False)
                lock.acquire()
                _remove(folder, lock)


def _remove(folder: Path, lock: FileLock) -> None:
    lock.release()  # first: some systems keep a file that is open
    shutil.rmtree(folder, ignore_errors=True)
