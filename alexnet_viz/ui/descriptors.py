"""The limit on open files and connections: raised to what the system allows, with refusals beyond it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import socket
import sys
import time
from asyncio.trsock import TransportSocket
from collections.abc import Callable
from typing import Any

if sys.platform != "win32":
    import resource

_WANTED = 8192  # a class of thirty has a hundred connections; each photo and run that is read is a file for a moment
_REPEAT_SECONDS = 60.0
USED_UP = (errno.EMFILE, errno.ENFILE)
_SPARE = 4  # another thread may take one as soon as it is freed
_MOST_WAITING, _MOST_ASKED = 2048, 65_536
_NO_ROOM = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_log = logging.getLogger(__name__)
Context = dict[str, Any]


def allow_many_descriptors() -> None:
    """Raise this process's limit of open files as far as allowed; some systems start with 256."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if 0 <= soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class LoopErrorHandler:
    """An event loop's exception handler: logs each error once a minute, and refuses connections without a descriptor.

    Without a free descriptor asyncio's accept fails 2,048 times in a row and schedules a retry for each failure: within
    seconds it does nothing else and cannot end. Spare descriptors, closed at that moment, let it accept and refuse.

    Args:
        clock: Seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._logged: dict[str, float] = {}
        self._spare: list[int] = []
        self._set_aside()

    def __call__(self, loop: asyncio.AbstractEventLoop, context: Context) -> None:
        """Handle what the loop reports."""
        error = context.get("exception")
        if not isinstance(error, OSError) or error.errno not in USED_UP:
            if self._is_due(repr(error) if error else str(context.get("message"))):
                loop.default_exception_handler(context)
            return
        if "socket" in context:
            self._refuse(context["socket"])
            loop.call_soon(self._set_aside)  # until then they are free, and the loop sees that nobody waits
        if self._is_due("used up"):
            _log.error(
                "As many files and connections are open as this process may have (%s); new ones are refused until "
                "others are closed. Close pages, or allow more: ulimit -n %d",
                error.strerror,
                _WANTED,
            )

    def _refuse(self, listening: TransportSocket) -> None:
        """Answer every waiting connection with 503."""
        if self._spare:
            os.close(self._spare.pop())
        waiting = socket.socket(fileno=listening.fileno())
        try:
            with contextlib.suppress(OSError):  # nobody waits any more, or another thread has taken the descriptor
                for _ in range(_MOST_WAITING):
                    _answer_503(waiting.accept()[0])
        finally:
            waiting.detach()

    def _set_aside(self) -> None:
        with contextlib.suppress(OSError):  # none is left
            while len(self._spare) < _SPARE:
                self._spare.append(os.open(os.devnull, os.O_RDONLY))

    def _is_due(self, what: str) -> bool:
        now = self._clock()
        self._logged = {said: when for said, when in self._logged.items() if now - when < _REPEAT_SECONDS}
        is_new = what not in self._logged
        self._logged.setdefault(what, now)
        return is_new


def _answer_503(connection: socket.socket) -> None:
    with connection, contextlib.suppress(OSError):  # it has gone
        connection.setblocking(False)
        connection.sendall(_NO_ROOM)
        connection.recv(_MOST_ASKED)  # an unread request would reset the connection and discard the answer
