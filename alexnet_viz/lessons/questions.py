"""Questions of a lesson with the answers that the network computes.

asked = resolve(step, Facts())
asked.is_right(asked.read("27"))
"""

from __future__ import annotations

from alexnet_viz.checkpoints import best_checkpoint
from alexnet_viz.errors import AnswerError, require_unit
from alexnet_viz.images import GALLERY
from alexnet_viz.language import said
from alexnet_viz.lessons.asked import Answer, Asked
from alexnet_viz.lessons.facts import Facts
from alexnet_viz.lessons.schema import (
    Channel,
    Choice,
    Fact,
    NextLoss,
    Number,
    Parameters,
    Place,
    Question,
    Shape,
    Step,
    as_text,
)


def resolve(step: Step, facts: Facts) -> Asked | None:
    """Return a step's question with its answer; None where it asks nothing.

    Raises:
        AnswerError: The network's answer is none of the choices, or there is no such thing.
        AlexNetVizError: A name of the view or of the question is unknown.
    """
    question = step.question
    if question is None:
        return None
    view = {key: as_text(value) for key, value in step.view.items()}
    answer, tolerance = _answer(question, view, facts)
    choices = tuple(map(as_text, question.choices)) if isinstance(question, Choice) else ()
    if isinstance(question, Choice) and (answer not in choices or len(set(choices)) < len(choices)):
        raise AnswerError(
            said(
                "the answer is '{answer}'; the choices are {names}, each once with it",
                answer=answer,
                names=", ".join(choices),
            )
        )
    return Asked(
        kind=str(question.__struct_config__.tag),
        ask=question.ask,
        hint=question.hint,
        explanation=question.explanation,
        choices=choices,
        answer=answer,
        tolerance=tolerance,
        unit=question.unit if isinstance(question, Number) else "",
    )


def _answer(question: Question, view: dict[str, str], facts: Facts) -> tuple[Answer, float]:
    """Return a question's answer, and how far from it is still right."""
    match question:
        case Choice(answer=answer):
            return as_text(facts.of(answer, view) if isinstance(answer, Fact) else answer), 0.0
        case Number(answer=answer) | Channel(answer=answer):
            tolerance = question.tolerance if isinstance(question, Number) else 0.0
            return _numbers(facts.of(answer, view) if isinstance(answer, Fact) else answer), tolerance
        case Place():
            return _place(question, view, facts), question.tolerance
        case Shape(stage=stage):
            return _numbers(*facts.layer(_checkpoint(view), stage).output_shape), 0.0
        case Parameters(stage=stage, tolerance=share):
            right = facts.total(_checkpoint(view), stage, "params")
            return _numbers(right), share * right
        case NextLoss(epoch=epoch, tolerance=tolerance):
            return _numbers(facts.loss(view.get("run", ""), epoch)), tolerance
    raise TypeError(f"no answer to a {type(question).__name__} is known")


def _place(question: Place, view: dict[str, str], facts: Facts) -> Answer:
    stage, channel = view.get("stage", "block1.relu"), view.get("channel", "")
    if not channel.isdecimal():
        raise AnswerError(said("a place is on the map of a channel: give the view one"))
    if question.answer == "strongest":
        photo = view.get("photo", GALLERY[0].name)
        return _numbers(*facts.strongest_place(_checkpoint(view), photo, stage, int(channel)))
    _, height, width = (*facts.layer(_checkpoint(view), stage).output_shape, 1, 1)[:3]
    for what, given, sides in zip(("row", "column"), question.answer, (height, width), strict=True):
        require_unit(what, int(given), stage, sides)
    return _numbers(*map(int, question.answer))


def _checkpoint(view: dict[str, str]) -> str:
    return view.get("checkpoint") or best_checkpoint().name


def _numbers(*values: float | str) -> tuple[float, ...]:
    if any(isinstance(value, str) for value in values):
        raise AnswerError(said("the answer is '{answer}', which is no number; ask for a choice", answer=values[0]))
    return tuple(float(value) for value in values)
