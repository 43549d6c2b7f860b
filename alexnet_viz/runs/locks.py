"""The two locks of a run: one while a trainer is being started or the run deleted, one held by its trainer.

The kernel releases a lock when its process ends, however it ends, so no clock, host name or process number is needed to
know who holds it. The lock files are never removed, since a lock whose file was removed could be held twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

START, TRAINER = "start.lock", "trainer.lock"
_CERTAIN_SECONDS = 0.2  # another reader that asks at the same moment holds a lock for microseconds
_POLL_SECONDS = 0.02


@contextmanager
def hold(folder: Path, name: str, seconds: float) -> Iterator[None]:
    """Hold one of a run's locks for the block, after waiting for it.

    Args:
        folder: The run's.
        name: START or TRAINER.
        seconds: How long to wait at most.
    Raises:
        filelock.Timeout: Somebody else holds it.
        FileNotFoundError: The run was deleted.
    """
    if not folder.is_dir():  # which the lock would make
        raise FileNotFoundError(folder)
    with FileLock(folder / name, timeout=seconds, poll_interval=_POLL_SECONDS):
        yield


def is_held(folder: Path, name: str, *, certainly: bool = True) -> bool | None:
    """Return whether somebody holds one of a run's locks; None where there is no such file, or it cannot be asked.

    Args:
        folder: The run's.
        name: START or TRAINER.
        certainly: Whether to ask so long that it cannot have been another reader.
    """
    if not (folder / name).exists():
        return None
    try:
        with hold(folder, name, _CERTAIN_SECONDS if certainly else 0):
            return False
    except Timeout:
        return True
    except OSError:  # a folder that may only be read, a disk without locks
        return None
