"""The largest response that any picture can reach, where it is known: the first convolution is linear.

A filter g responds with base + g · (x - grey) to a picture x, so the largest response at a given contrast has a closed
form: at full contrast every value is black or white by the sign of g; at the contrast of photos it is the filter itself
(by the Cauchy-Schwarz inequality).
"""

from __future__ import annotations

import math

import torch

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.explain.field_response import FieldResponse
from alexnet_viz.explain.visualise import PHOTO_DEVIATION, Goal

_LINEAR = ("block1.conv", "block1.relu")


def most_possible(checkpoint: Checkpoint, goal: Goal) -> float | None:
    """Return what no picture of the goal's contrast exceeds; None where the channel is not linear in the picture.

    "full": of all pictures in 0 … 1; "photo": of those with the goal's deviation around mean grey. Before the ReLU, so
    that it may be negative where the channel never answers; the goal's sign is not looked at.

    Raises:
        StageError, UnitError: There is no such stage or channel.
    """
    response = FieldResponse(checkpoint, goal.stage, goal.channel)
    if goal.stage not in _LINEAR:
        return None
    grey = torch.full((1, 3, response.side, response.side), 0.5, device=checkpoint.device, requires_grad=True)
    base = response(grey).before_relu.sum()
    (slope,) = torch.autograd.grad(base, grey)
    if goal.contrast == "full":
        return float(base.detach() + 0.5 * slope.abs().sum())
    around = slope - slope.mean()
    return float(base.detach() + PHOTO_DEVIATION * math.sqrt(slope.numel() - 1) * around.norm())
