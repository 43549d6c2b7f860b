"""A browser's request for a comparison."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """A request: the names of A, B and a data set, and how many of its pictures."""

    a: str
    b: str
    data: str
    count: int
