"""What a campaign of faults finds: how often each was tried, what was not as promised, how long the state was wrong."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_SECONDS = 3.0  # until a run's state is right
PATIENCE = 300.0  # for what a busy machine takes its time for
pause = threading.Event().wait


class NotPossibleHereError(Exception):
    """A fault that this machine does not let happen."""


@dataclass
class Found:
    """One fault, tried many times.

    Attributes:
        fault: As a row of the table is called.
        times: How often it was tried.
        broken: What was not as promised, a sentence each.
        seconds: How long the state was wrong, each time.
        why_not: Why it was not tried, "" where it was.
    """

    fault: str
    times: int = 0
    broken: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    why_not: str = ""

    def check(self, holds: object, words: str) -> None:
        """Note what does not hold."""
        if not holds:
            self.broken.append(words)

    def settled(self, condition: Callable[[], bool], words: Callable[[], str]) -> None:
        """Wait until a state is right, and note where it is not in time."""
        started = time.monotonic()
        if wait_for(condition, MOST_SECONDS):
            self.seconds.append(time.monotonic() - started)
        else:
            self.broken.append(f"after {MOST_SECONDS:.0f} s {words()}")


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE, every: float = 0.01) -> bool:
    """Return whether a condition held within so many seconds; with `every` 0 it is asked without a pause."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        if every:
            pause(every)
    return True
