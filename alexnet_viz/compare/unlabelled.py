"""Two checkpoints on pictures without labels: how similar their stages and their answers are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import torch
from PIL import Image
from torch import Tensor

from alexnet_viz.answers import NO_ANSWER, answers, probabilities
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.comparison import Comparison, Side
from alexnet_viz.compare.lineage import same_run
from alexnet_viz.compare.matching import MATCHED_STAGES, Matching
from alexnet_viz.compare.paired_pass import Progress, add_stages, no_progress
from alexnet_viz.compare.predictions import Agreement, why_not_comparable
from alexnet_viz.compare.similarity import LEAST_IMAGES
from alexnet_viz.compare.stage_sums import StageSums, in_step
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ComparisonError
from alexnet_viz.images import to_tensor
from alexnet_viz.language import said
from alexnet_viz.training.evaluation import BATCH

TOP = 5
CHANGED_PICTURES = 16  # on which a report measures how much each channel changed
_ROUNDING = 1e-4  # of the values' root mean square; what is less differs by the order of additions alone


def compare_pictures(
    first: Checkpoint, second: Checkpoint, images: Iterable[Image.Image], progress: Progress = no_progress
) -> Comparison:
    """Return how two checkpoints differ on pictures, each prepared by the checkpoint's own rule.

    Args:
        first, second: A and B, on one device, of any variants and classes.
        images: At least one, CKA takes at least 4; taken one at a time, so that large ones may be read as they come.
        progress: Called with the number of pictures done; what it raises ends the comparison.
    Raises:
        ComparisonError: No picture.
    """
    remark = why_not_comparable(first.classes, second.classes)
    agreement = None if remark else Agreement(first.classes, second.classes)
    sums = StageSums(first.model.stage_names, second.model.stage_names, MATCHED_STAGES)
    tops: tuple[list[tuple[tuple[str, float], ...]], ...] = [], []
    for inputs in _batches(first, second, images):
        with torch.no_grad(), full_float32(first.device):
            logits = add_stages(first, second, inputs, sums)
        if agreement:
            agreement.add(*logits)
        for checkpoint, top, values in zip((first, second), tops, logits, strict=True):
            top += _top(checkpoint, values)
        progress(len(tops[0]))
    if not tops[0]:
        raise ComparisonError("there is no picture to compare on; give at least one")
    cka = sums.cka()
    few = "" if cka else said("CKA takes at least {n} pictures; give more.", n=LEAST_IMAGES)
    return Comparison(
        first=Side.of(first, tuple(tops[0])),
        second=Side.of(second, tuple(tops[1])),
        image_count=len(tops[0]),
        agreement=agreement.share if agreement else None,
        remark=" ".join(filter(None, (remark, few))),
        cka=cka,
        mean_abs_diff=sums.mean_abs_diff(),
        matchings=sums.paired(same_run(first, second)) if cka else {},
    )


def _batches(first: Checkpoint, second: Checkpoint, images: Iterable[Image.Image]) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the inputs of A and of B; of the pictures themselves one is in memory at a time."""
    left = iter(images)
    while True:
        pairs = [
            tuple(to_tensor(image, checkpoint.input_rule) for checkpoint in (first, second))
            for image in islice(left, BATCH)
        ]
        if not pairs:
            return
        a, b = (torch.stack(side) for side in zip(*pairs, strict=True))
        yield a.to(first.device), b.to(second.device)


def picture_inputs(first: Checkpoint, second: Checkpoint, images: Iterable[Image.Image]) -> tuple[Tensor, Tensor]:
    """Return up to 64 pictures, at least one, as A and as B takes them, (N, 3, S, S) each."""
    return next(_batches(first, second, images))


def _top(checkpoint: Checkpoint, logits: Tensor) -> list[tuple[tuple[str, float], ...]]:
    shares = probabilities(logits)
    order = shares.argsort(dim=1, descending=True, stable=True)[:, :TOP]
    return [
        tuple((checkpoint.classes[k], float(row[k])) for k in best.tolist()) if answer != NO_ANSWER else ()
        for row, best, answer in zip(shares, order, answers(logits).tolist(), strict=True)
    ]


@dataclass(frozen=True)
class ChangedChannel:
    """A channel of A, its partner in B, and how differently they respond.

    Attributes:
        change: Root mean square of B − A over the places (and pictures), in units of the activations.
    """

    first: int
    second: int
    change: float


def most_changed(first: Tensor, second: Tensor, matching: Matching | None = None) -> tuple[ChangedChannel, ...]:
    """Return the pairs of channels that changed, the most changed first; the measure is the root mean square of B − A.

    Args:
        first, second: One stage's output in A and in B, channels first: (C, H, W) or (C,) for one picture.
        matching: Who is whose partner; by number where it is None. Channels without a partner are left out.
    Returns:
        Only what is more than rounding: more than 1e-4 of the root mean square of A's and B's values.
    Raises:
        ComparisonError: Maps of different sizes, or no matching for different numbers of channels.
    """
    partners = matching.partners if matching else tuple(range(len(first)))
    if first.shape[1:] != second.shape[1:] or (matching is None and len(first) != len(second)):
        shapes = [" × ".join(map(str, side.shape)) for side in (first, second)]
        raise ComparisonError(f"maps of {shapes[0]} and {shapes[1]} cannot be subtracted; choose another stage")
    pairs = [(channel, partner) for channel, partner in enumerate(partners) if partner is not None]
    rows = [side.reshape(len(side), -1).double() for side in (first, second)]
    numbers = torch.tensor(pairs, dtype=torch.int64).reshape(-1, 2)
    changes = (rows[1][numbers[:, 1]] - rows[0][numbers[:, 0]]).square().mean(dim=1).sqrt()
    size = math.sqrt(float(torch.cat([side.flatten() for side in rows]).square().mean()))
    changed = [ChangedChannel(*pair, change) for pair, change in zip(pairs, changes.tolist(), strict=True)]
    return tuple(sorted((one for one in changed if one.change > _ROUNDING * size), key=lambda one: -one.change))


@dataclass(frozen=True)
class Changed:
    """The channels that changed, by stage, the most changed first.

    Attributes:
        stages: By stage of the matchings, `most_changed` over the pictures.
        image_count: Pictures that it was measured on.
    """

    stages: Mapping[str, tuple[ChangedChannel, ...]]
    image_count: int


def changed_channels(
    first: Checkpoint, second: Checkpoint, inputs: tuple[Tensor, Tensor], matchings: Mapping[str, Matching | None]
) -> Changed:
    """Return which channels changed over several pictures.

    Args:
        first, second: A and B.
        inputs: The pictures as A and as B takes them, (N, 3, S, S) each.
        matchings: By stage; None pairs channels of the same number.
    """
    changed = {}
    with torch.no_grad(), full_float32(first.device):
        for name, a, b in in_step(first, second, inputs):
            if name in matchings and a is not None and b is not None:
                changed[name] = most_changed(a.transpose(0, 1).cpu(), b.transpose(0, 1).cpu(), matchings[name])
    return Changed(changed, len(inputs[0]))
