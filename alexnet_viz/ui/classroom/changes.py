"""Wakes waiting requests when something changes, several changes at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import Receive

_TOGETHER_SECONDS = 0.1  # thirty answers within it are told twice: the first at once, the others together
LONGEST_SECONDS = 5.0  # a request waits; a server that is to end waits for it


class Changes:
    """Lets requests of one event loop wait for what changes in other threads."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._due: asyncio.TimerHandle | None = None
        self._told = float("-inf")  # by the loop's clock

    def tell(self) -> None:
        """Wake all waiting requests, at once or soon after the last time; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell_soon)

    def _tell_soon(self) -> None:
        if self._due is None and self._loop is not None:
            self._due = self._loop.call_at(self._told + _TOGETHER_SECONDS, self._tell, self._loop)

    def _tell(self, loop: asyncio.AbstractEventLoop) -> None:
        self._due, self._told = None, loop.time()
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def wait(self, is_new: Callable[[], bool], receive: Receive) -> None:
        """Return when something has changed, the browser has gone, or a few seconds have passed.

        Args:
            is_new: Whether there is something already.
            receive: What the connection of whoever asks sends.
        """
        self._loop = asyncio.get_running_loop()
        news = self._news
        if is_new():
            return
        either = {asyncio.ensure_future(news.wait()), asyncio.ensure_future(_gone(receive))}
        try:
            await asyncio.wait(either, timeout=LONGEST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in either:
                each.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
