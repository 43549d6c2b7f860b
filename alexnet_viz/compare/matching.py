"""Which channel of B corresponds to which channel of A when the two were trained separately.

Channel 17 of one network is unrelated to channel 17 of another. Channels are paired one to one by the correlation of
their activations over images and positions, such that the sum of the correlations is as large as possible
(Li et al. 2016, arXiv:1511.07543; the assignment is scipy's). Only positive correlation counts: a channel that fires
where the other is silent does something else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from alexnet_viz.compare.centring import Centred
from alexnet_viz.language import said

# Below this a pair is no good partner: less than a quarter (0.5²) of one channel's variance is explained by the other.
GOOD_CORRELATION = 0.5

# Where channels are paired. LRN and pooling keep a channel's number: a block's pairing holds for all its stages.
MATCHED_STAGES = ("block1.relu", "block2.relu", "block3.relu", "block4.relu", "block5.relu")

_BY_CORRELATION = said("nothing says that A and B are epochs of one run: channels are paired by correlation")
_ROUNDING = 1e-5  # of its mean; a channel that deviates from it by less is constant as far as float32 can tell
_PIECE = 2048  # rows whose products float32 adds up without losing more than the seventh digit


@dataclass(frozen=True)
class Matching:
    """A pairing of the channels of one stage.

    Attributes:
        stage: Where it was measured, "block3.relu"; it holds for every stage of that block.
        partners: For each channel of A the number of B's, None without one (silent, or B has fewer channels).
        correlations: For each channel of A, of the pair; None where there is no pair, or a channel of it is silent.
        second_count: Number of B's channels.
        silent_first, silent_second: Channels that gave the same number for every image and place, or no number: they
            have no correlation, and are paired with nobody unless the pairing is "identity".
        method: "identity" or "correlation".
        reason: Why that method, a sentence.
        image_count: Images that it was measured on; 0 where nothing was.
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
        """Channels of A without a partner, or with a correlation below GOOD_CORRELATION; silent ones are not listed."""
        if self.image_count == 0:
            return ()
        silent = {channel for channel in range(len(self.partners)) if self._touches_silence(channel)}
        return tuple(
            channel
            for channel, value in enumerate(self.correlations)
            if channel not in silent and (value is None or value < GOOD_CORRELATION)
        )

    def _touches_silence(self, channel: int) -> bool:
        return channel in self.silent_first or self.partners[channel] in self.silent_second

    @property
    def left_over(self) -> tuple[int, ...]:
        """Channels of B without a partner."""
        taken = set(self.partners)
        return tuple(channel for channel in range(self.second_count) if channel not in taken)

    def to_record(self) -> dict[str, object]:
        """Return the attributes under their names, with "without_good_partner", "left_over" and "good_correlation"."""
        return {
            **asdict(self),
            "without_good_partner": self.without_good_partner,
            "left_over": self.left_over,
            "good_correlation": GOOD_CORRELATION,
        }


class MatchingAccumulator:
    """Accumulates a stage's correlations over batches, in float64.

    Each batch has its own means, and batches are joined as by Chan, Golub and LeVeque (1979): sums of raw
    products would lose the digits that a correlation is made of.
    """

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._image_count, self._count = 0, 0  # pictures; pictures × places
        self._means: list[Tensor] = []
        self._squares: list[Tensor] = []  # sums of squared deviations, (C,) of A and (D,) of B
        self._products = torch.empty(0)  # sums of products of deviations, (C, D)

    def add(self, first: Centred, second: Centred) -> None:
        """Add a batch: the stage's output in A (N, P, C) and in B (N, P, D), of the same images and places."""
        images, places, _ = first.values.shape
        rows = [side.values.flatten(0, 1) for side in (first, second)]
        means = [side.means.cpu().double().mean(dim=0) for side in (first, second)]
        # A deviation from the channel's mean is one from its place's mean and that place's own.
        of_places = [side.means.cpu().double() - mean for side, mean in zip((first, second), means, strict=True)]
        products = images * (of_places[0].T @ of_places[1])
        squares = [images * own.square().sum(dim=0) for own in of_places]
        for pieces in zip(*(torch.split(side, _PIECE) for side in rows), strict=True):
            products += (pieces[0].T @ pieces[1]).cpu()
            for own, piece in zip(squares, pieces, strict=True):
                own += piece.square().sum(dim=0).cpu()
        if self._count == 0:
            self._means, self._squares, self._products = means, squares, products
        else:
            self._join(images * places, means, squares, products)
        self._image_count += images
        self._count += images * places

    def _join(self, count: int, means: Sequence[Tensor], squares: Sequence[Tensor], products: Tensor) -> None:
        total = self._count + count
        steps = [new - old for new, old in zip(means, self._means, strict=True)]
        weight = self._count * count / total
        self._products += products + torch.outer(steps[0], steps[1]) * weight
        for side, step in enumerate(steps):
            self._squares[side] += squares[side] + step.square() * weight
            self._means[side] += step * (count / total)

    def correlations(self) -> Tensor:
        """Return the correlation of every channel of A with every channel of B, (C, D) float64; NaN for silent ones."""
        deviations = [values.sqrt() for values in self._squares]
        for deviation, means in zip(deviations, self._means, strict=True):
            constant = deviation <= _ROUNDING * means.abs() * math.sqrt(self._count)
            deviation[constant] = math.nan
        return (self._products / torch.outer(deviations[0], deviations[1])).clamp(-1, 1)

    def matching(self, identity_reason: str = "") -> Matching:
        """Return the pairing: by number where `identity_reason` says why, else by correlation."""
        correlations = self.correlations()
        known = correlations.isfinite()
        awake = [known.any(dim=1).nonzero()[:, 0], known.any(dim=0).nonzero()[:, 0]]
        partners: list[int | None] = [None] * len(correlations)
        if identity_reason:
            shared = min(correlations.shape)
            partners[:shared] = range(shared)
        else:
            rows, columns = linear_sum_assignment(correlations[awake[0]][:, awake[1]].numpy(), maximize=True)
            for row, column in zip(awake[0][rows].tolist(), awake[1][columns].tolist(), strict=True):
                partners[row] = column
        return Matching(
            stage=self._stage,
            partners=tuple(partners),
            correlations=tuple(_value(correlations, *pair) for pair in enumerate(partners)),
            second_count=correlations.shape[1],
            silent_first=_others(awake[0], correlations.shape[0]),
            silent_second=_others(awake[1], correlations.shape[1]),
            method="identity" if identity_reason else "correlation",
            reason=identity_reason or _BY_CORRELATION,
            image_count=self._image_count,
        )


def _value(correlations: Tensor, row: int, column: int | None) -> float | None:
    value = math.nan if column is None else float(correlations[row, column])
    return value if math.isfinite(value) else None


def _others(chosen: Tensor, count: int) -> tuple[int, ...]:
    taken = set(chosen.tolist())
    return tuple(number for number in range(count) if number not in taken)
