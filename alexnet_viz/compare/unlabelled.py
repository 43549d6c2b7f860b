"""Two checkpoints on pictures without labels: how alike their stages and their answers are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import torch
from PIL import Image
from torch import Tensor

from alexnet_viz.answers import NO_ANSWER, answers
from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.matching import MATCHED_STAGES, Matching, same_run
from alexnet_viz.compare.paired_pass import Progress, add_stages, nothing
from alexnet_viz.compare.predictions import Agreement, why_not_comparable
from alexnet_viz.compare.similarity import LEAST_IMAGES, CkaMatrix
from alexnet_viz.compare.stage_sums import StageSums, in_step
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ComparisonError
from alexnet_viz.images import to_tensor
from alexnet_viz.training.evaluation import BATCH

TOP = 5
CHANGED_PICTURES = 16  # on which a report measures how much each channel changed
_ROUNDING = 1e-4  # of the values' root mean square; what is less differs by the order of additions alone


@dataclass(frozen=True)
class StageDifference:
    """One stage of two networks.

    Attributes:
        cka: None with fewer than 4 pictures, or where a stage does not depend on the picture.
        mean_abs_diff: Mean of |B − A| over pictures, channels and places, channel by channel of the same number, in
            units of the activations; None where the shapes differ.
    """

    cka: float | None
    mean_abs_diff: float | None


@dataclass(frozen=True)
class Side:
    """What one checkpoint is, and its answers.

    Attributes:
        top: For each picture, its `TOP` most probable classes as (name, probability), the most probable first; none
            where the outputs are not numbers.
    """

    name: str
    variant: str
    epoch: int | None
    top: tuple[tuple[tuple[str, float], ...], ...]

    def to_record(self) -> dict[str, object]:
        """Return {"name", "variant", "epoch", "predictions": [[{"class", "probability"}…]…]}."""
        predictions = [[{"class": name, "probability": value} for name, value in each] for each in self.top]
        return {"name": self.name, "variant": self.variant, "epoch": self.epoch, "predictions": predictions}


@dataclass(frozen=True)
class PictureComparison:
    """Two checkpoints on pictures.

    Attributes:
        per_stage: For each stage that both have.
        cka: Every stage against every stage; None with fewer than 4 pictures.
        agreement: Share of pictures with the same most probable class; None where the classes differ.
        matchings: By stage of `MATCHED_STAGES`, measured on these pictures; {} with fewer than 4. Of a few pictures
            alone, correlations are higher than they would be of many.
        remark: Why there is no agreement or no CKA, sentences; "" where nothing is missing.
    """

    first: Side
    second: Side
    per_stage: dict[str, StageDifference]
    cka: CkaMatrix | None
    agreement: float | None
    matchings: dict[str, Matching]
    remark: str

    @property
    def image_count(self) -> int:
        """Number of pictures."""
        return len(self.first.top)

    def stage_values(self) -> dict[str, tuple[float | None, float | None]]:
        """Return (CKA, mean of |B − A|) by stage that both have."""
        return {name: (each.cka, each.mean_abs_diff) for name, each in self.per_stage.items()}

    def to_record(self) -> dict[str, object]:
        """Return {"per_stage": {name: {"cka", "mean_abs_diff"}}, "agreement", "remark", "cka", "matchings", "a", "b"}.

        The parts are the `to_record` of `CkaMatrix`, `Matching` and `Side`.
        """
        return {
            "per_stage": {name: vars(difference) for name, difference in self.per_stage.items()},
            "cka": self.cka.to_record() if self.cka else None,
            "matchings": {name: matching.to_record() for name, matching in self.matchings.items()},
            "agreement": self.agreement,
            "remark": self.remark,
            "a": self.first.to_record(),
            "b": self.second.to_record(),
        }


def compare_pictures(
    first: Checkpoint, second: Checkpoint, images: Iterable[Image.Image], progress: Progress = nothing
) -> PictureComparison:
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
    few = "" if cka else f"CKA takes at least {LEAST_IMAGES} pictures; give more."
    return PictureComparison(
        first=_side(first, tops[0]),
        second=_side(second, tops[1]),
        per_stage={
            name: StageDifference(cka.of_stage(name) if cka else None, value)
            for name, value in sums.mean_abs_diff().items()
        },
        cka=cka,
        agreement=agreement.share if agreement else None,
        matchings=sums.paired(same_run(first, second)) if cka else {},
        remark=" ".join(filter(None, (remark, few))),
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
    probabilities = logits.softmax(dim=1)
    order = probabilities.argsort(dim=1, descending=True, stable=True)[:, :TOP]
    return [
        tuple((checkpoint.classes[k], float(row[k])) for k in best.tolist()) if answer != NO_ANSWER else ()
        for row, best, answer in zip(probabilities, order, answers(logits).tolist(), strict=True)
    ]


def _side(checkpoint: Checkpoint, top: list[tuple[tuple[str, float], ...]]) -> Side:
    epoch = checkpoint.metadata.get("epoch")
    return Side(checkpoint.name, checkpoint.variant, epoch if isinstance(epoch, int) else None, tuple(top))


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


def changed_channels(
    first: Checkpoint, second: Checkpoint, inputs: tuple[Tensor, Tensor], matchings: Mapping[str, Matching]
) -> dict[str, tuple[ChangedChannel, ...]]:
    """Return `most_changed` over several pictures, by the stages of the matchings.

    Args:
        first, second: A and B.
        inputs: The pictures as A and as B takes them, (N, 3, S, S) each.
        matchings: By stage.
    """
    changed = {}
    with torch.no_grad(), full_float32(first.device):
        for name, a, b in in_step(first, second, inputs):
            if name in matchings and a is not None and b is not None:
                changed[name] = most_changed(a.transpose(0, 1).cpu(), b.transpose(0, 1).cpu(), matchings[name])
    return changed
