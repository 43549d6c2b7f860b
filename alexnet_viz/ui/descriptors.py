"""Files and connections at once: as many as the system allows, and one sentence where those are used up."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

if sys.platform != "win32":
    import resource

_WANTED = 8192  # a class of thirty has a hundred connections; each photo and run that is read is a file for a moment
_SAID_AGAIN_SECONDS = 60.0
USED_UP = (errno.EMFILE, errno.ENFILE)
_log = logging.getLogger(__name__)
Context = dict[str, Any]


def allow_many_descriptors() -> None:
    """Raise this process's own limit to what it may; some systems begin with 256."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if 0 <= soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class Sparing:
    """Handles what an event loop has to report, and says only once a minute that descriptors are used up.

    asyncio then reports each of up to 2,048 connections that wait, second for second, and tries again by itself.

    Args:
        clock: Seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said = float("-inf")

    def __call__(self, loop: asyncio.AbstractEventLoop, context: Context) -> None:
        """Take what the loop reports."""
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in USED_UP:
            loop.default_exception_handler(context)
            return
        now = self._clock()
        if now - self._said >= _SAID_AGAIN_SECONDS:
            self._said = now
            _log.error(
                "As many files and connections are open as this process may have (%s); new ones wait until others are "
                "closed. Close pages, or allow more: ulimit -n %d",
                error.strerror,
                _WANTED,
            )
