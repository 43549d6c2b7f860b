"""Ten classes drawn by code: a data set that every machine has, learnt from nothing within minutes.

Light figures on dark ground; size, place, rotation (by up to 45°), colours, shading and noise vary, and the colours say
nothing about the class.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from alexnet_viz.training.datasets.dataset import Dataset, Split, channel_statistics
from alexnet_viz.training.datasets.digests import stored_digests
from alexnet_viz.training.datasets.held_out import is_held_out

TRAIN_COUNT, HELD_OUT_COUNT, TEST_COUNT = 2000, 400, 1000
HELD_OUT_SHARE = 5  # one in so many drawings may not be learnt from, by its content
_TEST_SEED = 987_654_321  # odd, as the seeds of all held-out drawings, and none that a person gives
SIDE = 64  # pixels; enlarged on the device with the batch

# Each takes coordinates in units of the figure's radius, turned by its rotation, and returns a value that is positive
# inside the figure and falls by about one a radius across its edge.
_Figure = Callable[[Tensor, Tensor], Tensor]


def _disc(u: Tensor, v: Tensor) -> Tensor:
    return 1 - torch.hypot(u, v)


def _ring(u: Tensor, v: Tensor) -> Tensor:
    return 0.22 - (torch.hypot(u, v) - 0.78).abs()


def _polygon(corners: int) -> _Figure:
    def inside(u: Tensor, v: Tensor) -> Tensor:
        sector = 2 * math.pi / corners
        angle = torch.remainder(torch.atan2(v, u), sector) - sector / 2
        return math.cos(sector / 2) * 1.1 - torch.hypot(u, v) * torch.cos(angle)

    return inside


def _star(u: Tensor, v: Tensor) -> Tensor:
    angle = torch.remainder(torch.atan2(v, u), 2 * math.pi / 5) / (math.pi / 5) - 1  # -1 … 1, 0 at a notch
    return 0.42 + 0.75 * angle.abs().square() - torch.hypot(u, v)


def _cross(u: Tensor, v: Tensor) -> Tensor:
    wide, high = torch.maximum(u.abs(), v.abs()), torch.minimum(u.abs(), v.abs())
    return torch.minimum(1.05 - wide, 0.3 - high)


def _crescent(u: Tensor, v: Tensor) -> Tensor:
    return torch.minimum(1 - torch.hypot(u, v), torch.hypot(u - 0.5, v) - 0.75)


def _window(u: Tensor, v: Tensor) -> Tensor:
    return 1.15 - torch.maximum(u.abs(), v.abs())


def _stripes(u: Tensor, v: Tensor) -> Tensor:
    return torch.minimum(_window(u, v), torch.sin(u * 8) * 0.2)


def _checks(u: Tensor, v: Tensor) -> Tensor:
    return torch.minimum(_window(u, v), torch.sin(u * 5.5) * torch.sin(v * 5.5) * 0.3)


def _dots(u: Tensor, v: Tensor) -> Tensor:
    nearest = torch.hypot(torch.remainder(u, 0.66) - 0.33, torch.remainder(v, 0.66) - 0.33)
    return torch.minimum(_window(u, v), 0.2 - nearest)


_FIGURES: dict[str, _Figure] = {
    "checks": _checks,
    "crescent": _crescent,
    "cross": _cross,
    "disc": _disc,
    "dots": _dots,
    "ring": _ring,
    "square": _polygon(4),
    "star": _star,
    "stripes": _stripes,
    "triangle": _polygon(3),
}
CLASSES = tuple(_FIGURES)


def shapes(seed: int = 0, train: int = TRAIN_COUNT, held_out: int = HELD_OUT_COUNT, side: int = SIDE) -> Dataset:
    """Return the drawn data set; the same arguments give the same pictures.

    Args:
        seed: Of everything drawn.
        train, held_out: Numbers of pictures; classes take turns, so that each has its share.
        side: Of the square pictures, pixels.
    """
    learnt, held = draw(train, seed * 2, side), draw(held_out, seed * 2 + 1, side, held_out=True)
    mean, std = channel_statistics(learnt.images)
    return Dataset("shapes", CLASSES, learnt, held, held, mean, std)


def unlearnt_drawings(count: int = TEST_COUNT) -> Split:
    """Return drawings that no training learns from or validates on; the same ones whatever is measured on them."""
    return draw(count, _TEST_SEED, held_out=True)


def draw(count: int, seed: int, side: int = SIDE, *, held_out: bool = False) -> Split:
    """Return `count` drawn pictures; the first ones are the same however many are asked for.

    Args:
        count: How many; classes take turns.
        seed: Of everything drawn.
        side: Of the square pictures, pixels.
        held_out: Draw pictures whose content says that they are held out, for no training of any seed ever draws one.
    """
    labels = torch.arange(count) % len(CLASSES)
    images = torch.empty((count, 3, side, side), dtype=torch.uint8)
    for start in range(0, count, 100):  # one generator a hundred: a longer set begins like a shorter one
        generator = torch.Generator().manual_seed(seed * 1_000_003 + start)
        drawn = _draw_hundred(generator, side)
        images[start : start + 100] = drawn[: count - start]
    return Split(images, labels, _put_on_their_side(images, held_out=held_out))


def _put_on_their_side(images: Tensor, *, held_out: bool) -> NDArray[np.uint64]:
    """Change one corner's red until each picture's content says what the picture is for; return the digests."""
    digests = stored_digests(images)
    while len(wrong := np.flatnonzero(is_held_out(digests, HELD_OUT_SHARE) != held_out)):
        images[torch.from_numpy(wrong), 0, 0, 0] += 1  # 255 goes on at 0
        digests[wrong] = stored_digests(images[torch.from_numpy(wrong)])
    return digests


def _draw_hundred(generator: torch.Generator, side: int) -> Tensor:
    def uniform(low: float, high: float, *shape: int) -> Tensor:
        return low + (high - low) * torch.rand((100, *shape), generator=generator)

    radius = uniform(0.45, 0.8, 1, 1)  # of half the side
    reach = 1 - radius
    across, down = uniform(-1, 1, 1, 1) * reach, uniform(-1, 1, 1, 1) * reach
    turn = uniform(-math.pi / 4, math.pi / 4, 1, 1)
    axis = (torch.arange(side) + 0.5) * (2 / side) - 1
    x, y = (axis[None, None, :] - across) / radius, (axis[None, :, None] - down) / radius
    u, v = x * torch.cos(turn) + y * torch.sin(turn), y * torch.cos(turn) - x * torch.sin(turn)
    soft = side / 2 * radius  # one pixel of edge
    masks = [torch.sigmoid(2 * soft[i::10] * figure(u[i::10], v[i::10])) for i, figure in enumerate(_FIGURES.values())]
    mask = torch.stack(masks, dim=1).flatten(0, 1)[:, None]
    ground, figure = uniform(0, 0.42, 3), uniform(0.58, 1, 3)  # light on dark
    shade = 0.15 * (x * uniform(-1, 1, 1, 1) + y * uniform(-1, 1, 1, 1)) * radius
    noise = torch.randn((100, 3, side, side), generator=generator) * uniform(0.01, 0.08, 1, 1, 1)
    picture = ground[..., None, None] * (1 - mask) + figure[..., None, None] * mask + shade[:, None] + noise
    return picture.mul_(255).round_().clamp_(0, 255).to(torch.uint8)
