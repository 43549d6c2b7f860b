"""A comparison as one HTML page that opens offline, with a light and a dark theme."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from alexnet_viz import __version__
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare import report_parts as parts
from alexnet_viz.compare.comparison import Comparison
from alexnet_viz.compare.recipes import Setting, recipe_table
from alexnet_viz.compare.report_figures import DISC, RING
from alexnet_viz.compare.report_style import style
from alexnet_viz.compare.unlabelled import Changed
from alexnet_viz.compare.weights import LayerDifference, weight_differences
from alexnet_viz.compare.wording import verdict
from alexnet_viz.device import describe_device


@dataclass(frozen=True)
class Report:
    """What a report shows; a part that is None or empty is left out.

    Attributes:
        names: Of A and B.
        epochs: Of A and B, None where a file does not say.
        sides: What A and B are, each as rows (what, value).
        data: What it was measured on, in words.
        notes: What a person should know of these, sentences.
        date: As text.
        found: On a photo or pictures without labels, on a data set, or both, in this order.
        changed: The channels that changed.
        weights: Layers.
        recipes: Settings.
        versions: Of what computed it, by name.
    """

    names: tuple[str, str]
    epochs: tuple[object, object]
    sides: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]
    data: str
    notes: Sequence[str]
    date: str
    found: Sequence[Comparison]
    changed: Changed | None
    weights: Sequence[LayerDifference]
    recipes: Sequence[Setting]
    versions: Mapping[str, str]


def make_report(
    first: Checkpoint,
    second: Checkpoint,
    *,
    data: str,
    notes: Sequence[str] = (),
    found: Sequence[Comparison],
    changed: Changed | None = None,
    now: datetime | None = None,
) -> Report:
    """Return a report of what was found, with weights, recipes, date and versions added.

    Args:
        first, second: A and B.
        data: What it was measured on, in words.
        notes, found, changed: See `Report`.
        now: The time, by default the clock's.
    """
    return Report(
        names=(first.name, second.name),
        epochs=(first.metadata.get("epoch"), second.metadata.get("epoch")),
        sides=(_about(first), _about(second)),
        data=data,
        notes=notes,
        date=(now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M UTC"),
        found=found,
        changed=changed,
        weights=weight_differences(first.model, second.model),
        recipes=recipe_table([first, second]),
        versions={
            "alexnet_viz": __version__,
            "Python": platform.python_version(),
            **{name: version(package) for name, package in (("PyTorch", "torch"), ("SciPy", "scipy"))},
            "Device": describe_device(first.device),
        },
    )


def _about(checkpoint: Checkpoint) -> tuple[tuple[str, str], ...]:
    epoch = checkpoint.metadata.get("epoch")
    return (
        ("checkpoint", checkpoint.name),
        ("variant", checkpoint.variant),
        ("epoch", "not said" if epoch is None else str(epoch)),
        ("classes", str(len(checkpoint.classes))),
        ("source", str(checkpoint.metadata["source"])),
        ("SHA-256 of the content", checkpoint.digest),
    )


def design_tokens() -> Any:
    """Return the app's design tokens: colours and ramps, read from the one file that holds them."""
    return json.loads((files("alexnet_viz") / "ui" / "web" / "tokens.json").read_text("utf-8"))


def html_report(report: Report, tokens: Mapping[str, Any]) -> str:
    """Return the page, complete and self-contained: no script, nothing fetched, every text escaped.

    Args:
        report: What to show.
        tokens: The design tokens, for the colours of both themes.
    """
    heading = Markup('{} {} <span class="quiet">against</span> {} {}').format(
        RING, report.names[0], DISC, report.names[1]
    )
    sections = [
        *_measured(report),
        parts.changed_section(report.changed),
        parts.weights_section(report.weights),
        parts.recipes_section(report.recipes, report.names),
        _provenance(report),
    ]
    title, said = f"{report.names[0]} against {report.names[1]}", verdict(report.found)
    return str(parts.page(title, style(tokens), heading, report.data, report.date, said, sections))


def _measured(report: Report) -> list[Markup]:
    """Return the answers on everything that was looked at, and the stages on what says most of them: the last."""
    sections = []
    for found in report.found:
        if found.first.top:
            sections.append(parts.pictures_section(found))
        if found.answers:
            sections += parts.answers_sections(found.answers)
    last = report.found[-1]
    return [*sections, parts.stages_section(last.stage_values(), last.cka), parts.matching_section(last.matchings)]


def _provenance(report: Report) -> Markup:
    first, second = (dict(side) for side in report.sides)
    rows = [(what, first[what], second.get(what, "")) for what in first]
    about = [("measured on", report.data), *(("of its data", note) for note in report.notes)]
    digests = [("SHA-256 of the pictures and labels", each.fingerprint) for each in report.found if each.fingerprint]
    about += [*digests, ("date", report.date), *report.versions.items()]
    tables = parts.table(("", "A", "B"), rows, wide=True) + parts.table(("", ""), about, wide=True)
    provenance: Markup = parts.section("Where this comes from", tables, broad=True)
    return provenance
