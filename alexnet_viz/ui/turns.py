"""Whose turn is next: people take turns, not requests."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Admits a number of requests at once; each waiting person's first goes before anyone's second.

    Belongs to one event loop, so that it needs no lock. Who waits holds no thread.

    Args:
        at_once: How many.
        of_a_person: How many of one person's; all where None.
    """

    def __init__(self, at_once: int, of_a_person: int | None = None) -> None:
        self._free = at_once
        self._of_a_person = of_a_person or at_once
        self._served: Counter[str] = Counter()  # whose requests are through, and not yet answered
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()  # whose turn it is first

    def before(self, person: str) -> int:
        """Return how many requests of others come before a person's: those under way, and one of each who waits."""
        others = sum(count for each, count in self._served.items() if each != person)
        return others + sum(each != person for each in self._waiting)

    @asynccontextmanager
    async def turn(self, person: str) -> AsyncIterator[None]:
        """Wait for this person's turn, and hold it for the block."""
        await self._wait(person)
        try:
            yield
        finally:
            self._give_back(person)

    async def _wait(self, person: str) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(person, deque()).append(place)
        self._let_through()
        try:
            await place
        except asyncio.CancelledError:
            if place.cancelled():
                self._forget(person, place)
            else:  # it was let through at the very moment at which its browser went away
                self._give_back(person)
            raise

    def _give_back(self, person: str) -> None:
        self._served[person] -= 1
        self._served += Counter()  # forgets who has none
        self._free += 1
        self._let_through()

    def _let_through(self) -> None:
        while self._free and (person := self._first()) is not None:
            places = self._waiting.pop(person)
            place = places.popleft()
            if places:
                self._waiting[person] = places  # behind everybody else
            if not place.done():
                self._free -= 1
                self._served[person] += 1
                place.set_result(None)

    def _first(self) -> str | None:
        """Return who comes next: who waits longest and may have another turn."""
        return next((each for each in self._waiting if self._served[each] < self._of_a_person), None)

    def _forget(self, person: str, place: asyncio.Future[None]) -> None:
        places = self._waiting.get(person)
        if places is not None and place in places:
            places.remove(place)
            if not places:
                del self._waiting[person]
