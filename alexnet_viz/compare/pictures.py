"""Two checkpoints on pictures without labels: how alike their stages and their answers are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.compare.matching import Matching
from alexnet_viz.compare.passes import Progress, nothing

TOP = 5


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
        top: For each picture, its `TOP` most probable classes as (name, probability), the most probable first.
    """

    name: str
    variant: str
    epoch: int | None
    top: tuple[tuple[tuple[str, float], ...], ...]

    def to_record(self) -> dict[str, object]:
        """Return {"name", "variant", "epoch", "predictions": [[{"class", "probability"}…]…]}."""
        raise NotImplementedError


@dataclass(frozen=True)
class PictureComparison:
    """Two checkpoints on pictures.

    Attributes:
        per_stage: For each stage that both have.
        agreement: Share of pictures with the same most probable class; None where the classes differ.
        remark: Why there is no agreement or no CKA, sentences; "" where nothing is missing.
    """

    first: Side
    second: Side
    per_stage: dict[str, StageDifference]
    agreement: float | None
    remark: str

    def to_record(self) -> dict[str, object]:
        """Return DESIGN 4.2's {"per_stage": {name: {"cka", "mean_abs_diff"}}, "agreement", "a", "b"}, and "remark"."""
        raise NotImplementedError


def compare_pictures(
    first: Checkpoint, second: Checkpoint, images: Sequence[Image.Image], progress: Progress = nothing
) -> PictureComparison:
    """Return how two checkpoints differ on pictures, each prepared by the checkpoint's own rule.

    Args:
        first, second: A and B, of any variants and classes.
        images: At least one; CKA takes at least 4.
        progress: Called with the number of pictures done; what it raises ends the comparison.
    Raises:
        ComparisonError: No picture.
    """
    raise NotImplementedError


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
        first, second: One stage's output in A and in B, (C, H, W) or (C,), or with a leading dimension of pictures.
        matching: Who is whose partner; by number where it is None. Channels without a partner are left out.
    Returns:
        Only what is more than rounding: more than 1e-4 of the root mean square of A's and B's values.
    Raises:
        ComparisonError: Maps of different sizes, or no matching for different numbers of channels.
    """
    raise NotImplementedError
