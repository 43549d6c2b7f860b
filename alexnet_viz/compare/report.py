"""A comparison on one page of HTML that opens offline, in a light and a dark room."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from alexnet_viz import __version__
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare import report_parts as parts
from alexnet_viz.compare.paired_pass import Comparison
from alexnet_viz.compare.recipes import Setting, recipe_table
from alexnet_viz.compare.unlabelled import ChangedChannel, PictureComparison
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
        date: As text.
        comparison: On a labelled split.
        pictures: On pictures.
        changed: By stage, the most changed channels.
        weights: Layers.
        recipes: Settings.
        versions: Of what computed it, by name.
    """

    names: tuple[str, str]
    epochs: tuple[object, object]
    sides: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]
    data: str
    date: str
    comparison: Comparison | None
    pictures: PictureComparison | None
    changed: Mapping[str, Sequence[ChangedChannel]]
    weights: Sequence[LayerDifference]
    recipes: Sequence[Setting]
    versions: Mapping[str, str]


def make_report(
    first: Checkpoint,
    second: Checkpoint,
    *,
    data: str,
    comparison: Comparison | None = None,
    pictures: PictureComparison | None = None,
    changed: Mapping[str, Sequence[ChangedChannel]] | None = None,
    now: datetime | None = None,
) -> Report:
    """Return a report of what was found, with weights, recipes, date and versions added.

    Args:
        first, second: A and B.
        data: What it was measured on, in words.
        comparison, pictures, changed: What was found.
        now: The time, by default the clock's.
    """
    return Report(
        names=(first.name, second.name),
        epochs=(first.metadata.get("epoch"), second.metadata.get("epoch")),
        sides=(_about(first), _about(second)),
        data=data,
        date=(now or datetime.now(UTC)).strftime("%Y-%m-%d %H:%M UTC"),
        comparison=comparison,
        pictures=pictures,
        changed=changed or {},
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
    """Return the app's design tokens: colours, ramps and sizes, read from the one file that holds them."""
    return json.loads((files("alexnet_viz") / "ui" / "web" / "tokens.json").read_text("utf-8"))


def html_report(report: Report, tokens: Mapping[str, Any]) -> str:
    """Return the page, complete and self-contained: no script, nothing fetched, every text escaped.

    Args:
        report: What to show.
        tokens: The design tokens, for the colours of both themes.
    """
    title = f"{report.names[0]} against {report.names[1]}"
    first, second = map(escape, report.names)
    heading = f'{parts.RING} {first} <span class="quiet">against</span> {parts.DISC} {second}'
    sections = [
        *_measured(report),
        parts.changed_section(report.changed, _changed_on(report)),
        parts.weights_section(report.weights),
        parts.recipes_section(report.recipes, report.names),
        _provenance(report),
    ]
    policy = "default-src 'none'; style-src 'unsafe-inline'"  # a browser that obeys it runs and fetches nothing
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<style>{parts.style(tokens)}</style>
</head>
<body>
<header>
<h1>{heading}</h1>
<p class="quiet">{escape(report.data)} · {escape(report.date)}</p>
<p class="verdict">{escape(verdict(report.comparison, report.pictures))}</p>
</header>
<main>
{"".join(sections)}
</main>
</body>
</html>
"""


def _measured(report: Report) -> list[str]:
    if report.comparison is not None:
        found = report.comparison
        answers = parts.answers_sections(found.answers) if found.answers else []
        return [
            *answers,
            parts.stages_section(found.stage_values(), found.cka),
            parts.matching_section(found.matchings),
        ]
    if report.pictures is not None:
        shown = report.pictures
        stages = parts.stages_section(shown.stage_values(), shown.cka)
        return [parts.pictures_section(shown), stages, parts.matching_section(shown.matchings)]
    return []


def _changed_on(report: Report) -> int:
    found = report.comparison or report.pictures
    return found.image_count if found else 0


def _provenance(report: Report) -> str:
    first, second = (dict(side) for side in report.sides)
    rows = [(what, first[what], second.get(what, "")) for what in first]
    about = [("measured on", report.data)]
    if report.comparison is not None:
        about.append(("SHA-256 of the pictures and labels", report.comparison.fingerprint))
    about += [("date", report.date), *report.versions.items()]
    tables = parts.table(("", "A", "B"), rows, wide=True) + parts.table(("", ""), about, wide=True)
    return parts.section("Where this comes from", tables, broad=True)
