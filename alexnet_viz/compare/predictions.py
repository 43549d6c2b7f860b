"""Two checkpoints' answers on labelled pictures: accuracies, and whether the difference could be chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import torch
from scipy.stats import binomtest
from torch import Tensor

from alexnet_viz.answers import NO_ANSWER, places_of, probabilities
from alexnet_viz.answers import answers as answers_of
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.errors import ComparisonError
from alexnet_viz.language import counted, said, some_of
from alexnet_viz.training.evaluation import Evaluation, Tally, all_classes

BINS = 15  # of the reliability diagram, as Guo et al. 2017 (arXiv:1706.04599)
_CONFIDENCE = 0.95  # of every interval


@dataclass(frozen=True)
class Interval:
    """A share with its 95 % interval (Wilson 1927, by scipy.stats.binomtest).

    Attributes:
        value: 0 … 1.
        low, high: Of the interval; None where no picture got an answer, so that nothing was measured.
    """

    value: float
    low: float | None
    high: float | None

    @staticmethod
    def of(right: int, count: int, answered: int | None = None) -> Interval:
        """Return the share right / count; count >= 1. `answered` is how many of them got an answer, by default all."""
        if answered == 0:
            return Interval(0.0, None, None)
        found = binomtest(right, count).proportion_ci(_CONFIDENCE, method="wilson")
        return Interval(right / count, float(found.low), float(found.high))


@dataclass(frozen=True)
class Bin:
    """One bar of a reliability diagram: pictures answered with a probability in (low, high].

    Attributes:
        confidence: Mean probability of the answers given; None without pictures.
        accuracy: Share of them that are right; None without pictures.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Calibration:
    """Whether probabilities mean what they say.

    Attributes:
        bins: `BINS` of equal width.
        expected_error: ECE: mean over pictures of |confidence − accuracy| of their bin, 0 … 1.
    """

    bins: tuple[Bin, ...]
    expected_error: float

    @staticmethod
    def of(probabilities: Tensor, right: Tensor) -> Calibration:
        """Return the calibration of answers: the probability that each was given (N,), and whether it is right (N,)."""
        numbers = (probabilities * BINS).ceil().long().sub(1).clamp(0, BINS - 1)
        counts = torch.bincount(numbers, minlength=BINS)
        confidence = torch.bincount(numbers, weights=probabilities.double(), minlength=BINS)
        accuracy = torch.bincount(numbers, weights=right.double(), minlength=BINS)
        bins = tuple(
            Bin(number / BINS, (number + 1) / BINS, count, *((c / count, a / count) if count else (None, None)))
            for number, (count, c, a) in enumerate(
                zip(counts.tolist(), confidence.tolist(), accuracy.tolist(), strict=True)
            )
        )
        return Calibration(bins, float((confidence - accuracy).abs().sum()) / max(1, len(right)))


@dataclass(frozen=True)
class McNemar:
    """The pictures on which exactly one is right, and how likely such an imbalance is between equals.

    Attributes:
        only_first, only_second: Pictures that only A, only B answers rightly.
        both_right, both_wrong: The others; they say nothing about a difference.
        p_value: Exact and two-sided (McNemar 1947): of a fair coin thrown only_first + only_second times; 1.0 without
            a throw; None where A or B answered nothing, since there is nothing to test.
    """

    only_first: int
    only_second: int
    both_right: int
    both_wrong: int
    p_value: float | None

    @staticmethod
    def of(first: Tensor, second: Tensor, *, both_answer: bool = True) -> McNemar:
        """Return the test for who is right on each picture, two (N,) bool; `both_answer`: each at least one of them."""
        only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
        throws = only_first + only_second
        p_value = None
        if both_answer:
            p_value = float(binomtest(only_first, throws).pvalue) if throws else 1.0
        return McNemar(only_first, only_second, int((first & second).sum()), int((~first & ~second).sum()), p_value)


@dataclass(frozen=True)
class Disagreement:
    """A picture on which A and B both answer, and differently.

    Attributes:
        index: Of the picture in the split.
        label: Its true class, as a number.
        first, second: The answers of A and B, as numbers.
        first_probability, second_probability: What each gives its own answer.
    """

    index: int
    label: int
    first: int
    second: int
    first_probability: float
    second_probability: float


@dataclass(frozen=True)
class Scores:
    """One checkpoint's answers.

    Attributes:
        evaluation: As `training.evaluation.evaluate` returns it for the same checkpoint and pictures.
        accuracy: With its 95 % interval.
        calibration: Of its probabilities.
    """

    evaluation: Evaluation
    accuracy: Interval
    calibration: Calibration

    def to_record(self) -> dict[str, object]:
        """Return {"accuracy", "interval": [low, high], "no_answer", "loss", "confusion", "ece", "calibration": [bin…]}.

        "interval" is None where no picture got an answer; "no_answer" counts those without one.
        """
        return {
            "accuracy": self.accuracy.value,
            "interval": None if self.accuracy.low is None else [self.accuracy.low, self.accuracy.high],
            "no_answer": self.evaluation.no_answer_count,
            "loss": self.evaluation.loss,
            "confusion": [list(row) for row in self.evaluation.confusion],
            "ece": self.calibration.expected_error,
            "calibration": [asdict(each) for each in self.calibration.bins],
        }


@dataclass(frozen=True)
class Answers:
    """Both checkpoints' answers on one labelled split.

    Attributes:
        classes: The split's, in the order of the labels and of both confusion matrices.
        first, second: Of A and of B.
        mcnemar: Of the two.
        agreement: Share of pictures with the same answer, right or wrong, 0 … 1; no answer agrees with none.
        disagreements: All of them; first where both are surest (by the smaller of the two probabilities).
    """

    classes: tuple[str, ...]
    first: Scores
    second: Scores
    mcnemar: McNemar
    agreement: float
    disagreements: tuple[Disagreement, ...]

    @property
    def count(self) -> int:
        """Number of pictures."""
        return self.first.evaluation.count

    @property
    def chance(self) -> float:
        """Accuracy of always answering with the most frequent class."""
        return self.first.evaluation.chance.accuracy

    def per_class(self) -> list[dict[str, object]]:
        """Return one row per class: {"class", "count", "a", "b", "difference"}.

        "a" and "b" are shares of right answers and "difference" is b − a; None for a class without pictures.
        """
        first, second = self.first.evaluation.per_class(), self.second.evaluation.per_class()
        rows: list[dict[str, object]] = []
        for number, name in enumerate(self.classes):
            a, b = first[name], second[name]
            difference = None if a is None or b is None else b - a
            count = sum(self.first.evaluation.confusion[number]) + self.first.evaluation.no_answer[number]
            rows.append({"class": name, "count": count, "a": a, "b": b, "difference": difference})
        return rows

    def confusion_difference(self) -> list[list[int]]:
        """Return B's confusion matrix minus A's, in pictures; rows: true classes."""
        both = zip(self.first.evaluation.confusion, self.second.evaluation.confusion, strict=True)
        return [[b - a for a, b in zip(*rows, strict=True)] for rows in both]

    def to_record(self) -> dict[str, object]:
        """Return everything for JSON.

        {"n", "classes", "agreement", "chance", "mcnemar": {"only_a", "only_b", "both_right", "both_wrong", "p_value"},
         "per_class": [{"class", "count", "a", "b", "difference"}…], "confusion_difference": [[…]…],
         "disagreements": [{"index", "label", "a", "b", "a_probability", "b_probability"}…],
         "a": {"accuracy", "interval": [low, high], "loss", "confusion", "ece",
               "calibration": [{"low", "high", "count", "confidence", "accuracy"}…]}, "b": {…}}
        Labels and answers in "disagreements" are classes' names.
        """
        test = self.mcnemar
        return {
            "n": self.count,
            "classes": list(self.classes),
            "agreement": self.agreement,
            "chance": self.chance,
            "mcnemar": {
                "only_a": test.only_first,
                "only_b": test.only_second,
                "both_right": test.both_right,
                "both_wrong": test.both_wrong,
                "p_value": test.p_value,
            },
            "per_class": self.per_class(),
            "confusion_difference": self.confusion_difference(),
            "disagreements": [
                {
                    "index": each.index,
                    "label": self.classes[each.label],
                    "a": self.classes[each.first],
                    "b": self.classes[each.second],
                    "a_probability": each.first_probability,
                    "b_probability": each.second_probability,
                }
                for each in self.disagreements
            ],
            "a": self.first.to_record(),
            "b": self.second.to_record(),
        }


def why_not_comparable(first: Sequence[str], second: Sequence[str]) -> str:
    """Return why predictions over these classes cannot be put on one axis, a sentence; "" when they can.

    The same names in another order can.
    """
    if sorted(first) == sorted(second):
        return ""
    if len(first) != len(second):
        return counted(
            "A has {n} class, B {b}; their predictions cannot be put on one axis. Feature maps still can.",
            "A has {n} classes, B {b}; their predictions cannot be put on one axis. Feature maps still can.",
            len(first),
            b=len(second),
        )
    return said(
        "A and B have {n} classes each, but not the same ones: B does not know '{missing}'; their predictions cannot "
        "be put on one axis. Feature maps still can.",
        n=len(first),
        missing=next(iter(Counter(first) - Counter(second))),
    )


def why_no_answers(first: Checkpoint, second: Checkpoint, classes: Sequence[str]) -> str:
    """Return why answers on pictures of these classes cannot be counted, a sentence; "" when they can."""
    reason = why_not_comparable(first.classes, second.classes)
    strange = [name for name in classes if name not in first.classes]
    if reason or not strange:
        return reason
    return said(
        "These pictures show {strange}; A and B know {known}. "
        "Who is right cannot be counted: choose other pictures, or checkpoints trained on these classes.",
        strange=some_of(strange),
        known=some_of(first.classes),
    )


class Agreement:
    """Counts pictures with the same most probable class, whatever the order of the classes.

    Args:
        first, second: The classes of A and of B; the same names.
    """

    def __init__(self, first: Sequence[str], second: Sequence[str]) -> None:
        self._place = torch.tensor(places_of(second, first))
        self._same, self._count = 0, 0

    def add(self, first_logits: Tensor, second_logits: Tensor) -> None:
        """Add a batch: logits (N, K) on the CPU, in each checkpoint's own order."""
        first, second = answers_of(first_logits), answers_of(second_logits)
        both = (first != NO_ANSWER) & (second != NO_ANSWER)
        self._same += int((first[both] == self._place[second[both]]).sum())
        self._count += len(first)

    @property
    def share(self) -> float:
        """Share of pictures with the same answer, 0 … 1; where a network gives none, nothing is the same."""
        return self._same / max(1, self._count)


class AnswersAccumulator:
    """Both checkpoints' answers, batch by batch.

    Args:
        first, second: A and B.
        classes: Names of the split's labels.
    Raises:
        ComparisonError: A and B know different classes, or others than the pictures'.
    """

    def __init__(self, first: Checkpoint, second: Checkpoint, classes: tuple[str, ...]) -> None:
        reason = why_no_answers(first, second, classes)
        if reason:
            raise ComparisonError(reason)
        self._classes = all_classes(first, classes)
        self._tallies = Tally(first, self._classes), Tally(second, self._classes)
        self._labels: list[Tensor] = []
        self._sides: tuple[list[Tensor], list[Tensor]] = [], []  # batches of (probability, answer), (2, N) float64

    def add(self, first_logits: Tensor, second_logits: Tensor, labels: Tensor) -> None:
        """Add a batch: logits (N, K) on the CPU, in each checkpoint's own order of classes, and labels (N,)."""
        self._labels.append(labels)
        for tally, found, logits in zip(self._tallies, self._sides, (first_logits, second_logits), strict=True):
            ordered = tally.add(logits, labels)
            surest = probabilities(ordered.double()).amax(dim=1).nan_to_num(0)
            found.append(torch.stack([surest, answers_of(ordered).double()]))

    def answers(self, numbers: Tensor | None = None) -> Answers:
        """Return what was added.

        Args:
            numbers: The pictures' places in their split, (N,); by default 0, 1, ….
        Raises:
            ComparisonError: Nothing was.
        """
        if not self._labels:
            raise ComparisonError(said("there is no picture to compare on; choose a data set with test pictures"))
        labels = torch.cat(self._labels)
        places = torch.arange(len(labels)) if numbers is None else numbers
        sides = [torch.cat(batches, dim=1) for batches in self._sides]
        answers = [side[1].long() for side in sides]
        right = [answer == labels for answer in answers]
        answered = [answer != NO_ANSWER for answer in answers]
        same = (answers[0] == answers[1]) & answered[0]
        scores = [
            Scores(
                tally.evaluation(),
                Interval.of(int(hits.sum()), len(labels), int(known.sum())),
                Calibration.of(side[0][known], hits[known]),
            )
            for tally, hits, known, side in zip(self._tallies, right, answered, sides, strict=True)
        ]
        return Answers(
            classes=self._classes,
            first=scores[0],
            second=scores[1],
            mcnemar=McNemar.of(*right, both_answer=all(bool(known.any()) for known in answered)),
            agreement=float(same.double().mean()),
            disagreements=_disagreements(places, labels, answers, [side[0] for side in sides]),
        )


def _disagreements(
    places: Tensor, labels: Tensor, answers: Sequence[Tensor], probabilities: Sequence[Tensor]
) -> tuple[Disagreement, ...]:
    """Return the pictures on which both answer and differ, the most confident first."""
    both = (answers[0] != NO_ANSWER) & (answers[1] != NO_ANSWER)
    differ = (both & (answers[0] != answers[1])).nonzero()[:, 0]
    sureness = torch.minimum(*probabilities)[differ]
    order = differ[sureness.argsort(descending=True, stable=True)]
    columns = [values[order].tolist() for values in (places, labels, *answers)]
    return tuple(Disagreement(*row) for row in zip(*columns, *(p[order].tolist() for p in probabilities), strict=True))
