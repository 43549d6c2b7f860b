"""A browser's request for a comparison."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """What a browser asks about: names of A and B, of a data set, and how many of its pictures."""

    a: str
    b: str
    data: str
    count: int
