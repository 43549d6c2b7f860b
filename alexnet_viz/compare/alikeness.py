"""Figures that are known without computing: how similar the shipped networks are, and how often each is right.

Computed once, by `python -m tools.shipped_figures`, so that a first visit waits for two forward passes only.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from alexnet_viz import shipped
from alexnet_viz.checkpoints import UNTRAINED, Checkpoint
from alexnet_viz.compare.similarity import CkaMatrix

FIGURES = shipped.CHECKPOINTS / "figures.json"


@dataclass(frozen=True)
class StatedAccuracy:
    """Accuracy on a whole test set, and the number of its pictures."""

    accuracy: float
    image_count: int


@dataclass(frozen=True)
class Alikeness:
    """How alike two networks are, stage by stage and in their answers.

    Attributes:
        cka: Every stage of A against every stage of B.
        agreement: Share of pictures with the same answer.
    """

    cka: CkaMatrix
    agreement: float

    def swapped(self) -> Alikeness:
        """Return the same with A and B swapped."""
        columns = tuple(zip(*self.cka.values, strict=True))
        turned = CkaMatrix(self.cka.second_stages, self.cka.first_stages, columns, self.cka.image_count)
        return Alikeness(turned, self.agreement)

    def to_record(self) -> dict[str, object]:
        """Return {"cka", "agreement", "images"}."""
        return {"cka": self.cka.to_record(), "agreement": self.agreement, "images": self.cka.image_count}


def shipped_alikeness(first: Checkpoint, second: Checkpoint) -> Alikeness | None:
    """Return how alike two shipped networks are, None where one of them is not shipped."""
    names = _shipped_name(first), _shipped_name(second)
    for pair in _figures()["pairs"]:
        found = pair["a"], pair["b"]
        if found == names:
            return _alikeness(pair)
        if found == names[::-1]:
            return _alikeness(pair).swapped()
    return None


def stated_accuracy(checkpoint: Checkpoint) -> StatedAccuracy | None:
    """Return a network's accuracy on a whole test set as its file states it; None where it does not."""
    metrics = checkpoint.metadata.get("metrics")
    if isinstance(metrics, dict) and isinstance(metrics.get("test_accuracy"), float):
        return StatedAccuracy(metrics["test_accuracy"], int(metrics.get("test_images", 0)))
    return None


def weights_digest(path: Path) -> str:
    """Return the SHA-256 of a safetensors file without its header: of the weights, whatever the metadata."""
    with path.open("rb") as file:
        file.seek(8 + int.from_bytes(file.read(8), "little"))
        return hashlib.file_digest(file, "sha256").hexdigest()


def _alikeness(pair: dict[str, Any]) -> Alikeness:
    stages = tuple(_figures()["stages"])
    matrix = CkaMatrix(stages, stages, tuple(map(tuple, pair["cka"])), _figures()["images"])
    return Alikeness(matrix, pair["agreement"])


def _shipped_name(checkpoint: Checkpoint) -> str:
    """Return the name that a network ships under; "" for any other."""
    if checkpoint.path is None:
        return UNTRAINED
    return checkpoint.path.stem if checkpoint.path.parent == FIGURES.parent else ""


@cache
def _figures() -> Any:
    return json.loads(FIGURES.read_text("utf-8"))
