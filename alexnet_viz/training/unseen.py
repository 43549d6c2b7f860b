"""The pictures on which a network may be measured: those that it has never learnt from.

found = unseen(pictures.split, {"A": first, "B": second})
pictures.split.chosen(found.numbers), found.words
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.errors import DatasetError
from alexnet_viz.language import all_of, any_of, counted, in_a_row, said
from alexnet_viz.training.datasets.dataset import Split


@dataclass(frozen=True)
class Unseen:
    """The pictures of a split that none of some checkpoints learnt from.

    Attributes:
        numbers: (n,) int64, the pictures' places in the split.
        total: Pictures of the split.
        left_out: Of these, the ones that a checkpoint learnt from.
        learners: What the checkpoints that learnt from some are called.
        unknown: What the checkpoints are called of which it is not known what they learnt from, or not all of it.
    """

    numbers: Tensor = field(compare=False)
    total: int
    left_out: int
    learners: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def words(self) -> str:
        """Which pictures are counted, and what is not known, in a sentence or two; "" where there is nothing to say."""
        left_out = self._left_out_words() if self.left_out else ""
        unknown = said("It is not known what {names} learnt from.", names=all_of(self.unknown)) if self.unknown else ""
        return in_a_row([sentence for sentence in (left_out, unknown) if sentence])

    def _left_out_words(self) -> str:
        return counted(
            "{left} of {total} pictures; {n} that {learners} learnt from is left out.",
            "{left} of {total} pictures; {n} that {learners} learnt from are left out.",
            self.left_out,
            left=len(self.numbers),
            total=self.total,
            learners=any_of(self.learners),
        )

    def to_record(self) -> dict[str, object]:
        """Return {"left_out_learnt", "of", "not_known", "learnt_words"} for JSON."""
        return {
            "left_out_learnt": self.left_out,
            "of": self.total,
            "not_known": list(self.unknown),
            "learnt_words": self.words,
        }


def unseen(split: Split, checkpoints: Mapping[str, Checkpoint], limit: int = 0) -> Unseen:
    """Return which pictures none of the checkpoints learnt from.

    Args:
        split: Pictures with their digests.
        checkpoints: By what they are called in a sentence.
        limit: The first so many of them; 0 for all.
    Raises:
        DatasetError: There are pictures, and every one was learnt from.
        CheckpointError: A file does not say readably what it learnt from.
    """
    learnt = {name: checkpoint.learnt_from.holds(split.digests) for name, checkpoint in checkpoints.items()}
    learners = tuple(name for name, held in learnt.items() if held.any())
    seen = np.logical_or.reduce(list(learnt.values()))
    if len(split) and seen.all():
        raise DatasetError(
            said("the data set"),
            said(
                "has no picture left to measure on: {names} learnt from all {n}; choose other pictures",
                names=any_of(learners),
                n=len(split),
            ),
        )
    numbers = torch.from_numpy(np.flatnonzero(~seen))
    unknown = tuple(name for name, checkpoint in checkpoints.items() if not checkpoint.learnt_from.is_complete)
    return Unseen(numbers[:limit] if limit else numbers, len(split), int(seen.sum()), learners, unknown)
