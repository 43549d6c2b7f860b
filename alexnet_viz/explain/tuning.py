"""How a channel's response changes while the photo is turned, scaled, recoloured, faded or blurred.

found = tuning(checkpoint, image, "block2.relu", 111, "rotation")
found.x, found.response, found.at
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageFilter

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.device import full_float32
from alexnet_viz.errors import ExplanationError, StageError, UnitError
from alexnet_viz.images import InputRule, seen_by_network, to_tensor

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
        at: The amount that leaves the photo as it is.
    """

    by: str
    unit: str
    x: tuple[float, ...]
    response: tuple[float, ...]
    at: float


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


def changed(image: Image.Image, rule: InputRule, by: str, amount: float) -> Image.Image:
    """Return what the network sees of a photo once it is changed; unchanged, its very pixels."""
    seen, change = seen_by_network(image, rule), CHANGES[by]
    return seen if amount == change.none else change.apply(seen, amount)


def tuning(
    checkpoint: Checkpoint,
    image: Image.Image,
    stage: str,
    channel: int,
    by: str,
    progress: Callable[[int], None] = lambda done: None,
) -> Tuning:
    """Return a tuning curve.

    Args:
        image: RGB.
        by: A key of `CHANGES`.
        progress: Called with the number of amounts done; to cancel, it raises.
    Raises:
        StageError, UnitError, ExplanationError: There is no such stage, channel or change.
    """
    if by not in CHANGES:
        raise ExplanationError(f"no change '{by[:40]}'; choose {', '.join(CHANGES)}")
    change, rule = CHANGES[by], checkpoint.input_rule
    responses: list[float] = []
    cut = InputRule(rule.size, rule.mean, rule.std)  # of what the network sees, all
    for start in range(0, len(change.amounts), _BATCH):
        amounts = change.amounts[start : start + _BATCH]
        inputs = torch.stack([to_tensor(changed(image, rule, by, amount), cut) for amount in amounts])
        responses += _responses(checkpoint, inputs, stage, channel)
        progress(len(responses))
    return Tuning(by, change.unit, change.amounts, tuple(responses), change.none)


def _responses(checkpoint: Checkpoint, inputs: torch.Tensor, stage: str, channel: int) -> list[float]:
    with torch.no_grad(), full_float32(checkpoint.device):
        for name, output in checkpoint.model.walk(inputs.to(checkpoint.device)):
            if name != stage:
                continue
            if not 0 <= channel < output.shape[1]:
                raise UnitError("channel", channel, stage, 0, output.shape[1] - 1)
            values: list[float] = output[:, channel].reshape(len(output), -1).amax(dim=1).tolist()
            return values
    raise StageError(stage, checkpoint.model.stage_names)
