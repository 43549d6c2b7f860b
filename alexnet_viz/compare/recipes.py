"""Differences between the recipes of checkpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.errors import ComparisonError
from alexnet_viz.language import said

MOST_CHECKPOINTS = 6
_BESIDES = ("variant", "seed", "epoch", "step", "input")  # of the metadata, besides the recipe


@dataclass(frozen=True)
class Setting:
    """One setting of all checkpoints.

    Attributes:
        name: "learning_rate"; nested settings with dots.
        values: One per checkpoint; None where it does not say.
        differs: Whether not all values are the same.
    """

    name: str
    values: tuple[object, ...]
    differs: bool

    def to_record(self) -> dict[str, object]:
        """Return {"name", "values", "differs"}."""
        return {"name": self.name, "values": list(self.values), "differs": self.differs}


def recipe_table(checkpoints: Sequence[Checkpoint]) -> tuple[Setting, ...]:
    """Return every setting that any of them has: those that differ first, otherwise in the recipes' own order.

    Besides the recipe's settings: variant, seed, epoch, step and the input rule's ("input.size", …).

    Args:
        checkpoints: 1 to 6.
    Raises:
        ComparisonError: None, or more than 6.
    """
    if not 1 <= len(checkpoints) <= MOST_CHECKPOINTS:
        raise ComparisonError(
            said(
                "{n} recipes; a table holds 1 to {most}, choose fewer",
                n=len(checkpoints),
                most=MOST_CHECKPOINTS,
            )
        )
    records = [dict(_settings(checkpoint.metadata)) for checkpoint in checkpoints]
    names = list(dict.fromkeys(name for record in records for name in record))
    rows = []
    for name in names:
        values = tuple(record.get(name) for record in records)
        rows.append(Setting(name, values, any(value != values[0] for value in values)))
    return tuple(sorted(rows, key=lambda row: not row.differs))


def _settings(metadata: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    recipe = metadata.get("recipe")
    known = {key: metadata[key] for key in _BESIDES if metadata.get(key) is not None}
    yield from _flat({**known, **(recipe if isinstance(recipe, dict) else {})}, "")


def _flat(record: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
