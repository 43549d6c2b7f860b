"""The class's names for units: proposed by pupils, one of them chosen by the teacher."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TypedDict

from alexnet_viz.classroom.record import NamedUnit, Record
from alexnet_viz.errors import ClassroomError
from alexnet_viz.language import said

MOST_UNITS = 300
MOST_LETTERS = 60
# The checkpoint's digest with the code's, as pages are told it, then a channel, which has one name in its whole block.
_UNIT = re.compile(r"[0-9a-f]{8,128}(?:-[0-9a-f]{1,64})? [a-z]{2,10}[0-9]? [0-9]{1,5}")


class Proposal(TypedDict):
    """A name, and how many pupils propose it."""

    name: str
    count: int
    chosen: bool


def propose(record: Record, pupil: str, unit: str, checkpoint: str, name: str) -> None:
    """Take a pupil's name for a unit in place of their earlier one; "" takes it back.

    Raises:
        ClassroomError: It names no unit, is too long, or too many units are named.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())  # an é of two letters is the same name
    if _UNIT.fullmatch(unit) is None or len(name) > MOST_LETTERS or len(checkpoint) > 200:
        raise ClassroomError(said("A name belongs to one unit and has at most {n} letters.", n=MOST_LETTERS))
    if unit not in record.names and len(record.names) >= MOST_UNITS:
        raise ClassroomError(said("The class has named {n} units, the most that it may.", n=MOST_UNITS))
    named = record.names.setdefault(unit, NamedUnit(checkpoint))
    if name:
        named.names[pupil] = name
    else:
        named.names.pop(pupil, None)
    if not named.names:
        del record.names[unit]
    elif named.chosen not in named.names.values():
        named.chosen = ""  # nobody proposes it any more


def choose(record: Record, unit: str, name: str) -> None:
    """Show one of the proposed names on the class's pages, or none for ""; raises ClassroomError for another."""
    named = record.names.get(unit)
    if named is None or (name and name not in named.names.values()):
        raise ClassroomError(said("Nobody proposes this name any more."))
    named.chosen = name


def chosen(record: Record) -> dict[str, dict[str, str]]:
    """Return the chosen names by digest and unit, as pages look for them."""
    found: dict[str, dict[str, str]] = {}
    for key, named in record.names.items():
        if named.chosen:
            digest, unit = key.split(" ", 1)
            found.setdefault(digest, {})[unit] = named.chosen
    return found


def proposals(record: Record) -> list[dict[str, object]]:
    """Return what is proposed, unit by unit, the most frequent name first, and nobody's square."""
    return [
        {"unit": key, "checkpoint": named.checkpoint, "names": _counted(named)} for key, named in record.names.items()
    ]


def table(record: Record) -> list[list[object]]:
    """Return rows of block, channel, name, count, chosen, checkpoint, digest."""
    rows: list[list[object]] = []
    for key, named in sorted(record.names.items()):
        digest, block, channel = key.split(" ")
        rows += [
            [block, int(channel), each["name"], each["count"], each["chosen"], named.checkpoint, digest]
            for each in _counted(named)
        ]
    return rows


def _counted(named: NamedUnit) -> list[Proposal]:
    counts = sorted(Counter(named.names.values()).items(), key=lambda pair: (-pair[1], pair[0]))
    return [Proposal(name=name, count=count, chosen=name == named.chosen) for name, count in counts]
