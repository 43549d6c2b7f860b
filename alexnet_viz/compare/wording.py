"""A comparison in a sentence or two; `ui/web/compare/words.js` uses the same words for photos and rates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alexnet_viz.answers import no_answer_words
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
        first, second = (side.top[0][0][0] if side.top[0] else None for side in (pictures.first, pictures.second))
        return photo_words(first, second)
    same = "" if pictures.agreement is None else same_words(pictures.image_count, pictures.agreement)
    missing = (sum(not top for top in side.top) for side in (pictures.first, pictures.second))
    return " ".join(filter(None, (same, _without_answers(no_answer_words(n, pictures.image_count) for n in missing))))


def photo_words(first: str | None, second: str | None) -> str:
    """Return what A and B say of one photo; None is a network without an answer."""
    if first is None and second is None:
        return "On this photo neither A nor B gives an answer: their outputs are not numbers."
    if first == second:
        return f"On this photo A and B both say {first}."
    a, b = (
        "gives no answer, since its outputs are not numbers" if each is None else f"says {each}"
        for each in (first, second)
    )
    return f"On this photo A {a}{',' if first is None else ''} and B {b}."


def rates_words(image_count: int, first: float, second: float, agreement: float) -> str:
    """Return how often A and B are right and agree, each a share of the pictures."""
    if first == second:
        rates = f"A and B are right equally often, {percent(first)} of the time"
    else:
        rates = "B is right {} of the time and A {}".format(*percents((second, first)))
    return f"On {pictures_words(image_count)} {rates}; they give the same answer on {_share_words(agreement)}."


def pictures_words(image_count: int) -> str:
    """Return "1 picture", "500 pictures"."""
    return "1 picture" if image_count == 1 else f"{count(image_count)} pictures"


def same_words(image_count: int, agreement: float) -> str:
    """Return how often A and B agree on pictures without labels."""
    return f"On {pictures_words(image_count)} A and B give the same answer on {_share_words(agreement)}."


def _share_words(share: float) -> str:
    return {0.0: "none", 1.0: "every one"}.get(share, percent(share))


def measured(found: Comparison) -> str:
    """Return who is right how often on labelled pictures, whether that can be chance, and what is left out."""
    return " ".join(filter(None, (_of_answers(found), found.unseen.words if found.unseen else "")))


def _of_answers(found: Comparison) -> str:
    answers = found.answers
    if answers is None:
        same = "" if found.agreement is None else same_words(found.image_count, found.agreement)
        return " ".join(filter(None, (same, found.remark)))
    without = of_no_answer(answers)
    if answers.first.accuracy.low is None or answers.second.accuracy.low is None:
        return f"On {pictures_words(found.image_count)} {without}"
    rates = rates_words(
        found.image_count, answers.first.accuracy.value, answers.second.accuracy.value, answers.agreement
    )
    return " ".join(filter(None, (rates, _of_chance(answers), without)))


def of_no_answer(answers: Answers) -> str:
    """Return which of A and B gives how many pictures no answer; "" where both answer all."""
    return _without_answers(score.evaluation.no_answer_words for score in (answers.first, answers.second))


def _without_answers(missing: Iterable[str]) -> str:
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
        every = "Every stage" if len(known) == len(values) else "Every stage that can be compared"
        return f"{every} is the same up to rotation and scale (CKA 1.00)."
    return f"They are most alike at {most} (CKA {high}) and least at {least} ({low})."
