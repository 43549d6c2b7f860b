"""Which process is meant: a number is used again by the operating system, a number with its start time is not."""

import os
from dataclasses import dataclass

import psutil

# Start times come from the kernel's ticks since boot plus a boot time that is adjusted with the clock by fractions of
# a second; the same number given twice to new processes within this span is not to be feared.
START_TOLERANCE_SECONDS = 2.0


@dataclass(frozen=True)
class Process:
    """One process of this machine, past or present.

    Attributes:
        pid: The operating system's number.
        started: Start time, seconds since 1970.
    """

    pid: int
    started: float

    def is_alive(self) -> bool:
        """Return whether this very process runs; one that ended but was not collected by its parent does not."""
        return self._find() is not None

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
        try:
            found = psutil.Process(self.pid)
            if abs(found.create_time() - self.started) > START_TOLERANCE_SECONDS:
                return None
            return None if found.status() == psutil.STATUS_ZOMBIE else found
        except (psutil.NoSuchProcess, ValueError):
            return None
        except psutil.AccessDenied:  # it lives, and belongs to somebody else: no trainer of ours
            return None


def this_process() -> Process:
    """Return the process that asks."""
    return Process(os.getpid(), psutil.Process().create_time())
