"""Two checkpoints' answers on labelled pictures: who is right how often, and whether the difference can be chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.training.evaluation import Evaluation

BINS = 15  # of the reliability diagram, as Guo et al. 2017 (arXiv:1706.04599)


@dataclass(frozen=True)
class Interval:
    """A share with its 95 % interval (Wilson's, through scipy.stats.binomtest)."""

    value: float
    low: float
    high: float

    @staticmethod
    def of(right: int, count: int) -> Interval:
        """Return the share right / count; count >= 1."""
        raise NotImplementedError


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


@dataclass(frozen=True)
class McNemar:
    """The pictures on which exactly one is right, and how likely such an imbalance is between equals.

    Attributes:
        only_first, only_second: Pictures that only A, only B answers rightly.
        both_right, both_wrong: The others; they say nothing about a difference.
        p_value: Exact and two-sided: of a fair coin thrown only_first + only_second times; 1.0 without a throw.
    """

    only_first: int
    only_second: int
    both_right: int
    both_wrong: int
    p_value: float


@dataclass(frozen=True)
class Disagreement:
    """A picture on which A and B answer differently.

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


@dataclass(frozen=True)
class Answers:
    """Both checkpoints' answers on one labelled split.

    Attributes:
        classes: The split's, in the order of the labels and of both confusion matrices.
        first, second: Of A and of B.
        mcnemar: Of the two.
        agreement: Share of pictures with the same answer, right or wrong, 0 … 1.
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
        raise NotImplementedError

    def per_class(self) -> list[dict[str, object]]:
        """Return one row per class: {"class", "count", "a", "b", "difference"}, shares of right answers, b − a."""
        raise NotImplementedError

    def confusion_difference(self) -> list[list[int]]:
        """Return B's confusion matrix minus A's, in pictures; rows: true classes."""
        raise NotImplementedError

    def to_record(self) -> dict[str, object]:
        """Return everything for JSON.

        {"n", "classes", "agreement", "mcnemar": {"only_a", "only_b", "both_right", "both_wrong", "p_value"},
         "per_class": [{"class", "count", "a", "b", "difference"}…], "confusion_difference": [[…]…],
         "disagreements": [{"index", "label", "a", "b", "a_probability", "b_probability"}…],
         "a": {"accuracy", "interval": [low, high], "loss", "confusion", "ece",
               "calibration": [{"low", "high", "count", "confidence", "accuracy"}…]}, "b": {…}}
        Labels and answers in "disagreements" are classes' names.
        """
        raise NotImplementedError


def why_not_comparable(first: Sequence[str], second: Sequence[str]) -> str:
    """Return why predictions over these classes cannot be put on one axis, a sentence; "" when they can.

    The same names in another order can.
    """
    raise NotImplementedError


class AnswersAccumulator:
    """Both checkpoints' answers, batch by batch.

    Args:
        first, second: A and B.
        classes: Names of the split's labels.
    Raises:
        DatasetError: The pictures are of other classes than the checkpoints know.
        ComparisonError: A and B know different classes.
    """

    def __init__(self, first: Checkpoint, second: Checkpoint, classes: tuple[str, ...]) -> None:
        raise NotImplementedError

    def add(self, first_logits: Tensor, second_logits: Tensor, labels: Tensor) -> None:
        """Add a batch: logits (N, K) on the CPU, in each checkpoint's own order of classes, and labels (N,)."""
        raise NotImplementedError

    def answers(self) -> Answers:
        """Return what was added.

        Raises:
            ComparisonError: Nothing was.
        """
        raise NotImplementedError
