"""Augmentation that makes small pictures more like photographs: closer, rotated, relit, with fine detail.

A network that has only seen enlarged 32 x 32 pictures takes the sharp texture of a photograph for evidence of a class.
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

NEAREST, FARTHEST = 0.6, 1.1  # shares of the side that are in view
MOST_TURN = math.radians(12)
LEAST_ROOM = 0.1  # how far the view moves where it is as wide as the picture, in halves of the side
DETAIL = 5  # pixels: fine detail is what a pixel differs by from the mean of such a square around it


def as_photographs(images: Tensor, size: int, generator: torch.Generator) -> Tensor:
    """Return the pictures enlarged, each varied at random.

    All are mirrored (every second one), moved, turned by up to 12 degrees and brought nearer, with 60 to 110 % of the
    side in view; what lies outside is a reflection. Half of them get another saturation, half another contrast, half
    another tint, half another brightness; half are sharpened, half get grain.

    Args:
        images: (N, 3, H, W), 0 to 255, square.
        size: Side of the result.
        generator: Of everything random; on the CPU, so that every device draws the same.
    Returns:
        (N, 3, size, size) float32, 0 to 255, channels last.
    """
    count, device = len(images), images.device

    def draw(low: float, high: float, *shape: int) -> Tensor:
        return (low + (high - low) * torch.rand(count, *shape, generator=generator)).to(device)

    def half(strength: Tensor) -> Tensor:
        return strength * (draw(0, 1, 1, 1, 1) < 0.5)

    values = _seen_from_elsewhere(images.float(), size, draw).to(memory_format=torch.channels_last)
    mean, grey = values.mean(dim=(1, 2, 3), keepdim=True), values.mean(dim=1, keepdim=True)
    values = values + half(draw(-0.8, 0.4, 1, 1, 1)) * (values - grey)
    values = values + half(draw(-0.4, 0.4, 1, 1, 1)) * (values - mean) + half(draw(-20, 20, 3, 1, 1))
    values = values + half(draw(-40, 40, 1, 1, 1))
    values = values + half(draw(0, 3, 1, 1, 1)) * (values - blurred(values))
    grain = torch.randn(count, 1, size, size, generator=generator).to(device)
    return (values + half(draw(0, 20, 1, 1, 1)) * grain).clamp(0, 255)


def blurred(values: Tensor) -> Tensor:
    """Return each pixel's mean over the square of `DETAIL` pixels around it, of what of it lies in the picture.

    As average pooling without the padding, which takes thirteen times as long for three channels that lie last.
    """
    channels, window, padding = values.shape[1], DETAIL**2, DETAIL // 2
    sums = F.conv2d(values, values.new_ones(channels, 1, DETAIL, DETAIL), padding=padding, groups=channels)
    inside = F.avg_pool2d(values.new_ones(1, 1, *values.shape[2:]), DETAIL, stride=1, padding=padding)  # shares
    return sums / (window * inside)


def _seen_from_elsewhere(values: Tensor, size: int, draw: Callable[[float, float], Tensor]) -> Tensor:
    scale = draw(math.log(NEAREST), math.log(FARTHEST)).exp()
    angle, mirror = draw(-MOST_TURN, MOST_TURN), torch.where(draw(0, 1) < 0.5, -1.0, 1.0)
    room = (1 - scale).abs().clamp(min=LEAST_ROOM)
    cosine, sine = scale * angle.cos(), scale * angle.sin()
    across = torch.stack([mirror * cosine, -sine, room * draw(-1, 1)], dim=1)
    down = torch.stack([mirror * sine, cosine, room * draw(-1, 1)], dim=1)
    grid = F.affine_grid(torch.stack([across, down], dim=1), [len(values), 3, size, size], align_corners=False)
    return F.grid_sample(values, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
