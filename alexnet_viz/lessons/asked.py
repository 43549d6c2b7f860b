"""A question with its answer: what is right, what an answer means in words, how a class's answers are distributed.

It imports nothing heavy, so that a restarted server can tell its class at once where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from alexnet_viz.errors import AnswerError
from alexnet_viz.language import gettext, said
from alexnet_viz.number_words import count, number, numbers, percent

Answer = str | tuple[float, ...]
MOST_ROWS = 8  # of the answers of a class, of the right ones and of the wrong ones
_LARGEST = 1e12
_TYPED = 5  # figures


@dataclass(frozen=True)
class Asked:
    """A question whose answer is known.

    Attributes:
        kind: Of the schema.
        ask, hint, explanation, unit: For the screen.
        choices: The words to choose from, as the lesson's file has them; none where something else is asked.
        answer: A word of the choices, or numbers: one, row and column, or a shape.
        tolerance: How far each number of an answer may be from it.
        shown: The choices as they are shown, where that is another language's words.
    """

    kind: str
    ask: str
    hint: str
    explanation: str
    choices: tuple[str, ...]
    answer: Answer
    tolerance: float = 0.0
    unit: str = ""
    shown: tuple[str, ...] = ()

    def spoken(self, say: Callable[[str], str]) -> Asked:
        """Return the question as `say` says it."""
        return replace(
            self,
            ask=say(self.ask),
            hint=say(self.hint),
            explanation=say(self.explanation),
            unit=say(self.unit),
            shown=tuple(map(say, self.choices)),
        )

    def read(self, given: object) -> Answer:
        """Return what a person answers.

        Args:
            given: A word of the choices or its place among them, a number, or a list of numbers.
        Raises:
            AnswerError: It is no answer to this question.
        """
        if self.choices:
            chosen = dict(enumerate(self.choices)).get(given) if type(given) is int else given
            if chosen not in self.choices:
                raise AnswerError(said("Choose one of {choices}.", choices=", ".join(self.shown or self.choices)))
            return str(chosen)
        parts: list[object] = given if isinstance(given, list) else [given]
        numbers = tuple(number for number in map(_number_in, parts) if number is not None)
        if not len(numbers) == len(parts) == len(self.answer):
            raise AnswerError(_WANTED[min(len(self.answer), 3)])
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
            return dict(zip(self.choices, self.shown, strict=False)).get(answer, answer)
        if self.kind == "place":
            return gettext("row {row}, column {column}").format(row=f"{answer[0]:.0f}", column=f"{answer[1]:.0f}")
        if self.unit == "%" and not _is_short(answer[0]):
            return percent(answer[0] / 100)
        return f"{' × '.join(map(_written, answer))} {self.unit}".strip()

    def spread(self, answers: Iterable[Answer], most: int = MOST_ROWS) -> list[dict[str, object]]:
        """Return how a class has answered: {"answer", "count", "right"} each.

        Choices stand in their own order, all of them. Other answers: the most frequent first; of the right ones, and of
        the wrong ones, those beyond `most` are one row "others".
        """
        given = list(answers)
        if self.choices:
            return [self._row(self.in_words(each), given.count(each), each == self.answer) for each in self.choices]
        counted = Counter((self.in_words(each), self.is_right(each)) for each in given).most_common()
        others = Counter[bool]()
        rows: list[dict[str, object]] = []
        for (words, right), many in counted:
            if sum(row["right"] is right for row in rows) < most:
                rows.append(self._row(words, many, right))
            else:
                others[right] += many
        return rows + [self._row(gettext("others"), many, right) for right, many in others.items()]

    @staticmethod
    def _row(answer: str, many: int, right: bool) -> dict[str, object]:
        return {"answer": answer, "count": many, "right": right}

    def explained(self) -> str:
        """Return the explanation with the answer in it."""
        return self.explanation.replace("{answer}", self.in_words(self.answer))


_WANTED = {
    1: said("Answer with a number."),
    2: said("Answer with a row and a column."),
    3: said("Answer with channels, height and width."),
}


def _is_short(value: float) -> bool:
    """Return whether a number may have been typed: what a network computes has more figures."""
    return float(f"{value:.{_TYPED}g}") == value


def _written(value: float) -> str:
    """Return a number: what a person typed as it is, what a network computed with three figures."""
    if value == int(value):
        return count(int(value))
    digits = next((each for each in range(3, _TYPED + 1) if float(f"{value:.{each}g}") == value), 3)
    return number(value, digits) if abs(value) >= 0.001 else numbers([value])[0]


def _number_in(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _LARGEST else None
