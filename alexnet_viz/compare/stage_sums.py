"""Two networks walked stage by stage in parallel, and the sums that are kept of their outputs."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from itertools import groupby

import torch
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.centring import Centred, centre
from alexnet_viz.compare.matching import Matching, MatchingAccumulator
from alexnet_viz.compare.similarity import LEAST_IMAGES, CkaAccumulator, CkaMatrix, centred_gram

# Some variants pool before they normalise: these two are paired by name, whichever comes first.
_WITHIN_BLOCK = {"": 0, "conv": 1, "relu": 2, "norm": 3, "pool": 3}


def in_step(
    first: Checkpoint, second: Checkpoint, inputs: tuple[Tensor, Tensor]
) -> Iterator[tuple[str, Tensor | None, Tensor | None]]:
    """Yield each stage's name with its output in A and in B, None in the one that lacks it, in order of computation.

    Both chains run only as far as they are asked to, so that two or three stages of each are in memory at a time.

    Args:
        first, second: A and B, on one device.
        inputs: The same pictures as A and as B takes them, (N, 3, S, S).
    """
    walks = (_tagged(0, first, inputs[0]), _tagged(1, second, inputs[1]))
    for _, group in groupby(heapq.merge(*walks, key=_place), key=_place):
        outputs: dict[str, dict[int, Tensor]] = {}
        for name, side, output in group:
            outputs.setdefault(name, {})[side] = output
        for name, found in outputs.items():
            yield name, found.get(0), found.get(1)


def _tagged(side: int, checkpoint: Checkpoint, x: Tensor) -> Iterator[tuple[str, int, Tensor]]:
    for name, output in checkpoint.model.walk(x):
        yield name, side, output


def _place(output: tuple[str, int, Tensor]) -> tuple[str, int]:
    """Return where a stage comes in any variant: block1 … block5, fc1, fc2, logits are in alphabetical order."""
    layer, _, stage = output[0].partition(".")
    return layer, _WITHIN_BLOCK[stage]


class StageSums:
    """What is kept of the stages' outputs over batches.

    Args:
        first_stages, second_stages: Stages of A and of B whose CKA and differences are wanted.
        matched: Stages whose channels are to be paired.
    """

    def __init__(self, first_stages: Sequence[str], second_stages: Sequence[str], matched: Sequence[str] = ()) -> None:
        self._wanted = set(first_stages), set(second_stages)
        self._cka = CkaAccumulator(first_stages, second_stages)
        self._grams: tuple[dict[str, Tensor], dict[str, Tensor]] = {}, {}
        self._matched = set(matched)
        self._differences: dict[str, list[float] | None] = {}  # sum and count; None where shapes differ
        self._matchings: dict[str, MatchingAccumulator] = {}

    def add(self, name: str, first: Tensor | None, second: Tensor | None) -> None:
        """Add a stage's output of one batch, (N, C, H, W) or (N, C), in A and in B."""
        centred = [self._centred(name, side, output) for side, output in enumerate((first, second))]
        for side, rows in enumerate(centred):
            if rows is not None and name in self._wanted[side] and len(rows.values) >= LEAST_IMAGES:
                self._grams[side][name] = centred_gram(rows)
        if first is None or second is None:
            return
        if name in self._wanted[0]:
            self._add_difference(name, first, second)
        if name in self._matched and centred[0] is not None and centred[1] is not None:
            self._match(name, centred[0], centred[1])

    def _centred(self, name: str, side: int, output: Tensor | None) -> Centred | None:
        wanted = output is not None and (name in self._wanted[side] or name in self._matched)
        return centre(output) if wanted and output is not None else None

    def _add_difference(self, name: str, first: Tensor, second: Tensor) -> None:
        if first.shape != second.shape:
            self._differences[name] = None
            return
        sums = self._differences.setdefault(name, [0.0, 0.0])
        assert sums is not None  # a stage keeps its shape
        sums[0] += float((second - first).abs_().sum())
        sums[1] += first.numel()

    def _match(self, name: str, first: Centred, second: Centred) -> None:
        if first.values.shape[1] == second.values.shape[1]:  # as many places
            self._matchings.setdefault(name, MatchingAccumulator(name)).add(first, second)

    def end_batch(self) -> None:
        """Finish a batch; batches of fewer than 4 images do not count for CKA."""
        if all(len(grams) == len(wanted) > 0 for grams, wanted in zip(self._grams, self._wanted, strict=True)):
            self._cka.add(*self._grams)
        for grams in self._grams:
            grams.clear()

    def cka(self) -> CkaMatrix | None:
        """Return the matrix; None where there were fewer than 4 images."""
        return self._cka.matrix() if self._cka.image_count else None

    def paired(self, identity_reason: str) -> dict[str, Matching]:
        """Return the pairing of channels by stage: by number where `identity_reason` says why, else by correlation."""
        return {name: sums.matching(identity_reason) for name, sums in self._matchings.items()}

    def mean_abs_diff(self) -> dict[str, float | None]:
        """Return the mean of |B − A| by stage that both have; None where shapes differ or a value is not finite."""
        means = {}
        for name, sums in self._differences.items():
            mean = math.nan if sums is None else sums[0] / sums[1]
            means[name] = mean if math.isfinite(mean) else None
        return means


def logits_of(outputs: Tensor) -> Tensor:
    """Return logits as float32 on the CPU, as answers are counted from."""
    return outputs.detach().to("cpu", torch.float32)
