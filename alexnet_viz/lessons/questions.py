"""Questions with their answers: what is right, what an answer says in words, how a class's answers are spread.

asked = resolve(step, Facts())
asked.is_right(asked.read("27"))
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from alexnet_viz.checkpoints import best_checkpoint
from alexnet_viz.errors import AnswerError, UnitError
from alexnet_viz.images import GALLERY
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
)
from alexnet_viz.number_words import count, number

Answer = str | tuple[float, ...]
_MOST_ROWS = 8  # of the answers of a class, besides the right one
_LARGEST = 1e12


@dataclass(frozen=True)
class Asked:
    """A question whose answer is known.

    Attributes:
        kind: Of the schema.
        ask, hint, explanation, unit: For the screen.
        choices: The words to choose from; none where something else is asked.
        answer: A word of the choices, or numbers: one, row and column, or a shape.
        tolerance: How far each number of an answer may be from it.
    """

    kind: str
    ask: str
    hint: str
    explanation: str
    choices: tuple[str, ...]
    answer: Answer
    tolerance: float = 0.0
    unit: str = ""

    def read(self, given: object) -> Answer:
        """Return what a person answers.

        Args:
            given: A word of the choices, a number, or a list of numbers.
        Raises:
            AnswerError: It is no answer to this question.
        """
        if self.choices:
            if not isinstance(given, str) or given not in self.choices:
                raise AnswerError(f"Choose one of {', '.join(self.choices)}.")
            return given
        parts: list[object] = given if isinstance(given, list) else [given]
        numbers = tuple(number for number in map(_number_in, parts) if number is not None)
        if not len(numbers) == len(parts) == len(self.answer):
            raise AnswerError(f"Answer with {_WANTED[min(len(self.answer), 3)]}.")
        return numbers

    def is_right(self, answer: Answer) -> bool:
        """Return whether an answer is right, or close enough."""
        if isinstance(answer, str) or isinstance(self.answer, str):
            return answer == self.answer
        close = (abs(each - right) <= self.tolerance + 1e-9 for each, right in zip(answer, self.answer, strict=True))
        return all(close)

    def in_words(self, answer: Answer) -> str:
        """Return an answer as it is written on the screen."""
        if isinstance(answer, str):
            return answer
        if self.kind == "place":
            return f"row {answer[0]:.0f}, column {answer[1]:.0f}"
        words = " × ".join(count(int(each)) if each == int(each) else number(each) for each in answer)
        return f"{words} {self.unit}".strip()

    def spread(self, answers: Iterable[Answer]) -> list[dict[str, object]]:
        """Return how a class has answered: {"answer", "count", "right"} each.

        Choices stand in their own order, all of them. Other answers: the most frequent first; those beyond eight are
        one row "others".
        """
        given = list(answers)
        words = Counter(self.in_words(each) for each in given)
        if self.choices:
            return [self._row(choice, words[choice], choice == self.answer) for choice in self.choices]
        right = {self.in_words(each) for each in given if self.is_right(each)}
        rows = [self._row(word, many, word in right) for word, many in words.most_common()]
        if len(rows) > _MOST_ROWS:
            others = sum(many for _, many in words.most_common()[_MOST_ROWS:])
            rows = [*rows[:_MOST_ROWS], self._row("others", others, False)]
        return rows

    @staticmethod
    def _row(answer: str, many: int, right: bool) -> dict[str, object]:
        return {"answer": answer, "count": many, "right": right}

    def explained(self) -> str:
        """Return the explanation with the answer in it."""
        return self.explanation.replace("{answer}", self.in_words(self.answer))


_WANTED = {1: "a number", 2: "a row and a column", 3: "channels, height and width"}


def resolve(step: Step, facts: Facts) -> Asked | None:
    """Return a step's question with its answer; None where it asks nothing.

    Raises:
        AnswerError: The network's answer is none of the choices, or there is no such thing.
        AlexNetVizError: A name of the view or of the question is unknown.
    """
    question = step.question
    if question is None:
        return None
    view = {key: _text(value) for key, value in step.view.items()}
    answer, tolerance = _answer(question, view, facts)
    choices = tuple(map(_text, question.choices)) if isinstance(question, Choice) else ()
    if isinstance(question, Choice) and (answer not in choices or len(set(choices)) < len(choices)):
        raise AnswerError(f"the answer is '{answer}'; the choices are {', '.join(choices)}, each once with it")
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
            return _text(facts.of(answer, view) if isinstance(answer, Fact) else answer), 0.0
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
        raise AnswerError("a place is on the map of a channel: give the view one")
    if question.answer == "strongest":
        photo = view.get("photo", GALLERY[0].name)
        return _numbers(*facts.strongest_place(_checkpoint(view), photo, stage, int(channel)))
    _, height, width = (*facts.layer(_checkpoint(view), stage).output_shape, 1, 1)[:3]
    for what, given, sides in zip(("row", "column"), question.answer, (height, width), strict=True):
        if not 0 <= int(given) < sides:
            raise UnitError(what, int(given), stage, 0, sides - 1)
    return _numbers(*map(int, question.answer))


def _checkpoint(view: dict[str, str]) -> str:
    return view.get("checkpoint") or best_checkpoint().name


def _numbers(*values: float | str) -> tuple[float, ...]:
    if any(isinstance(value, str) for value in values):
        raise AnswerError(f"the answer is '{values[0]}', which is no number; ask for a choice")
    return tuple(float(value) for value in values)


def _text(value: str | float) -> str:
    """Return a word of a file: 55 and 55.0 are "55"."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _number_in(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _LARGEST else None
