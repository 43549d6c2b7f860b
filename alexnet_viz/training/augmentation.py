"""From stored bytes to the network's input: order, augmentation and resizing, by whole batches on the device.

All randomness depends on (seed, epoch) or (seed, step) alone: to resume at a step, its number is enough.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from alexnet_viz.images import InputRule, made_grey

_SHIFT_SHARE = 8  # a crop moves by up to one in so many of the side: 4 of CIFAR-10's 32 pixels


def epoch_order(count: int, seed: int, epoch: int) -> Tensor:
    """Return a permutation of `count` picture numbers, (count,) int64; epochs count from 0."""
    return torch.randperm(count, generator=_generator(seed, 1, epoch))


def augment(images: Tensor, how: str, seed: int, step: int) -> Tensor:
    """Return the pictures shifted and mirrored at random.

    Args:
        images: (N, 3, H, W), any dtype.
        how: "none", "flip", or "crop and flip": shifted by up to an eighth of the side, the gap filled by reflection.
        seed, step: Of the draw.
    """
    if how == "none":
        return images
    count, _, height, width = images.shape
    generator = step_generator(seed, step)
    flip = _flips(count, generator)
    rows = torch.arange(height).repeat(count, 1)
    columns = torch.arange(width).repeat(count, 1)
    if how == "crop and flip":
        rows = _reflect(rows + _shifts(count, height, generator), height)
        columns = _reflect(columns + _shifts(count, width, generator), width)
    columns = torch.where(flip[:, None], columns.flip(1), columns)
    device = images.device
    rows, columns = rows.to(device)[:, None, :, None], columns.to(device)[:, None, None, :]
    numbers = torch.arange(count, device=device)[:, None, None, None]
    channels = torch.arange(images.shape[1], device=device)[None, :, None, None]
    return images[numbers, channels, rows, columns]


def step_generator(seed: int, step: int) -> torch.Generator:
    """Return what a step's augmentation is drawn from."""
    return _generator(seed, 2, step)


def flips(count: int, seed: int, step: int) -> Tensor:
    """Return which pictures of a step's batch `augment` mirrors, (count,) bool."""
    return _flips(count, step_generator(seed, step))


def prepare(images: Tensor, size: int, mean: tuple[float, ...], std: tuple[float, ...]) -> Tensor:
    """Return pictures as the network takes them: resized, normalised, channels last.

    Args:
        images: (N, 3, H, W) uint8, square.
        size: Side of the result.
        mean, std: Of red, green and blue, or one number each for a network that takes grey pictures.
    Returns:
        (N, 3 or 1, size, size) float32. Equal to `images.to_tensor` up to the rounding of resized
        pixels to bytes, which that function does and this one does not.
    """
    values = resized(images.to(memory_format=torch.channels_last).float(), size)
    if len(mean) == 1:
        values = made_grey(values)
    scale = values.new_tensor(std).mul(255)[:, None, None]
    return values.sub(values.new_tensor(mean).mul(255)[:, None, None]).div(scale)


def resized(values: Tensor, size: int) -> Tensor:
    """Return square pictures (N, 3, H, H) float32 with another side, bilinear, smoothed before they shrink."""
    if values.shape[-2:] == (size, size):
        return values
    shrinks = values.shape[-1] > size
    return F.interpolate(values, size=(size, size), mode="bilinear", align_corners=False, antialias=shrinks)


def prepare_as(images: Tensor, rule: InputRule) -> Tensor:
    """Return square pictures (N, 3, H, H) uint8 as a checkpoint's rule has them: only their middle, where it cuts."""
    side = images.shape[-1]
    is_stored = side == rule.stored[0]
    kept = rule.size if is_stored else round(side * (rule.size / rule.short_side if rule.resize == "crop" else 1))
    first = (side - kept) // 2
    return prepare(images[..., first : first + kept, first : first + kept], rule.size, rule.mean, rule.std)


def step_seed(seed: int, step: int) -> int:
    """Return the seed of everything else that a step draws (dropout)."""
    return _mix(seed, 3, step)


def _flips(count: int, generator: torch.Generator) -> Tensor:
    return torch.rand(count, generator=generator) < 0.5


def _shifts(count: int, side: int, generator: torch.Generator) -> Tensor:
    reach = side // _SHIFT_SHARE
    return torch.randint(-reach, reach + 1, (count, 1), generator=generator)


def _reflect(positions: Tensor, side: int) -> Tensor:
    inside = positions.abs()
    return torch.where(inside >= side, 2 * (side - 1) - inside, inside)


def _generator(seed: int, purpose: int, number: int) -> torch.Generator:
    return torch.Generator().manual_seed(_mix(seed, purpose, number))


def _mix(seed: int, purpose: int, number: int) -> int:
    """Return one number for three, such that neighbouring seeds share no draws (constants of splitmix64)."""
    mixed = (seed * 0x9E3779B97F4A7C15 + purpose * 0xBF58476D1CE4E5B9 + number * 0x94D049BB133111EB) % 2**64
    mixed ^= mixed >> 31
    return (mixed * 0xD6E8FEB86659FD93 % 2**64) >> 1
