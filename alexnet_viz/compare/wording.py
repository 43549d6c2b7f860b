"""A comparison in a sentence or two."""

from __future__ import annotations

from collections.abc import Sequence

from alexnet_viz.compare.comparison import Comparison
from alexnet_viz.compare.predictions import Answers
from alexnet_viz.compare.similarity import CkaMatrix
from alexnet_viz.number_words import count, p_value, percent, percents, similarities

LIKELY_CHANCE = 0.05  # p-values above it: the difference may be chance


def verdict(found: Sequence[Comparison]) -> str:
    """Return in a few sentences what is different and whether it matters: on each set of pictures, then by stage."""
    stages = next((each.cka for each in reversed(found) if each.cka), None)
    return " ".join(filter(None, (*map(_of_one, found), _of_stages(stages))))


def _of_one(found: Comparison) -> str:
    if found.first.top:
        return " ".join(filter(None, (_of_pictures(found), found.remark)))
    return measured(found)


def _of_pictures(pictures: Comparison) -> str:
    if pictures.image_count == 1:
        first, second = (_says(side.top[0]) for side in (pictures.first, pictures.second))
        if first == second and pictures.first.top[0]:
            return f"On this picture A and B both say {pictures.first.top[0][0][0]}."
        return f"On this picture A {first} and B {second}."
    if pictures.agreement is None:
        return ""
    return _same(f"{count(pictures.image_count)} pictures", pictures.agreement)


def _says(top: Sequence[tuple[str, float]]) -> str:
    return f"says {top[0][0]}" if top else "gives no answer (its outputs are not numbers)"


def _how_often(share: float) -> str:
    return {0.0: "not once", 1.0: "every time"}.get(share, f"{percent(share)} of the time")


def measured(found: Comparison) -> str:
    """Return who is right how often on labelled pictures, whether that can be chance, and what is left out."""
    return " ".join(filter(None, (_of_answers(found), found.unseen.words if found.unseen else "")))


def _of_answers(found: Comparison) -> str:
    pictures = f"{count(found.image_count)} pictures"
    answers = found.answers
    if answers is None:
        same = "" if found.agreement is None else _same(pictures, found.agreement)
        return " ".join(filter(None, (same, found.remark)))
    without = of_no_answer(answers)
    if answers.first.accuracy.low is None or answers.second.accuracy.low is None:
        return f"On {pictures} {without}"
    a, b = answers.first.accuracy.value, answers.second.accuracy.value
    if a == b:
        rates = f"A and B are right equally often, {percent(a)} of the time"
    else:
        rates = "B is right {} of the time and A {}".format(*percents((b, a)))
    agreement = f"they give the same answer {_how_often(answers.agreement)}"
    return " ".join(filter(None, (f"On {pictures} {rates}; {agreement}.", _of_chance(answers), without)))


def _same(pictures: str, agreement: float) -> str:
    return f"On {pictures} A and B give the same answer {_how_often(agreement)}."


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
    high, low = similarities((known[most], known[least]))
    if low == "1.00":
        return "Every stage is the same up to rotation and scale (CKA 1.00)."
    return f"They are most alike at {most} (CKA {high}) and least at {least} ({low})."
