"""Which channel of B does what a channel of A does, when the two were trained separately.

Channel 17 of one network has nothing to do with channel 17 of another. Channels are paired by the correlation of their
activations over images and positions, one to one, such that the sum of the correlations is as large as possible
(Li et al. 2016, arXiv:1511.07543; the assignment is scipy's). Only positive correlation counts: a channel that fires
where the other is silent does something else.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint

GOOD_CORRELATION = 0.5
"""Below this a pair is no good partner: less than a quarter (0.5²) of one channel's variance is explained by the other."""

MATCHED_STAGES = ("block1.relu", "block2.relu", "block3.relu", "block4.relu", "block5.relu")
"""Where channels are paired. LRN and pooling keep a channel's number, so a block's pairing holds for all its stages."""


@dataclass(frozen=True)
class Matching:
    """A pairing of the channels of one stage.

    Attributes:
        stage: Where it was measured, "block3.relu"; it holds for every stage of that block.
        partners: For each channel of A the number of B's, None without one (silent, or B has fewer channels).
        correlations: For each channel of A, of the pair; None where there is no pair, or a channel of it is silent.
        second_count: Number of B's channels.
        silent_first, silent_second: Channels that gave the same number for every image and place: they have no
            correlation, and are paired with nobody unless the pairing is "identity".
        method: "identity" or "correlation".
        reason: Why that method, a sentence.
        image_count: Images that it was measured on.
    """

    stage: str
    partners: tuple[int | None, ...]
    correlations: tuple[float | None, ...]
    second_count: int
    silent_first: tuple[int, ...]
    silent_second: tuple[int, ...]
    method: str
    reason: str
    image_count: int

    @property
    def without_good_partner(self) -> tuple[int, ...]:
        """Channels of A that have no partner, or one with a correlation below GOOD_CORRELATION; not the silent ones."""
        raise NotImplementedError

    @property
    def left_over(self) -> tuple[int, ...]:
        """Channels of B that are nobody's partner."""
        raise NotImplementedError

    def to_record(self) -> dict[str, object]:
        """Return the attributes under their names, with "without_good_partner", "left_over" and "good_correlation"."""
        raise NotImplementedError


def same_run(first: Checkpoint, second: Checkpoint) -> str:
    """Return why the two count as epochs of one run, a sentence; "" when they do not, or nothing says so.

    Their metadata must name the same source (apart from its epoch), the same recipe, seed and variant.
    """
    raise NotImplementedError


class MatchingAccumulator:
    """Sums from which a stage's correlations follow, in float64, over batches."""

    def __init__(self, stage: str) -> None:
        raise NotImplementedError

    def add(self, first: Tensor, second: Tensor) -> None:
        """Add a batch: the stage's output in A (N, C, H, W) and in B (N, D, H, W), of the same images."""
        raise NotImplementedError

    def correlations(self) -> Tensor:
        """Return the correlation of every channel of A with every channel of B, (C, D) float64; NaN for silent ones."""
        raise NotImplementedError

    def matching(self, identity_reason: str = "") -> Matching:
        """Return the pairing: by number where `identity_reason` says why, else by correlation."""
        raise NotImplementedError


def identity_matching(stage: str, count: int, reason: str) -> Matching:
    """Return the pairing by number of `count` channels that nothing was measured for."""
    raise NotImplementedError
