"""How a channel's response depends on rotation, scale, colour, contrast and blur of the photo, and on gratings.

found = tuning(checkpoint, image, "block2.relu", 111, "rotation")
found.x, found.response, found.at
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageFilter

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ExplanationError, StageError, require_unit
from alexnet_viz.images import InputRule, seen_by_network, to_tensor
from alexnet_viz.language import said

_BATCH = 8


@dataclass(frozen=True)
class Change:
    """One way to change a photo: its unit, the amounts, the amount that leaves it as it is, and how it is done."""

    unit: str
    amounts: tuple[float, ...]
    none: float
    apply: Callable[[Image.Image, float], Image.Image]


@dataclass(frozen=True)
class Tuning:
    """A channel's largest value on the photo, by the amount of the change.

    Attributes:
        by, unit: What is changed.
        x, response: One entry an amount.
        at: The amount that leaves the photo as it is; None of a grating, which is no photo.
        beside: Of a grating, its frequency beside orientations and its orientation beside frequencies.
    """

    by: str
    unit: str
    x: tuple[float, ...]
    response: tuple[float, ...]
    at: float | None
    beside: float | None = None


def _mean_colour(image: Image.Image) -> tuple[int, ...]:
    return tuple(round(float(value)) for value in np.asarray(image).reshape(-1, 3).mean(axis=0))


def _turned(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=_mean_colour(image))


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    side = image.width
    small = image.resize((round(side * factor),) * 2, Image.Resampling.BICUBIC)
    sheet = Image.new("RGB", image.size, _mean_colour(image))
    sheet.paste(small, ((side - small.width) // 2,) * 2)
    return sheet


def _hue(image: Image.Image, degrees: float) -> Image.Image:
    hue, *rest = image.convert("HSV").split()
    return Image.merge("HSV", (hue.point(lambda value: (value + round(degrees / 360 * 256)) % 256), *rest)).convert(
        "RGB"
    )


def _contrasted(image: Image.Image, factor: float) -> Image.Image:
    return ImageEnhance.Contrast(image).enhance(factor)


def _blurred(image: Image.Image, pixels: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(pixels))


CHANGES = {
    "rotation": Change("degrees", tuple(range(-90, 91, 10)), 0, _turned),
    "scale": Change("times", tuple(2 ** (step / 4) for step in range(-4, 5)), 1, _scaled),
    "hue": Change("degrees", tuple(range(-180, 181, 20)), 0, _hue),
    "contrast": Change("times", tuple(step / 4 for step in range(9)), 1, _contrasted),
    "blur": Change("pixels", (0, 0.5, 1, 1.5, 2, 3, 4, 6, 8), 0, _blurred),
}


ORIENTATIONS = tuple(float(degrees) for degrees in range(0, 180, 10))
WAVES = (1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0)  # in 100 pixels: from 67 pixels a wave to 3
GRATINGS = {"orientation": ("degrees", ORIENTATIONS), "frequency": ("waves in 100 pixels", WAVES)}


def grating(side: int, degrees: float, waves: float) -> Image.Image:
    """Return black and white waves, `waves` of them in 100 pixels; at 0 degrees upright lines, turned to the left."""
    angle, span = math.radians(degrees), np.arange(side)
    along = span[None] * math.cos(angle) - span[:, None] * math.sin(angle)
    values = 127.5 + 127.5 * np.cos(2 * math.pi * waves / 100 * along)
    return Image.fromarray(np.rint(values).astype(np.uint8)).convert("RGB")


def changed(image: Image.Image, rule: InputRule, by: str, amount: float, beside: float | None = None) -> Image.Image:
    """Return what the network sees of a photo once it is changed; unchanged, its very pixels.

    Args:
        image: RGB.
        rule: How it becomes the input.
        by: A key of `CHANGES`, or of `GRATINGS`, which look at no photo.
        amount: Of the change.
        beside: Of a grating, its frequency beside an orientation and its orientation beside a frequency.
    Raises:
        ExplanationError: There is no such change, or the amount is beyond those of its curve.
    """
    _require_amount(by, amount)
    if by in GRATINGS:
        if beside is not None:
            _require_amount(_other(by), beside)
        other = beside if beside is not None else 0.0
        return grating(rule.size, *((amount, other) if by == "orientation" else (other, amount)))
    seen, change = seen_by_network(image, rule), _change(by)
    return seen if amount == change.none else change.apply(seen, amount)


def _require_amount(by: str, amount: float) -> None:
    """Refuse an amount beyond the curve's: a photo a thousand times as large would take all memory."""
    amounts = GRATINGS[by][1] if by in GRATINGS else _change(by).amounts
    if not amounts[0] <= amount <= amounts[-1]:
        about = {"change": by, "amount": f"{amount:g}", "low": f"{amounts[0]:g}", "high": f"{amounts[-1]:g}"}
        raise ExplanationError(said("no {change} by {amount}; choose an amount from {low} to {high}", **about))


def _other(by: str) -> str:
    return "frequency" if by == "orientation" else "orientation"


def _change(by: str) -> Change:
    if by not in CHANGES:
        raise ExplanationError(
            said("no change '{by}'; choose {names}", by=by[:40], names=", ".join((*CHANGES, *GRATINGS)))
        )
    return CHANGES[by]


def tuning(
    checkpoint: Checkpoint,
    image: Image.Image,
    stage: str,
    channel: int,
    by: str,
    progress: Callable[[int], None] = lambda done: None,
    rule: InputRule | None = None,
) -> Tuning:
    """Return a tuning curve.

    Args:
        checkpoint, stage, channel: Whose.
        image: RGB.
        by: A key of `CHANGES`, or of `GRATINGS`: that of the grating to which the channel answers most.
        progress: Called with the number of passes done; to cancel, it raises.
        rule: How the photo becomes the input; by default the checkpoint's own.
    Raises:
        StageError, UnitError, ExplanationError: There is no such stage, channel or change.
    """
    pass_through = _Passes(checkpoint, stage, channel, progress)
    given = rule or checkpoint.input_rule
    if by in GRATINGS:
        return _grating_tuning(pass_through, given.size, by)
    change = _change(by)
    responses = pass_through([changed(image, given, by, amount) for amount in change.amounts])
    return Tuning(by, change.unit, change.amounts, tuple(responses), change.none)


def _grating_tuning(pass_through: _Passes, side: int, by: str) -> Tuning:
    """Return the curve through the best of a coarse grid of gratings."""
    grid = [(degrees, waves) for degrees in ORIENTATIONS[::3] for waves in WAVES]
    answers = pass_through([grating(side, *each) for each in grid])
    best = grid[max(range(len(grid)), key=lambda place: _for_order(answers[place]))]
    unit, amounts = GRATINGS[by]
    beside = best[1] if by == "orientation" else best[0]
    shown = [(amount, beside) if by == "orientation" else (beside, amount) for amount in amounts]
    return Tuning(by, unit, amounts, tuple(pass_through([grating(side, *each) for each in shown])), None, beside)


def _for_order(answer: float) -> float:
    return -math.inf if math.isnan(answer) else answer


class _Passes:
    """A channel's largest values on pictures of the input's size, a batch at a time."""

    def __init__(self, checkpoint: Checkpoint, stage: str, channel: int, progress: Callable[[int], None]) -> None:
        self._of = checkpoint, stage, channel
        self._progress, self._done = progress, 0
        rule = checkpoint.input_rule
        self._rule = InputRule(rule.size, rule.mean, rule.std)  # of what the network sees, all

    def __call__(self, pictures: Sequence[Image.Image]) -> list[float]:
        """Return the channel's largest value on each picture."""
        checkpoint, stage, channel = self._of
        responses: list[float] = []
        for start in range(0, len(pictures), _BATCH):
            inputs = torch.stack([to_tensor(picture, self._rule) for picture in pictures[start : start + _BATCH]])
            responses += _responses(checkpoint, inputs, stage, channel)
            self._done += len(inputs)
            self._progress(self._done)
        return responses


def _responses(checkpoint: Checkpoint, inputs: torch.Tensor, stage: str, channel: int) -> list[float]:
    with torch.no_grad(), full_float32(checkpoint.device):
        for name, output in checkpoint.model.walk(inputs.to(checkpoint.device)):
            if name != stage:
                continue
            require_unit("channel", channel, stage, output.shape[1])
            values: list[float] = output[:, channel].reshape(len(output), -1).amax(dim=1).tolist()
            return values
    raise StageError(stage, checkpoint.model.stage_names)
