"""A run's state as its trainer last wrote it, and what happened if the trainer is no longer alive."""

import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from alexnet_viz.atomic import replace_json
from alexnet_viz.language import said, sentence_of_record, sentence_record
from alexnet_viz.runs.ending import NOT_WRITABLE, ending_in_words, takes_nothing
from alexnet_viz.runs.locks import START, TRAINER, is_held
from alexnet_viz.runs.process import Process, boot_id
from alexnet_viz.strict_json import JsonError, read_json_file

ALIVE = ("queued", "running")

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
    said: dict[str, Any] | None = None


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
    def is_paused(self) -> bool:
        """Whether the trainer is at work, and its process held by SIGSTOP."""
        return self.state in ALIVE and self.is_here and self.process.is_paused()

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
    record["message"] = _message_of(record)
    return Status(**{key: record[key] for key in Status.__dataclass_fields__ if key in record}), ""


def _message_of(record: Mapping[str, Any]) -> str:
    """Return the message; where the trainer wrote how it is made up, as one that can be said in other languages."""
    message = str(record.get("message", ""))
    try:
        known = sentence_of_record(record.get("said"))
    except ValueError:
        return message
    return known if known == message else message


def seen_now(folder: Path) -> Status:
    """Return a run's status as a reader should believe it: crashed when it says running and nobody trains."""
    status, fault = _read(folder)
    if status is not None and (status.state not in ALIVE or _is_trained(folder, status)):
        return replace(status, message=_paused_in_words(status)) if status.is_paused else status
    before = status or Status("crashed")
    if is_held(folder, START):
        return replace(before, state="queued", message=said("starts"))
    if fault:
        words = said("its status.json cannot be read ({problem}); resume to go on, or delete it", problem=fault)
        return replace(before, message=words)
    if status is None:
        return replace(before, message=said("the trainer never started; resume to try again"))
    return replace(before, state="crashed", message=_crash_in_words(folder, status))


def is_trained(folder: Path) -> bool:
    """Return whether a trainer works on the run or waits for its turn."""
    status = read_status(folder)
    return status is not None and status.state in ALIVE and _is_trained(folder, status)


def write_status(folder: Path, status: Status, clock: Callable[[], float] = time.time) -> None:
    """Replace the run's status.json; only the run's trainer calls this."""
    record = asdict(replace(status, updated=clock(), host=platform.node()))
    made_of = sentence_record(status.message)
    replace_json(folder / "status.json", {**record, "said": made_of} if isinstance(made_of, dict) else record)


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


def _paused_in_words(status: Status) -> str:
    return said("its trainer's process is paused (SIGSTOP); kill -CONT {pid} lets it go on", pid=str(status.pid))


def _crash_in_words(folder: Path, status: Status) -> str:
    known = ending_in_words(folder, status.pid)
    if known:
        return said("{why}; resume to go on", why=known)
    if takes_nothing(folder):
        return NOT_WRITABLE
    if status.is_here:
        return said("the trainer's process ended without a word; resume to go on")
    if status.host == platform.node():
        return said("the machine was restarted while it trained; resume to go on")
    host = status.host or said("another machine")
    if status.state == "running":
        return said(
            "it was left running on {host}, which cannot be asked from here; nobody holds its lock, so it can be "
            "resumed or deleted here",
            host=host,
        )
    return said(
        "it was left queued on {host}, which cannot be asked from here; nobody holds its lock, so it can be resumed or "
        "deleted here",
        host=host,
    )
