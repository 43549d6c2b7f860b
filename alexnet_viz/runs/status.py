"""Where a run is, as its trainer last wrote it, and what became of it if the trainer is no more."""

import json
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from alexnet_viz.atomic import replace_json
from alexnet_viz.runs.process import Process

ALIVE = ("queued", "running")
STATES = (*ALIVE, "stopped", "finished", "failed")


@dataclass(frozen=True)
class Status:
    """The content of status.json.

    Attributes:
        state: queued, running, stopped, finished or failed; a reader also says crashed.
        pid, pid_started: The trainer's process; 0 before the first.
        epoch: Completed epochs.
        step: Completed steps.
        updated: When this was written, seconds since 1970.
        message: A sentence for the person, or "".
        host: The machine that trains; whether the process lives can only be asked there.
    """

    state: str
    pid: int = 0
    pid_started: float = 0.0
    epoch: int = 0
    step: int = 0
    updated: float = 0.0
    message: str = ""
    host: str = ""

    @property
    def process(self) -> Process:
        """The trainer's process."""
        return Process(self.pid, self.pid_started)

    def seen_now(self) -> "Status":
        """Return the status as a reader should believe it: crashed when it says running and no such process lives."""
        if self.state not in ALIVE or self.host not in ("", platform.node()) or self.process.is_alive():
            return self
        return replace(self, state="crashed", message="the trainer's process ended without a word; resume to go on")


def read_status(folder: Path) -> Status | None:
    """Return what the trainer wrote last into the run folder, or None where there is nothing that can be read."""
    try:
        record = json.loads((folder / "status.json").read_text(encoding="utf-8"))
        return Status(**{key: record[key] for key in Status.__dataclass_fields__ if key in record})
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def write_status(folder: Path, status: Status, clock: Callable[[], float] = time.time) -> None:
    """Replace the run's status.json; only the run's trainer calls this."""
    replace_json(folder / "status.json", asdict(replace(status, updated=clock(), host=platform.node())))
