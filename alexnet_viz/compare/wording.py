"""Numbers as they are written for people, and a comparison in a sentence or two."""

from __future__ import annotations

import math
from collections.abc import Sequence

from alexnet_viz.compare.paired_pass import Comparison
from alexnet_viz.compare.predictions import Answers
from alexnet_viz.compare.similarity import CkaMatrix
from alexnet_viz.compare.unlabelled import PictureComparison

LIKELY_CHANCE = 0.05  # p-values above it: the difference may be chance
_THIN = "\u202f"  # between thousands


def number(value: float | None) -> str:
    """Return three significant figures: "5.52", "0.345", "12.5"; "0" for exact zero, "–" for None."""
    if value is None or math.isnan(value):
        return "–"
    if value == 0 or math.isinf(value):
        return "0" if value == 0 else _signed("∞", value)
    if abs(value) < 0.001:
        return "< 0.001" if value > 0 else "> −0.001"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    return _signed(f"{abs(value):,.{decimals}f}".replace(",", _THIN), value)


def fixed(value: float | None, decimals: int = 2) -> str:
    """Return a fixed number of decimals: "0.93", "−0.02"; "–" for None."""
    return "–" if value is None else _signed(f"{abs(value):.{decimals}f}", value)


def percent(share: float | None) -> str:
    """Return a share with one decimal below 10 % and none above: "40 %", "8.7 %"; "–" for None."""
    if share is None:
        return "–"
    return f"{100 * share:.{1 if 0 < share < 0.0995 else 0}f} %"


def count(value: int) -> str:
    """Return a count with thin spaces: "10 000"."""
    return f"{value:,}".replace(",", _THIN)


def p_value(value: float) -> str:
    """Return "p = 0.031" or "p < 0.001"."""
    return "p < 0.001" if value < 0.001 else f"p = {value:.2g}"


def _signed(digits: str, value: float) -> str:
    return f"−{digits}" if value < 0 else digits


def verdict(comparison: Comparison | None = None, pictures: PictureComparison | None = None) -> str:
    """Return in a sentence or two what is different and whether it matters; of the pictures where there is no split."""
    if comparison is not None:
        measured = " ".join(filter(None, (_of_answers(comparison), _of_stages(comparison.cka))))
        return measured or comparison.remark
    if pictures is None:
        return ""
    return " ".join(filter(None, (_of_pictures(pictures), _of_stages(pictures.cka), pictures.remark)))


def _of_pictures(pictures: PictureComparison) -> str:
    if pictures.image_count == 1:
        first, second = (_says(side.top[0]) for side in (pictures.first, pictures.second))
        if first == second and pictures.first.top[0]:
            return f"On this picture A and B both say {pictures.first.top[0][0][0]}."
        return f"On this picture A {first} and B {second}."
    if pictures.agreement is None:
        return ""
    return f"On {count(pictures.image_count)} pictures A and B give the same answer {_how_often(pictures.agreement)}."


def _says(top: Sequence[tuple[str, float]]) -> str:
    return f"says {top[0][0]}" if top else "gives no answer (its outputs are not numbers)"


def _how_often(share: float) -> str:
    return {0.0: "not once", 1.0: "every time"}.get(share, f"{percent(share)} of the time")


def _of_answers(comparison: Comparison) -> str:
    photos = f"{count(comparison.image_count)} pictures"
    if comparison.answers is None:
        if comparison.agreement is None:
            return comparison.remark
        remark = f" {comparison.remark[0].upper()}{comparison.remark[1:]}." if comparison.remark else ""
        return f"On {photos} A and B give the same answer {_how_often(comparison.agreement)}.{remark}"
    answers = comparison.answers
    a, b = answers.first.accuracy.value, answers.second.accuracy.value
    if a == b:
        rates = f"A and B are right equally often, {percent(a)} of the time"
    elif percent(a) == percent(b):
        rates = f"B is right {100 * b:.2f} % of the time and A {100 * a:.2f} %"
    else:
        rates = f"B is right {percent(b)} of the time and A {percent(a)}"
    agreement = f"they give the same answer {_how_often(answers.agreement)}"
    return " ".join(filter(None, (f"On {photos} {rates}; {agreement}.", _of_chance(answers), of_no_answer(answers))))


def of_no_answer(answers: Answers) -> str:
    """Return which of A and B gives how many pictures no answer; "" where both answer all."""
    missing = (score.evaluation.no_answer_words for score in (answers.first, answers.second))
    return " ".join(f"{letter} gives {words}." for letter, words in zip("AB", missing, strict=True) if words)


def _of_chance(answers: Answers) -> str:
    test = answers.mcnemar
    if test.p_value is None or test.only_first == test.only_second:
        return ""
    spelled = p_value(test.p_value)
    if test.p_value > LIKELY_CHANCE:
        return f"Such a difference may be chance (McNemar's exact test, {spelled})."
    return f"Such a difference is hardly chance (McNemar's exact test, {spelled})."


def _of_stages(cka: CkaMatrix | None) -> str:
    values = {name: cka.of_stage(name) for name in cka.first_stages} if cka else {}
    known = {name: value for name, value in values.items() if value is not None}
    if not known:
        return ""
    least, most = min(known, key=lambda name: known[name]), max(known, key=lambda name: known[name])
    if fixed(known[least]) == "1.00":
        return "Every stage is the same up to rotation and scale (CKA 1.00)."
    return f"They are most alike at {most} (CKA {fixed(known[most])}) and least at {least} ({fixed(known[least])})."
