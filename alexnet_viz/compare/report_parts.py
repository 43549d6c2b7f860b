"""The parts of the report: its sections with their tables, as HTML.

The repeated pieces are macros of `report.html`, which escape every text; what is already markup is a `Markup`.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from alexnet_viz.compare.comparison import Comparison
from alexnet_viz.compare.matching import GOOD_CORRELATION, Matching
from alexnet_viz.compare.predictions import Answers, Scores
from alexnet_viz.compare.recipes import Setting
from alexnet_viz.compare.report_figures import DISC, RING, diverging, reliability, sequential, shares
from alexnet_viz.compare.similarity import CkaMatrix
from alexnet_viz.compare.unlabelled import Changed, ChangedChannel
from alexnet_viz.compare.weights import LayerDifference, most_moved
from alexnet_viz.compare.wording import of_no_answer, pictures_words
from alexnet_viz.number_words import count, fixed, number, p_value, percent, percents, similarity

_MOST_SQUARE = 25  # classes whose confusion matrices fit on a page
_MOST_DISAGREEMENTS = 12
_MOST_CHANGED = 6  # channels a stage

_macros: Any = (
    Environment(loader=PackageLoader("alexnet_viz", "compare"), autoescape=True).get_template("report.html").module
)
page, section, table = _macros.page, _macros.section, _macros.table


def _heat_table(
    caption: str,
    names: tuple[Sequence[str], Sequence[str]],
    values: Sequence[Sequence[float | None]],
    step: Callable[[float], str],
    spell: Callable[[float], str],
) -> Markup:
    """Return a matrix as a table of coloured numbers; `step` gives a value's class among the ramp's."""
    rows = [
        (name, [("–", "") if value is None else (spell(value), step(value)) for value in row])
        for name, row in zip(names[0], values, strict=True)
    ]
    heat: Markup = _macros.heat(caption, names[1], rows)
    return heat


def _section(title: str, content: Markup | str, sentence: str = "", *, broad: bool = False) -> Markup:
    made: Markup = section(title, content, sentence, broad)
    return made


# ---------------------------------------------------------------- sections


def answers_sections(answers: Answers) -> list[Markup]:
    """Return accuracies, classes, confusions, calibration and disagreements."""
    return [
        _accuracy_section(answers),
        _calibration_section(answers),
        _classes_section(answers),
        _disagreement_section(answers),
        _confusion_section(answers),
    ]


def _accuracy_section(answers: Answers) -> Markup:
    test = answers.mcnemar

    def row(mark: Markup, score: Scores) -> tuple[object, ...]:
        share = score.accuracy
        ends = [] if share.low is None or share.high is None else [(share.low, share.high)]
        between = "".join(f"{percent(low, 1)} – {percent(high, 1)}" for low, high in ends) or "no answers"
        figure = shares(ends, **{"ring": None, "disc": None, ("ring" if mark is RING else "disc"): share.value})
        return mark, percent(share.value, 2), between, figure, number(score.evaluation.loss)

    rows = [row(RING, answers.first), row(DISC, answers.second)]
    head = ("", "right", "95 % interval (Wilson)", "0 to 100 %", "loss")
    crossed = [("A right", count(test.both_right), count(test.only_first))]
    crossed += [("A wrong", count(test.only_second), count(test.both_wrong))]
    mcnemar = table(("pictures", "B right", "B wrong"), crossed, right=(1, 2))
    sentence = (
        f"{pictures_words(answers.count)}. McNemar's exact test looks at the "
        f"{count(test.only_first + test.only_second)} that only one answers rightly: {p_value(test.p_value)}."
        if test.p_value is not None
        else f"{pictures_words(answers.count)}. {of_no_answer(answers)}"
    )
    return _section("Who is right how often", table(head, rows, right=(1, 2, 4)) + mcnemar, sentence)


def _classes_section(answers: Answers) -> Markup:
    rows = []
    first, second = answers.first.evaluation.per_class(), answers.second.evaluation.per_class()
    for line in answers.per_class():
        a, b = first[str(line["class"])], second[str(line["class"])]
        difference = "–" if a is None or b is None else f"{fixed(100 * (b - a), 1)}"
        rows.append((line["class"], line["count"], *percents((a, b)), difference, _dumbbell(a, b)))
    head = ("class", "pictures", "A right", "B right", "B − A, points", "A to B, 0 to 100 %")
    return _section("Class by class", table(head, rows, right=(1, 2, 3, 4)))


def _dumbbell(a: float | None, b: float | None) -> Markup:
    return Markup("") if a is None or b is None else shares([(a, b)], ring=a, disc=b)


def _confusion_section(answers: Answers) -> Markup:
    if len(answers.classes) > _MOST_SQUARE:
        words = f"{count(len(answers.classes))} classes: matrices are drawn up to {_MOST_SQUARE}."
        words += " The command compare --json has their numbers."
        return _section("What is taken for what", "", words, broad=True)
    names = answers.classes, answers.classes
    difference = answers.confusion_difference()
    confusions = [score.evaluation.confusion for score in (answers.first, answers.second)]
    most = max(value for matrix in confusions for row in matrix for value in row)
    furthest = max(abs(value) for row in difference for value in row)
    drawn = [
        _heat_table(title, names, matrix, sequential(most), lambda value: f"{value:.0f}")
        for title, matrix in zip(("A", "B"), confusions, strict=True)
    ]
    drawn.append(_heat_table("B − A", names, difference, diverging(furthest), lambda value: fixed(value, 0)))
    words = "Rows are the true classes, columns the answers, in pictures."
    return _section("What is taken for what", _macros.beside(drawn), words, broad=True)


def _calibration_section(answers: Answers) -> Markup:
    drawn = [
        _macros.figure(
            Markup("{}, expected calibration error {}").format(mark, fixed(score.calibration.expected_error, 3)),
            reliability(score.calibration),
        )
        for mark, score in ((RING, answers.first), (DISC, answers.second))
    ]
    words = (
        "Of the answers given with a probability within a bin, this share is right; on the dashed line, probabilities "
        "mean what they say."
    )
    return _section("Whether probabilities can be believed", _macros.beside(drawn), words)


def _disagreement_section(answers: Answers) -> Markup:
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
        return _section("Where they disagree", "", "They give the same answer on every picture.")
    head = ("picture", "true class", "A says", "probability", "B says", "probability")
    return _section("Where they disagree", table(head, rows, right=(0, 3, 5)), words)


def pictures_section(found: Comparison) -> Markup:
    """Return both networks' answers on each picture."""

    def spell(top: Sequence[tuple[str, float]]) -> str:
        return ", ".join(f"{name} {percent(share)}" for name, share in top[:3]) or "no answer: not a number"

    both = zip(found.first.top, found.second.top, strict=True)
    rows = [(number_, spell(a), spell(b)) for number_, (a, b) in enumerate(both, start=1)]
    head = ("picture", RING, DISC)
    return _section("Answers", table(head, rows, right=(0,)), "The most probable classes, up to three.", broad=True)


def stages_section(values: Mapping[str, tuple[float | None, float | None]], cka: CkaMatrix | None) -> Markup:
    """Return how alike the stages are."""
    rows = [(name, similarity(alike), number(apart)) for name, (alike, apart) in values.items()]
    if not rows:
        return Markup("")
    content = [table(("stage", "linear CKA", "mean |B − A|"), rows, right=(1, 2))]
    words = "Mean |B − A| is in units of the activations, channel by channel of the same number."
    if cka:
        names = cka.first_stages, cka.second_stages
        content.append(_heat_table("Rows: stages of A; columns: stages of B", names, cka.values, sequential(1), fixed))
        words = (
            f"Linear CKA over {count(cka.image_count)} images, unbiased: 1 for the same representation up to rotation "
            f"and scale, near 0 for unrelated ones. {words}"
        )
    return _section("How alike the stages are", _macros.beside(content), words, broad=True)


def matching_section(matchings: Mapping[str, Matching]) -> Markup:
    """Return how the channels were paired."""
    if not matchings:
        return Markup("")
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
    return _section("Which channel belongs to which", table(head, rows, right=(1, 2, 3, 4, 5)), words)


def changed_section(changed: Changed | None) -> Markup:
    """Return the channels that changed most."""
    if changed is None or not changed.stages:
        return Markup("")
    rows = []
    for name, channels in changed.stages.items():
        shown = channels[:_MOST_CHANGED]
        spelled = ", ".join(f"{_pair(each)}: {number(each.change)}" for each in shown) or "none"
        rows.append((name, spelled, f"{len(shown)} of {len(channels)}"))
    pictures = "the picture" if changed.image_count == 1 else pictures_words(changed.image_count)
    words = (
        f"Root mean square of B − A over the places of {pictures}, in units of the activations; the most changed "
        f"first. {_pairing_words(changed)}"
    )
    return _section("Channels that changed most", table(("stage", "channel: change", "shown"), rows, right=(2,)), words)


def _pairing_words(changed: Changed) -> str:
    if all(each.first == each.second for channels in changed.stages.values() for each in channels):
        return "Channels of the same number are compared."
    return "Channels without a partner are left out."


def _pair(each: ChangedChannel) -> str:
    return f"{each.first}" if each.first == each.second else f"{each.first} → {each.second}"


def weights_section(rows: Sequence[LayerDifference]) -> Markup:
    """Return how far the weights are apart."""
    if not rows:
        return Markup("")
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
    return _section("Weights", table(head, lines, right=(1, 2, 3, 4, 5, 6)), words)


def recipes_section(settings: Sequence[Setting], names: Sequence[str]) -> Markup:
    """Return in what the recipes differ."""
    if not settings:
        return Markup("")

    def rows(differ: bool) -> list[tuple[object, ...]]:
        spelled = [
            (one.name, *("–" if v is None else v for v in one.values)) for one in settings if one.differs is differ
        ]
        return [tuple(row) for row in spelled]

    same = rows(differ=False)
    content = table(("setting", *names), rows(differ=True)) if rows(differ=True) else Markup("")
    content += _macros.folded(
        "1 setting is the same" if len(same) == 1 else f"{len(same)} settings are the same",
        table(("setting", *names), same),
    )
    words = f"{len(rows(differ=True))} of {len(settings)} settings differ."
    return _section("Recipes", content, words)
