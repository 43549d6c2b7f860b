"""The pupils who are here: those whose page has sent a request within the last minutes."""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Callable, Iterable

from alexnet_viz.classroom.record import Pupil

AWAY_SECONDS = 300.0  # a page asks every five seconds, but a phone that sleeps does not
MOST_PUPILS = 200
_ID = re.compile(r"[\w-]{16}")


def new_id() -> str:
    """Return an id for a pupil, which nobody can guess."""
    return secrets.token_urlsafe(12)


def is_id(given: str) -> bool:
    """Return whether a text has the form of an id."""
    return _ID.fullmatch(given) is not None


class Presence:
    """When each pupil was seen last, and the squares of those who have gone; the lesson's record has the others.

    Args:
        pupils: The ids of those who are here; after a restart all have the time to come back.
        clock: Returns seconds, monotonic.
    """

    def __init__(self, pupils: Iterable[str], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen = dict.fromkeys(pupils, clock())
        self._left: dict[str, Pupil] = {}

    def note(self, pupil: str) -> None:
        """Record that a pupil is here now."""
        self._seen[pupil] = self._clock()

    def let_go(self, pupils: dict[str, Pupil]) -> bool:
        """Remove the pupils who were not seen for AWAY_SECONDS; return whether there were any."""
        now = self._clock()
        gone = [pupil for pupil in pupils if now - self._seen.get(pupil, now) >= AWAY_SECONDS]
        for pupil in gone:
            self._left[pupil] = pupils.pop(pupil)
            del self._seen[pupil]
        for oldest in list(self._left)[:-MOST_PUPILS]:
            del self._left[oldest]
        return bool(gone)

    def take_in(self, pupils: dict[str, Pupil], pupil: str) -> None:
        """Add a pupil with a square: the one that they had unless another has it, else the first free one."""
        placed = self._left.pop(pupil, Pupil(0))
        taken = {0, *(each.square for each in pupils.values())}
        if placed.square in taken:
            placed.square = next(square for square in itertools.count(1) if square not in taken)
        pupils[pupil] = placed

    def bring(self) -> None:
        """Have the pupils who have gone follow the teacher when they come back."""
        for pupil in self._left.values():
            pupil.is_alone = False
