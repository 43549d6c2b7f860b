"""One training per device at a time; the others wait in the order in which they came."""

import contextlib
import platform
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from alexnet_viz.language import said
from alexnet_viz.runs import Run, list_runs


@contextlib.contextmanager
def device_turn(run: Run, device: str, queued_at: float, wait: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other run of the same folder trains on the device, then hold it for the block.

    Args:
        run: The run that wants the device; its status says `queued` meanwhile.
        device: Its name.
        queued_at: When the run came, seconds since 1970.
        wait: Called with a sentence about who is ahead, again and again; it passes some time, or raises.
    """
    runs = run.folder.parent
    lock = FileLock(runs / f".{_plain(device)}-{_plain(platform.node())}.lock", blocking=False)
    while True:
        ahead = runs_ahead(run, device, queued_at)
        with contextlib.suppress(Timeout):
            if not ahead:
                lock.acquire()
                break
        user = ahead[0].id if ahead else said("another training")
        if ahead and ahead[0].status().is_paused:
            wait(said("waits for {device}, which {user} uses, and that is paused", device=device, user=user))
        else:
            wait(said("waits for {device}, which {user} uses", device=device, user=user))
    try:
        yield
    finally:  # a process that is killed loses it, too
        lock.release()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def runs_ahead(run: Run, device: str, queued_at: float) -> list[Run]:
    """Return the living runs that have the device, or that came before and wait for it too; first come, first."""
    ahead: list[tuple[float, str, Run]] = []
    for other in list_runs(run.folder.parent):
        if other.id == run.id or other.config().get("device") != device:
            continue
        status = other.status()
        if not status.is_here:  # the folder may lie on a disk that several machines share, each with devices of its own
            continue
        came = queue_time(other.folder)
        if status.state == "running" or (status.state == "queued" and (came, other.id) < (queued_at, run.id)):
            ahead.append((0.0 if status.state == "running" else came, other.id, other))
    return [other for _, _, other in sorted(ahead, key=lambda item: item[:2])]


def queue_time(folder: Path) -> float:
    """Return when a run's trainer came to the queue: the time of its mark, seconds since 1970."""
    try:
        return (folder / "queued").stat().st_mtime
    except OSError:
        return 0.0
