"""A stage's output minus its mean over the pictures: the input of CKA and of the matching of channels."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Centred(NamedTuple):
    """A batch of one stage's output.

    Attributes:
        values: (N, P, C) float32: pictures, places (one from fc1 on), channels, less the mean over the pictures.
            Float32 then holds what differs between pictures to seven digits, however much they have in common.
        means: (P, C), what was subtracted.
    """

    values: Tensor
    means: Tensor


def centre(outputs: Tensor) -> Centred:
    """Return a batch's output (N, C, H, W) or (N, C) centred; channels-last memory is not rearranged."""
    rows = outputs[:, None, :] if outputs.dim() == 2 else outputs.permute(0, 2, 3, 1).flatten(1, 2)
    means = rows.mean(dim=0)
    return Centred(rows - means, means)
