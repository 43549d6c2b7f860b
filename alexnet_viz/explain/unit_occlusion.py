"""Where covering the photo changes one value of one stage.

found = occlude(checkpoint.model, trace.input, trace.stages, Place("block2.relu", 111, 5, 4))
found.values  # (S, S): what a pixel's squares change on average
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from alexnet_viz.architecture import layer_table
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ExplanationError
from alexnet_viz.explain.arithmetic import Place, settled
from alexnet_viz.explain.attribution import Pause, no_pause
from alexnet_viz.language import said
from alexnet_viz.model import AlexNet

SIDE = 14  # of a square, pixels
_FINE_UP_TO = 99  # pixels of field, in which squares stand half a side apart
_BATCH = 16
_Square = tuple[slice, slice]  # rows and columns of the input


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What covering does to a value.

    Attributes:
        values: (S, S) float32, by pixel the mean change of the value over the squares that cover it; 0 where the value
            sees nothing.
        passes: How many squares there were.
    """

    values: Tensor
    passes: int


def occlude(
    model: AlexNet, pixels: Tensor, stages: Mapping[str, Tensor], place: Place, pause: Pause = no_pause
) -> Occlusion:
    """Return where covering with the mean colour changes a value.

    Args:
        model: In eval mode; only read.
        pixels: (3, S, S), normalised: the mean colour is 0.
        stages: What it computed of them.
        place: Which value; without row and column the largest of the channel.
        pause: Called before each pass; what it raises ends the work.
    Raises:
        StageError, UnitError: There is no such value.
        ExplanationError: It is not a number.
    """
    place = settled(stages[place.stage], place) if place.stage in stages else place
    top, left, bottom, right, step = _seen(model, place, pixels.shape[-1])
    squares = [
        (slice(y, min(y + SIDE, bottom)), slice(x, min(x + SIDE, right)))  # beyond what it sees nothing can change
        for y in range(top, bottom, step)
        for x in range(left, right, step)
    ]
    device = next(model.parameters()).device
    before = float(stages[place.stage][place.index])
    changes: list[float] = []
    with torch.no_grad(), full_float32(device):
        for start in range(0, len(squares), _BATCH):
            pause()
            covered = _covered(pixels, squares[start : start + _BATCH]).to(device)
            changes += (_values(model, covered, place) - before).tolist()
    if not all(map(math.isfinite, changes)):
        raise ExplanationError(said("The value is not a number, or becomes none once something is covered."))
    return Occlusion(_by_pixel(squares, changes, pixels.shape[-1]), len(squares))


def _seen(model: AlexNet, place: Place, size: int) -> tuple[int, int, int, int, int]:
    """Return what a value sees, top, left, bottom and right, and how far apart the squares on it stand."""
    layer = next(layer for layer in layer_table(model) if layer.name == place.stage)
    if not layer.jump or place.row is None or place.column is None:
        return 0, 0, size, size, SIDE
    top, left = (layer.start + at * layer.jump for at in (place.row, place.column))
    side = layer.receptive_field
    step = SIDE // 2 if side <= _FINE_UP_TO else SIDE
    return max(0, top), max(0, left), min(size, top + side), min(size, left + side), step


def _covered(pixels: Tensor, squares: list[_Square]) -> Tensor:
    pictures = pixels.repeat(len(squares), 1, 1, 1)
    for picture, (rows, columns) in zip(pictures, squares, strict=True):
        picture[:, rows, columns] = 0
    return pictures


def _values(model: AlexNet, pictures: Tensor, place: Place) -> Tensor:
    output = next(output for name, output in model.walk(pictures) if name == place.stage)[:, place.channel]
    values = output if place.row is None else output[:, place.row, place.column]
    return values.float().cpu()


def _by_pixel(squares: list[_Square], changes: list[float], size: int) -> Tensor:
    total, count = torch.zeros((2, size, size))
    for (rows, columns), change in zip(squares, changes, strict=True):
        total[rows, columns] += change
        count[rows, columns] += 1
    mean: Tensor = total / count.clamp_min(1)
    return mean
