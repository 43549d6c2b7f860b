"""Where a run is, as its trainer last wrote it, and what became of it if the trainer is no more."""

import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from alexnet_viz.atomic import replace_json
from alexnet_viz.runs.ending import ending_in_words
from alexnet_viz.runs.locks import START, TRAINER, is_held
from alexnet_viz.runs.process import Process, boot_id
from alexnet_viz.strict_json import JsonError, read_json_file

ALIVE = ("queued", "running")
STATES = (*ALIVE, "stopped", "finished", "failed")


_Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


class _Stored(msgspec.Struct):
    """What a status.json may hold."""

    state: Literal["queued", "running", "stopped", "finished", "failed"]
    pid: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] = 0
    pid_started: float = 0.0
    epoch: _Count = 0
    step: _Count = 0
    updated: float = 0.0
    message: str = ""
    host: str = ""
    pid_ticks: _Count = 0
    boot: str = ""


@dataclass(frozen=True)
class Status:
    """The content of status.json.

    Attributes:
        state: queued, running, stopped, finished or failed; a reader also says crashed.
        pid, pid_started, pid_ticks, boot: The trainer's process, as `Process` knows it; 0 before the first.
        epoch: Completed epochs.
        step: Completed steps.
        updated: When this was written, seconds since 1970; for people, nothing is decided by it.
        message: A sentence for the person, or "".
        host: The machine that trains, by its name.
    """

    state: str
    pid: int = 0
    pid_started: float = 0.0
    epoch: int = 0
    step: int = 0
    updated: float = 0.0
    message: str = ""
    host: str = ""
    pid_ticks: int = 0
    boot: str = ""

    @property
    def process(self) -> Process:
        """The trainer's process."""
        return Process(self.pid, self.pid_started, self.pid_ticks, self.boot)

    @property
    def is_here(self) -> bool:
        """Whether the trainer is or was a process of this boot of this machine, and not of another with its number."""
        return self.boot == boot_id() if self.boot else self.host in ("", platform.node())


def read_status(folder: Path) -> Status | None:
    """Return what the trainer wrote last into the run folder, or None where there is nothing that can be read."""
    return _read(folder)[0]


def _read(folder: Path) -> tuple[Status | None, str]:
    """Return what the trainer wrote last, and why it cannot be read where there is something."""
    try:
        record = read_json_file(folder / "status.json", _Stored)
    except FileNotFoundError:
        return None, ""
    except JsonError as error:
        return None, str(error)
    return Status(**{key: record[key] for key in Status.__dataclass_fields__ if key in record}), ""


def seen_now(folder: Path) -> Status:
    """Return a run's status as a reader should believe it: crashed when it says running and nobody trains."""
    status, fault = _read(folder)
    if status is not None and (status.state not in ALIVE or _is_trained(folder, status)):
        return status
    before = status or Status("crashed")
    if is_held(folder, START):
        return replace(before, state="queued", message="starts")
    if fault:
        return replace(before, message=f"its status.json cannot be read ({fault}); resume to go on, or delete it")
    if status is None:
        return replace(before, message="the trainer never started; resume to try again")
    return replace(before, state="crashed", message=_crash_in_words(folder, status))


def is_trained(folder: Path) -> bool:
    """Return whether a trainer works on the run or waits for its turn."""
    status = read_status(folder)
    return status is not None and status.state in ALIVE and _is_trained(folder, status)


def write_status(folder: Path, status: Status, clock: Callable[[], float] = time.time) -> None:
    """Replace the run's status.json; only the run's trainer calls this."""
    replace_json(folder / "status.json", asdict(replace(status, updated=clock(), host=platform.node())))


def _is_trained(folder: Path, status: Status) -> bool:
    """Return whether a trainer works on the run: its lock decides, and its process where that lock cannot be asked.

    A process alone does not: a copied folder names the trainer of the original. Only trainers of the first version,
    which wrote no boot, had no lock.
    """
    lives = status.is_here and status.process.is_alive()
    held = is_held(folder, TRAINER, certainly=not lives)
    if held is not None:
        return held
    return lives and (not status.boot or (folder / TRAINER).exists())


def _crash_in_words(folder: Path, status: Status) -> str:
    known = ending_in_words(folder, status.pid)
    if known:
        return f"{known}; resume to go on"
    if status.is_here:
        return "the trainer's process ended without a word; resume to go on"
    if status.host == platform.node():
        return "the machine was restarted while it trained; resume to go on"
    where = f"was left {status.state} on {status.host or 'another machine'}, which cannot be asked from here"
    return f"it {where}; nobody holds its lock, so it can be resumed or deleted here"
