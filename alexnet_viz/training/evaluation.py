"""A checkpoint's accuracy and loss on labelled pictures; `unseen` says which it never learnt from."""

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F

from alexnet_viz.answers import NO_ANSWER, answers, no_answer_words, places_of
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.device import full_float32
from alexnet_viz.errors import DatasetError
from alexnet_viz.language import said, some_of
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.chance import Chance, chance_of_counts
from alexnet_viz.training.datasets.dataset import Split

BATCH = 64  # pictures at once


@dataclass(frozen=True)
class Evaluation:
    """Scores over a split.

    Attributes:
        classes: Those of the pictures, then those that the checkpoint knows besides.
        confusion: Row: the true class, column: the answer; numbers of pictures.
        loss: Mean cross-entropy of the pictures that got an answer; NaN where none did.
        no_answer: For each true class the pictures without an answer, since the outputs are not numbers; they count as
            pictures, and never as right.
    """

    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    loss: float
    no_answer: tuple[int, ...]

    @property
    def count(self) -> int:
        """Number of pictures."""
        return sum(map(sum, self.confusion)) + self.no_answer_count

    @property
    def no_answer_count(self) -> int:
        """Number of pictures without an answer."""
        return sum(self.no_answer)

    @property
    def no_answer_words(self) -> str:
        """How many pictures got no answer, in words; "" where all did."""
        return no_answer_words(self.no_answer_count, self.count)

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        return sum(row[index] for index, row in enumerate(self.confusion)) / max(1, self.count)

    @property
    def chance(self) -> Chance:
        """What guessing scores on these pictures."""
        counts = [sum(row) + missing for row, missing in zip(self.confusion, self.no_answer, strict=True)]
        return chance_of_counts(torch.tensor(counts))

    def per_class(self) -> dict[str, float | None]:
        """Return the share of right answers among each class's pictures; None for a class without any."""
        shares: dict[str, float | None] = {}
        for index, (name, row) in enumerate(zip(self.classes, self.confusion, strict=True)):
            count = sum(row) + self.no_answer[index]
            if count or name not in shares:
                shares[name] = row[index] / count if count else None
        return shares

    def to_record(self) -> dict[str, object]:
        """Return what `evaluate --json` prints."""
        return {
            "n": self.count,
            "no_answer": self.no_answer_count,
            "accuracy": self.accuracy,
            "loss": self.loss,
            "chance": asdict(self.chance),
            "per_class": self.per_class(),
            "confusion": [list(row) for row in self.confusion],
        }


def evaluate(
    checkpoint: Checkpoint, split: Split, classes: tuple[str, ...], done: Callable[[int], None] = lambda count: None
) -> Evaluation:
    """Return the scores of a checkpoint, in full precision.

    Args:
        checkpoint: Its own input rule prepares the pictures.
        split: Square pictures.
        classes: Names of the split's labels; the checkpoint must know them all, in any order, and may know more.
        done: Called with the number of pictures looked at.
    Raises:
        DatasetError: The checkpoint does not know some of the classes.
    """
    tally = Tally(checkpoint, classes)
    for logits, labels in _answers(checkpoint, split):
        tally.add(logits, labels)
        done(tally.count)
    return tally.evaluation()


class Tally:
    """A checkpoint's answers, added up batch by batch.

    Args:
        checkpoint: Whose answers.
        classes: Names of the labels; the checkpoint must know them all, in any order. Those that it knows besides are
            possible answers, too.
    Raises:
        DatasetError: The checkpoint does not know some of the classes.
    """

    def __init__(self, checkpoint: Checkpoint, classes: tuple[str, ...]) -> None:
        self._classes = all_classes(checkpoint, classes)
        self._places = places_of(self._classes, checkpoint.classes)
        self._confusion = torch.zeros((len(self._classes), len(self._classes)), dtype=torch.int64)
        self._no_answer = torch.zeros(len(self._classes), dtype=torch.int64)
        self._loss = 0.0
        self.count = 0

    def add(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Add a batch and return its logits in the order of the classes.

        Args:
            logits: (N, K), float32 on the CPU, in the checkpoint's order of classes.
            labels: (N,) int64.
        """
        logits = logits[:, self._places]
        found = answers(logits)
        answered = found != NO_ANSWER
        self._loss += float(F.cross_entropy(logits[answered], labels[answered], reduction="sum"))
        self._confusion.index_put_(
            (labels[answered], found[answered]), torch.ones_like(labels[answered]), accumulate=True
        )
        self._no_answer += labels[~answered].bincount(minlength=len(self._classes))
        self.count += len(labels)
        return logits

    def evaluation(self) -> Evaluation:
        """Return the scores over everything added."""
        rows = tuple(tuple(int(value) for value in row) for row in self._confusion)
        answered = int(self._confusion.sum())
        loss = self._loss / answered if answered else math.nan
        return Evaluation(self._classes, rows, loss, tuple(self._no_answer.tolist()))


def all_classes(checkpoint: Checkpoint, classes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the classes of labelled pictures, then those that the checkpoint knows besides.

    Raises:
        DatasetError: The checkpoint does not know some of the pictures' classes.
    """
    strange = tuple(name for name in classes if name not in checkpoint.classes)
    if strange:
        raise DatasetError(
            said("the data set"),
            said(
                "has {strange}, which the checkpoint {name} does not know; it knows {known}; choose a "
                "checkpoint trained on these classes, or leave them out",
                strange=some_of(strange),
                name=checkpoint.name,
                known=some_of(checkpoint.classes),
            ),
        )
    besides = list(checkpoint.classes)  # where two are called alike, one of them stays
    for name in classes:
        besides.remove(name)
    return (*classes, *besides)


def _answers(checkpoint: Checkpoint, split: Split) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    rule = checkpoint.input_rule
    for first in range(0, len(split), BATCH):
        images = split.images[first : first + BATCH].to(checkpoint.device)
        with torch.no_grad(), full_float32(checkpoint.device):
            logits = checkpoint.model(prepare_as(images, rule))
        yield logits.float().cpu(), split.labels[first : first + BATCH]
