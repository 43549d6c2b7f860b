"""The code that lets pupils join a lesson, and the limit on attempts."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from pathlib import Path

_WORDS = Path(__file__).with_name("words.txt").read_text("utf-8").split()
_TRIES, _SECONDS = 10, 60.0
_MOST_ADDRESSES = 10_000


def new_code() -> str:
    """Return a code that is easily said and typed, "cedar 41"."""
    return f"{secrets.choice(_WORDS)} {10 + secrets.randbelow(90)}"


def is_code(given: str, code: str) -> bool:
    """Return whether a code is right, in any case, with or without its space; compares in constant time."""
    return hmac.compare_digest(_plain(given).encode(), _plain(code).encode())


def _plain(code: str) -> str:
    return "".join(code[:60].split()).casefold()


class Attempts:
    """Counts wrong codes by address: ten a minute may be tried.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def may_try(self, address: str) -> bool:
        """Return whether this address may try another code now."""
        with self._lock:
            times = self._wrong.get(address, deque())
            while times and times[0] <= self._clock() - _SECONDS:
                times.popleft()
            return len(times) < _TRIES

    def was_wrong(self, address: str) -> None:
        """Note that a wrong code came from this address."""
        with self._lock:
            self._wrong.setdefault(address, deque()).append(self._clock())
            self._wrong.move_to_end(address)
            if len(self._wrong) > _MOST_ADDRESSES:
                self._wrong.popitem(last=False)
