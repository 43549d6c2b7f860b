"""A comparison on one page of HTML that opens offline, in a light and a dark room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from alexnet_viz.compare.passes import Comparison
from alexnet_viz.compare.pictures import ChangedChannel, PictureComparison
from alexnet_viz.compare.recipes import Setting
from alexnet_viz.compare.weights import LayerDifference


@dataclass(frozen=True)
class Report:
    """What a report shows; a part that is None or empty is left out.

    Attributes:
        title: "fast epoch 2 against fast epoch 30".
        sides: What A and B are, each as (what, value) rows: name, variant, epoch, source, digest.
        data: What it was measured on, in words.
        date: As text, UTC.
        comparison: On a labelled split.
        pictures: On pictures.
        changed: By stage, the most changed channels.
        weights: Layers.
        recipes: Settings.
        versions: Of this program and what it computes with, by name.
    """

    title: str
    sides: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]
    data: str
    date: str
    comparison: Comparison | None = None
    pictures: PictureComparison | None = None
    changed: Mapping[str, Sequence[ChangedChannel]] = field(default_factory=dict)
    weights: Sequence[LayerDifference] = ()
    recipes: Sequence[Setting] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


def verdict(report: Report) -> str:
    """Return the comparison in a sentence or two, plain text."""
    raise NotImplementedError


def html_report(report: Report, tokens: Mapping[str, Any]) -> str:
    """Return the page, complete and self-contained; everything in it is escaped.

    Args:
        report: What to show.
        tokens: The design tokens (tokens.json), for the colours of both themes.
    """
    raise NotImplementedError
