"""The identity of a process: its number together with its start and its boot, since numbers are reused.

A start is measured in the kernel's ticks since boot, never by the wall clock, which may be changed while a trainer
runs.
"""

import functools
import os
from dataclasses import dataclass
from pathlib import Path

import psutil

# Where the kernel tells no ticks, and for runs of versions that wrote none: start times by the wall's clock, which is
# adjusted by fractions of a second. The same number given twice within this span is not to be feared.
START_TOLERANCE_SECONDS = 2.0
_STARTTIME = 19  # of the fields of /proc/PID/stat behind the name, man 5 proc


@dataclass(frozen=True)
class Process:
    """One process of this machine, past or present.

    Attributes:
        pid: The operating system's number.
        started: Start time, seconds since 1970; it decides only where there are no ticks.
        ticks: Start in the kernel's ticks since boot; 0 where they are not told.
        boot: Of which boot of which machine; "" where that is not told.
    """

    pid: int
    started: float
    ticks: int = 0
    boot: str = ""

    def is_alive(self) -> bool:
        """Return whether this very process runs; one that ended but was not collected by its parent does not."""
        return self._find() is not None

    def is_paused(self) -> bool:
        """Return whether this very process is held by SIGSTOP: it lives, and does nothing until SIGCONT."""
        found = self._find()
        try:
            return found is not None and found.status() == psutil.STATUS_STOPPED
        except psutil.Error:  # it has just gone
            return False

    def kill(self) -> bool:
        """End the process at once; return False where it was gone already. Another process is never signalled."""
        found = self._find()
        if found is None:
            return False
        try:
            found.kill()
        except psutil.NoSuchProcess:
            return False
        return True

    def _find(self) -> psutil.Process | None:
        if self.boot not in ("", boot_id()):
            return None
        try:
            found = psutil.Process(self.pid)
            if not self._is(found):
                return None
            return None if found.status() == psutil.STATUS_ZOMBIE else found
        except (psutil.NoSuchProcess, ValueError, TypeError):  # gone, or a number that no process can have
            return None
        except psutil.AccessDenied:  # it lives, and belongs to somebody else: no trainer of ours
            return None

    def _is(self, found: psutil.Process) -> bool:
        if self.ticks and (ticks := start_ticks(self.pid)):
            return ticks == self.ticks
        return abs(found.create_time() - self.started) <= START_TOLERANCE_SECONDS


def this_process() -> Process:
    """Return the current process."""
    return find_process(os.getpid())


def find_process(pid: int) -> Process:
    """Return the process that has this number now; raises psutil.NoSuchProcess."""
    return Process(pid, psutil.Process(pid).create_time(), start_ticks(pid), boot_id())


def start_ticks(pid: int) -> int:
    """Return a process's start in the kernel's ticks since boot; 0 where the kernel tells none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes()
        return int(fields[fields.rindex(b")") + 1 :].split()[_STARTTIME])  # a name may hold blanks and brackets
    except (OSError, ValueError, IndexError):
        return 0


@functools.cache
def boot_id() -> str:
    """Return this boot's id; "" where the kernel has none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
