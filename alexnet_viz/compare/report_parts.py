"""The parts of the report: tables, heat maps and small plots as HTML and SVG.

Every text that comes from elsewhere goes through `cell` or `escape`; what is already markup is an `Html`.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from alexnet_viz.compare.comparison import Comparison
from alexnet_viz.compare.matching import GOOD_CORRELATION, Matching
from alexnet_viz.compare.predictions import Answers, Calibration, Scores
from alexnet_viz.compare.recipes import Setting
from alexnet_viz.compare.similarity import CkaMatrix
from alexnet_viz.compare.unlabelled import Changed, ChangedChannel
from alexnet_viz.compare.weights import LayerDifference, most_moved
from alexnet_viz.compare.wording import of_no_answer
from alexnet_viz.number_words import count, fixed, number, p_value, percent, similarity

_MOST_SQUARE = 25  # classes whose confusion matrices fit on a page
_MOST_DISAGREEMENTS = 12
_MOST_CHANGED = 6  # channels a stage
_ANCHORS = 17  # of each colour ramp among the tokens


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


RING = Html('<svg class="mark" viewBox="0 0 20 20"><title>A</title><circle cx="10" cy="10" r="7" class="ring"/></svg>A')
DISC = Html('<svg class="mark" viewBox="0 0 20 20"><title>B</title><circle cx="10" cy="10" r="8" class="disc"/></svg>B')


def cell(value: object) -> str:
    """Return a value as markup: `Html` as it is, everything else as escaped text."""
    return value if isinstance(value, Html) else escape(str(value))


def section(title: str, content: str, sentence: str = "", *, broad: bool = False) -> str:
    """Return a section with its heading; `content` is markup, the rest are texts; a broad one fills a line."""
    words = f'<p class="say">{escape(sentence)}</p>' if sentence else ""
    kind = ' class="broad"' if broad else ""
    return f"<section{kind}><h2>{escape(title)}</h2>{words}{content}</section>"


def table(
    head: Sequence[object], rows: Sequence[Sequence[object]], *, right: Sequence[int] = (), wide: bool = False
) -> str:
    """Return a table; columns numbered in `right` are aligned to the right."""

    def line(tag: str, cells: Sequence[object]) -> str:
        sides = (' class="right"' if index in right else "" for index in range(len(cells)))
        return "".join(f"<{tag}{side}>{cell(value)}</{tag}>" for side, value in zip(sides, cells, strict=True))

    body = "".join(f"<tr>{line('td', row)}</tr>" for row in rows)
    kind = ' class="wide"' if wide else ""
    return f"<table{kind}><thead><tr>{line('th', head)}</tr></thead><tbody>{body}</tbody></table>"


def _heat_table(
    caption: str,
    names: tuple[Sequence[str], Sequence[str]],
    values: Sequence[Sequence[float | None]],
    step: Callable[[float], str],
    spell: Callable[[float], str],
) -> Html:
    """Return a matrix as a table of coloured numbers; `step` gives a value's class among the ramp's."""

    def square(value: float | None) -> str:
        return "<td>–</td>" if value is None else f'<td class="{step(value)}">{escape(spell(value))}</td>'

    head = "".join(f"<th><span>{escape(name)}</span></th>" for name in names[1])
    rows = (
        f"<tr><th>{escape(name)}</th>{''.join(map(square, row))}</tr>"
        for name, row in zip(names[0], values, strict=True)
    )
    return Html(
        f'<table class="heat"><caption>{escape(caption)}</caption>'
        f"<thead><tr><th></th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _sequential(high: float) -> Callable[[float], str]:
    last = _ANCHORS - 1
    return lambda value: f"h{min(last, max(0, round(last * value / high)))}" if high > 0 else "h0"


def _diverging(high: float) -> Callable[[float], str]:
    half = _ANCHORS // 2
    return lambda value: f"s{half + min(half, max(-half, round(half * value / high)))}" if high > 0 else f"s{half}"


# ---------------------------------------------------------------- sections


def answers_sections(answers: Answers) -> list[str]:
    """Return accuracies, classes, confusions, calibration and disagreements."""
    return [
        _accuracy_section(answers),
        _calibration_section(answers),
        _classes_section(answers),
        _disagreement_section(answers),
        _confusion_section(answers),
    ]


def _accuracy_section(answers: Answers) -> str:
    test = answers.mcnemar

    def row(mark: Html, score: Scores) -> tuple[object, ...]:
        share = score.accuracy
        ends = [] if share.low is None or share.high is None else [(share.low, share.high)]
        between = "".join(f"{100 * low:.1f} – {100 * high:.1f} %" for low, high in ends) or "no answers"
        figure = _share_figure(ends, ring=share.value if mark is RING else None, disc=share.value)
        return mark, f"{100 * share.value:.2f} %", between, figure, number(score.evaluation.loss)

    rows = [row(RING, answers.first), row(DISC, answers.second)]
    head = ("", "right", "95 % interval (Wilson)", "0 to 100 %", "loss")
    crossed = [("A right", count(test.both_right), count(test.only_first))]
    crossed += [("A wrong", count(test.only_second), count(test.both_wrong))]
    mcnemar = table(("pictures", "B right", "B wrong"), crossed, right=(1, 2))
    sentence = (
        f"{count(answers.count)} pictures. McNemar's exact test looks at the "
        f"{count(test.only_first + test.only_second)} that only one answers rightly: {p_value(test.p_value)}."
        if test.p_value is not None
        else f"{count(answers.count)} pictures. {of_no_answer(answers)}"
    )
    return section("Who is right how often", table(head, rows, right=(1, 2, 4)) + mcnemar, sentence)


def _share_figure(lines: Sequence[tuple[float, float]], ring: float | None, disc: float | None) -> Html:
    """Return an axis from 0 to 1 with lines between two shares, a ring for A and a disc for B; a ring hides a disc."""
    drawn = [f'<line x1="{_x(low)}" x2="{_x(high)}" y1="9" y2="9" class="bond"/>' for low, high in lines]
    if disc is not None and ring is None:
        drawn.append(f'<circle cx="{_x(disc)}" cy="9" r="4.5" class="disc"/>')
    if ring is not None:
        drawn.append(f'<circle cx="{_x(ring)}" cy="9" r="4.5" class="ring"/>')
    return Html(f'<svg class="share" viewBox="0 0 220 18">{_GRID}{"".join(drawn)}</svg>')


def _x(share: float) -> str:
    return f"{10 + 200 * share:.1f}"


_GRID = "".join(f'<line x1="{10 + 50 * i}" x2="{10 + 50 * i}" y1="0" y2="18" class="grid"/>' for i in range(5))


def _classes_section(answers: Answers) -> str:
    rows = []
    first, second = answers.first.evaluation.per_class(), answers.second.evaluation.per_class()
    for line in answers.per_class():
        a, b = first[str(line["class"])], second[str(line["class"])]
        difference = "–" if a is None or b is None else f"{fixed(100 * (b - a), 1)}"
        rows.append((line["class"], line["count"], percent(a), percent(b), difference, _dumbbell(a, b)))
    head = ("class", "pictures", "A right", "B right", "B − A, points", "A to B, 0 to 100 %")
    return section("Class by class", table(head, rows, right=(1, 2, 3, 4)))


def _dumbbell(a: float | None, b: float | None) -> Html:
    if a is None or b is None:
        return Html("")
    disc = f'<circle cx="{_x(b)}" cy="9" r="4.5" class="disc"/>'
    ring = f'<circle cx="{_x(a)}" cy="9" r="4.5" class="ring"/>'
    bond = f'<line x1="{_x(a)}" x2="{_x(b)}" y1="9" y2="9" class="bond"/>'
    return Html(f'<svg class="share" viewBox="0 0 220 18">{_GRID}{bond}{disc}{ring}</svg>')


def _confusion_section(answers: Answers) -> str:
    if len(answers.classes) > _MOST_SQUARE:
        words = f"{count(len(answers.classes))} classes: matrices are drawn up to {_MOST_SQUARE}."
        words += " The command compare --json has their numbers."
        return section("What is taken for what", "", words, broad=True)
    names = answers.classes, answers.classes
    difference = answers.confusion_difference()
    confusions = [score.evaluation.confusion for score in (answers.first, answers.second)]
    most = max(value for matrix in confusions for row in matrix for value in row)
    furthest = max(abs(value) for row in difference for value in row)
    drawn = [
        _heat_table(title, names, matrix, _sequential(most), lambda value: f"{value:.0f}")
        for title, matrix in zip(("A", "B"), confusions, strict=True)
    ]
    drawn.append(_heat_table("B − A", names, difference, _diverging(furthest), lambda value: fixed(value, 0)))
    words = "Rows are the true classes, columns the answers, in pictures."
    return section("What is taken for what", f'<div class="beside">{"".join(drawn)}</div>', words, broad=True)


def _calibration_section(answers: Answers) -> str:
    drawn = "".join(
        f"<figure><figcaption>{mark}, expected calibration error {score.calibration.expected_error:.3f}</figcaption>"
        f"{_reliability(score.calibration)}</figure>"
        for mark, score in ((RING, answers.first), (DISC, answers.second))
    )
    words = (
        "Of the answers given with a probability within a bin, this share is right; on the dashed line, probabilities "
        "mean what they say."
    )
    return section("Whether probabilities can be believed", f'<div class="beside">{drawn}</div>', words)


def _reliability(calibration: Calibration) -> str:
    """Return the diagram, 200 units a side; a bar's title tells its numbers."""
    bars = [
        f'<rect x="{30 + 200 * each.low:.1f}" y="{10 + 200 * (1 - (each.accuracy or 0)):.1f}" '
        f'width="{200 * (each.high - each.low) - 1:.1f}" height="{max(1, 200 * (each.accuracy or 0)):.1f}" class="bar">'
        f"<title>{each.count} answers, mean probability {percent(each.confidence)}, "
        f"right {percent(each.accuracy)}</title></rect>"
        for each in calibration.bins
        if each.count
    ]
    ticks = "".join(
        f'<text x="{30 + 2 * share}" y="224" class="tick middle">{share}</text>'
        f'<text x="26" y="{214 - 2 * share}" class="tick end">{share}</text>'
        for share in (0, 50, 100)
    )
    return (
        '<svg class="plot" viewBox="0 0 240 244"><rect x="30" y="10" width="200" height="200" class="frame"/>'
        f'{"".join(bars)}<line x1="30" y1="210" x2="230" y2="10" class="diagonal"/>{ticks}'
        '<text x="130" y="240" class="tick middle">probability of the answer, %</text></svg>'
    )


def _disagreement_section(answers: Answers) -> str:
    shown = answers.disagreements[:_MOST_DISAGREEMENTS]
    names = answers.classes
    rows = [
        (each.index, names[each.label], names[each.first], percent(each.first_probability), names[each.second],
         percent(each.second_probability))
        for each in shown
    ]  # fmt: skip
    words = (
        f"{len(shown)} of {count(len(answers.disagreements))} shown, those first on which both are surest. "
        "Numbers are places in the data."
    )
    if not shown:
        return section("Where they disagree", "", "They give the same answer on every picture.")
    head = ("picture", "true class", "A says", "probability", "B says", "probability")
    return section("Where they disagree", table(head, rows, right=(0, 3, 5)), words)


def pictures_section(found: Comparison) -> str:
    """Return both networks' answers on each picture."""

    def spell(top: Sequence[tuple[str, float]]) -> str:
        return ", ".join(f"{name} {percent(share)}" for name, share in top[:3]) or "no answer: not a number"

    both = zip(found.first.top, found.second.top, strict=True)
    rows = [(number_, spell(a), spell(b)) for number_, (a, b) in enumerate(both, start=1)]
    head = ("picture", RING, DISC)
    return section("Answers", table(head, rows, right=(0,)), "The most probable classes, up to three.", broad=True)


def stages_section(values: Mapping[str, tuple[float | None, float | None]], cka: CkaMatrix | None) -> str:
    """Return how alike the stages are."""
    rows = [(name, similarity(alike), number(apart)) for name, (alike, apart) in values.items()]
    if not rows:
        return ""
    content = table(("stage", "linear CKA", "mean |B − A|"), rows, right=(1, 2))
    words = "Mean |B − A| is in units of the activations, channel by channel of the same number."
    if cka:
        names = cka.first_stages, cka.second_stages
        content += _heat_table("Rows: stages of A; columns: stages of B", names, cka.values, _sequential(1), fixed)
        words = (
            f"Linear CKA over {count(cka.image_count)} images, unbiased: 1 for the same representation up to rotation "
            f"and scale, near 0 for unrelated ones. {words}"
        )
    return section("How alike the stages are", f'<div class="beside">{content}</div>', words, broad=True)


def matching_section(matchings: Mapping[str, Matching]) -> str:
    """Return how the channels were paired."""
    if not matchings:
        return ""
    rows = []
    for name, matching in matchings.items():
        known = [value for value in matching.correlations if value is not None]
        rows.append(
            (
                name,
                f"{len(matching.partners)} and {matching.second_count}",
                similarity(statistics.median(known)) if known else "–",
                len(matching.without_good_partner),
                len(matching.silent_first),
                len(matching.silent_second),
            )
        )
    head = ("stage", "channels", "median correlation", "of A without a good partner", "silent in A", "silent in B")
    any_one = next(iter(matchings.values()))
    words = (
        f"{any_one.reason[0].upper()}{any_one.reason[1:]}. Correlations are over {count(any_one.image_count)} images "
        f"and all places; below {GOOD_CORRELATION} a partner is no good one."
    )
    return section("Which channel belongs to which", table(head, rows, right=(1, 2, 3, 4, 5)), words)


def changed_section(changed: Changed | None) -> str:
    """Return the channels that changed most."""
    if changed is None or not changed.stages:
        return ""
    rows = []
    for name, channels in changed.stages.items():
        shown = channels[:_MOST_CHANGED]
        spelled = ", ".join(f"{_pair(each)}: {number(each.change)}" for each in shown) or "none"
        rows.append((name, spelled, f"{len(shown)} of {len(channels)}"))
    pictures = "the picture" if changed.image_count == 1 else f"{changed.image_count} pictures"
    words = (
        f"Root mean square of B − A over the places of {pictures}, in units of the activations; the most changed "
        f"first. {_pairing_words(changed)}"
    )
    return section("Channels that changed most", table(("stage", "channel: change", "shown"), rows, right=(2,)), words)


def _pairing_words(changed: Changed) -> str:
    if all(each.first == each.second for channels in changed.stages.values() for each in channels):
        return "Channels of the same number are compared."
    return "Channels without a partner are left out."


def _pair(each: ChangedChannel) -> str:
    return f"{each.first}" if each.first == each.second else f"{each.first} → {each.second}"


def weights_section(rows: Sequence[LayerDifference]) -> str:
    """Return how far the weights are apart."""
    if not rows:
        return ""
    lines = [
        (row.layer, number(row.first_norm), number(row.second_norm), number(row.distance), number(row.relative),
         similarity(row.cosine), number(row.bias_distance))
        for row in rows
    ]  # fmt: skip
    head = ("layer", "|A|", "|B|", "|B − A|", "|B − A| / |A|", "cosine", "biases |B − A|")
    moved = most_moved(rows)
    words = f"Relative to its own size, {moved[0]} moved most." if moved else "No weight differs."
    remarks = [f"{row.layer} has {row.remark}." for row in rows if row.remark]
    if remarks and not moved:
        words = ""
    words = " ".join(filter(None, (words, "Norms are Frobenius norms.", *remarks)))
    return section("Weights", table(head, lines, right=(1, 2, 3, 4, 5, 6)), words)


def recipes_section(settings: Sequence[Setting], names: Sequence[str]) -> str:
    """Return in what the recipes differ."""
    if not settings:
        return ""

    def rows(differ: bool) -> list[tuple[object, ...]]:
        spelled = [
            (one.name, *("–" if v is None else v for v in one.values)) for one in settings if one.differs is differ
        ]
        return [tuple(row) for row in spelled]

    same = rows(differ=False)
    content = table(("setting", *names), rows(differ=True)) if rows(differ=True) else ""
    content += (
        f"<details><summary>{len(same)} settings are the same</summary>{table(('setting', *names), same)}</details>"
    )
    words = f"{len(rows(differ=True))} of {len(settings)} settings differ."
    return section("Recipes", content, words)


# ---------------------------------------------------------------- style


def style(tokens: Mapping[str, Any]) -> str:
    """Return the style sheet, its colours from the tokens, for both themes."""
    light, dark = (_colours(tokens, theme) for theme in ("light", "dark"))
    layout = files("alexnet_viz.compare").joinpath("report.css").read_text("utf-8")
    return f"{light}@media(prefers-color-scheme:dark){{{dark}}}{layout}"


def _colours(tokens: Mapping[str, Any], theme: str) -> str:
    values = "".join(f"--{name.replace('_', '-')}:{value};" for name, value in tokens["colour"][theme].items())
    return f":root{{{values}}}{_ramps(tokens, theme)}"


def _ramps(tokens: Mapping[str, Any], theme: str) -> str:
    """Return a class for each anchor of the two ramps, with the more legible of two colours of text."""
    inks = [tokens["colour"]["light"]["ink"], "#FFFFFF"]
    rules = []
    for letter, ramp in (("h", "activation"), ("s", "signed")):
        for place, colour in enumerate(tokens["ramp"][ramp][theme]):
            ink = max(inks, key=lambda text: _contrast(colour, text))
            rules.append(f".{letter}{place}{{background:{colour};color:{ink}}}")
    return "".join(rules)


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours "#RRGGBB", 1 to 21 (WCAG 2)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    shares = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
