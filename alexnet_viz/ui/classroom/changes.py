"""Tells waiting requests that something is new, many changes at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

_TOGETHER_SECONDS = 0.1  # thirty answers within it are told once
LONGEST_SECONDS = 5.0  # a request waits; a server that is to end waits for it


class Changes:
    """Lets requests of one event loop wait for what changes in other threads."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._due: asyncio.TimerHandle | None = None

    def tell(self) -> None:
        """Wake whoever waits, soon; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell_soon)

    def _tell_soon(self) -> None:
        if self._due is None and self._loop is not None:
            self._due = self._loop.call_later(_TOGETHER_SECONDS, self._tell)

    def _tell(self) -> None:
        self._due = None
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def wait(self, is_new: Callable[[], bool]) -> None:
        """Return once something is new, or after a few seconds."""
        self._loop = asyncio.get_running_loop()
        news = self._news
        if not is_new():
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), LONGEST_SECONDS)
