"""A bounded cache whose entries expire once nobody has asked for them for a while.

recent = Recent(256_000_000, getsizeof=lambda trace: trace.nbytes)
recent[key] = trace  # evicts the least recently used entries
recent.expire()  # evicts entries that nobody has asked for within `KEPT_SECONDS`
"""

import time
from collections.abc import Callable
from typing import TypeVar

from cachetools import TTLCache

# A photo is computed again in a twentieth of a second; a class that all looks at one does so within that.
KEPT_SECONDS = 60.0
Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(TTLCache[Key, Value]):
    """A bounded mapping whose entries expire some time after their last use. Not thread-safe: the caller holds a lock.

    An entry's time may end between two looks at it: ask once, `recent.get(key)`, and never `key in recent` before it.

    Args:
        maxsize: Bound of the sum of all sizes.
        getsizeof: Size of a value; 1 each by default.
        clock: Seconds.
    """

    def __init__(
        self,
        maxsize: float,
        getsizeof: Callable[[Value], float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(maxsize, KEPT_SECONDS, clock, getsizeof)

    def __getitem__(self, key: Key) -> Value:
        value: Value = super().__getitem__(key)
        super().__setitem__(key, value)  # its time begins anew
        return value
