"""In what the recipes of checkpoints differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alexnet_viz.checkpoints import Checkpoint

MOST_CHECKPOINTS = 6


@dataclass(frozen=True)
class Setting:
    """One setting of all checkpoints.

    Attributes:
        name: "learning_rate"; nested settings with dots.
        values: One per checkpoint; None where its recipe does not say.
        differs: Whether not all values are the same.
    """

    name: str
    values: tuple[object, ...]
    differs: bool


def recipe_table(checkpoints: Sequence[Checkpoint]) -> tuple[Setting, ...]:
    """Return every setting that any of them has: those that differ first, otherwise in the recipes' own order.

    Besides the recipe's settings: variant, seed, epoch, step and the input rule's ("input.size", …).

    Args:
        checkpoints: 1 to 6.
    Raises:
        ComparisonError: None, or more than 6.
    """
    raise NotImplementedError
