"""Whether an attribution map can be believed: the untrained network's map, and covering the squares in its order.

squares = squares_of(model, last_maps(model))
rounds = random_rounds(model, trace.input, squares)
curves = in_order(model, trace.input, squares, found.values)
judge(curves, rounds, target=3).better  # on how many of two counts the map is better than random maps

Every method is judged on the same squares, those of the last maps, so that ten random maps serve all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from alexnet_viz.answers import probabilities
from alexnet_viz.device import full_float32, pictures_at_once
from alexnet_viz.errors import ExplanationError
from alexnet_viz.explain.attribution import Pause, Squares, no_pause
from alexnet_viz.language import said
from alexnet_viz.model import AlexNet, initialise

RANDOM_MAPS = 10
_STEPS = 20
_BLUR = 10.0  # pixels, standard deviation
_SEED = 0


@dataclass(frozen=True, eq=False)
class Curves:
    """Probabilities while squares are covered, and while a blurred picture is uncovered, in given orders.

    Attributes:
        share: (M, steps + 1), how much of the picture is covered, or uncovered: 0 to 1.
        covering: (M, steps + 1, K).
        uncovering: (M, steps + 1, K).
    """

    share: Tensor
    covering: Tensor
    uncovering: Tensor

    def areas(self, target: int) -> tuple[Tensor, Tensor]:
        """Return the areas under the curves of one class, (M,) each, 0 to 1."""
        covering = torch.trapezoid(self.covering[..., target], self.share, dim=1)
        return covering, torch.trapezoid(self.uncovering[..., target], self.share, dim=1)


@dataclass(frozen=True)
class Verdict:
    """One map's areas beside those of random maps.

    Attributes:
        deletion: Area under the covering curve; low is good.
        insertion: Area under the uncovering curve; high is good.
        random_deletion, random_insertion: Mean over the random maps, and the standard deviation.
    """

    deletion: float
    insertion: float
    random_deletion: tuple[float, float]
    random_insertion: tuple[float, float]

    @property
    def better(self) -> int:
        """On how many of the two counts the map is more than one standard deviation better than random maps."""
        low, high = self.random_deletion, self.random_insertion
        return (self.deletion < low[0] - low[1]) + (self.insertion > high[0] + high[1])

    @property
    def words(self) -> str:
        """What the map tells beside a random one."""
        sayings = (said("little more than a random map"), said("better than a random map on one of two counts"))
        return (*sayings, said("better than a random map"))[self.better]


def untrained_like(model: AlexNet) -> AlexNet:
    """Return the same network before training, drawn with seed 0, on the same device."""
    with torch.device("meta"):
        twin = AlexNet(model.num_classes, model.in_channels, model.variant)
    twin.to_empty(device="cpu")
    initialise(twin, _SEED)
    return twin.to(next(model.parameters()).device).eval().requires_grad_(False)


def likeness(squares: Squares, values: Tensor, others: Tensor) -> float:
    """Return the rank correlation of two maps (S, S) over the squares; 0 where one of them is constant."""
    first, second = (_ranks(squares.means(each.double()).flatten()) for each in (values, others))
    deviations = first - first.mean(), second - second.mean()
    scale = float(deviations[0].norm() * deviations[1].norm())
    return float(deviations[0] @ deviations[1]) / scale if scale else 0.0


def _ranks(values: Tensor) -> Tensor:
    """Return each value's rank, equal ones sharing the mean of theirs."""
    _, group, counts = torch.unique(values, return_inverse=True, return_counts=True)
    ranks: Tensor = counts.cumsum(0).double() - (counts - 1) / 2
    return ranks[group]


def in_order(model: AlexNet, pixels: Tensor, squares: Squares, values: Tensor, pause: Pause = no_pause) -> Curves:
    """Return the curves of one map (S, S): what speaks most for the class is covered, and uncovered, first."""
    order = squares.means(values.double()).flatten().argsort(descending=True, stable=True)
    return follow(model, pixels, squares, order[None], pause)


def random_rounds(model: AlexNet, pixels: Tensor, squares: Squares, pause: Pause = no_pause) -> Curves:
    """Return the curves of ten random orders, the same ones every time."""
    generator = np.random.default_rng(_SEED)
    orders = [torch.from_numpy(generator.permutation(squares.count**2)) for _ in range(RANDOM_MAPS)]
    return follow(model, pixels, squares, torch.stack(orders), pause)


def judge(curves: Curves, rounds: Curves, target: int) -> Verdict:
    """Return a map's areas beside those of the random ones; raises ExplanationError where one is no number."""
    (deletion, insertion), (low, high) = curves.areas(target), rounds.areas(target)
    if not all(bool(areas.isfinite().all()) for areas in (deletion, insertion, low, high)):
        raise ExplanationError(
            said("The network gives no answer to the covered photo: its outputs are not numbers. Choose another.")
        )
    spread = [(float(areas.mean()), float(areas.std(correction=1))) for areas in (low, high)]
    return Verdict(float(deletion[0]), float(insertion[0]), spread[0], spread[1])


def follow(model: AlexNet, pixels: Tensor, squares: Squares, orders: Tensor, pause: Pause = no_pause) -> Curves:
    """Return the curves of several orders of the squares (M, count²); forward passes only, of a few pictures each."""
    device = next(model.parameters()).device
    whole = pixels.to(device)
    mean_colour, blurred = torch.zeros_like(whole), _blurred(whole)  # 0 is the mean colour
    ranks = squares.spread(orders.argsort(1).reshape(-1, squares.count, squares.count)).to(device)
    counts = [round(step * squares.count**2 / _STEPS) for step in range(_STEPS + 1)]
    masks = torch.stack([ranks < count for count in counts], 1)  # (M, steps + 1, S, S)
    covering = _probabilities(model, masks, mean_colour, whole, pause)
    uncovering = _probabilities(model, masks, whole, blurred, pause)
    return Curves(masks.float().mean((2, 3)).cpu(), covering, uncovering)


def _probabilities(model: AlexNet, masks: Tensor, inside: Tensor, outside: Tensor, pause: Pause) -> Tensor:
    """Return the probabilities (M, steps + 1, K) of pictures that are `inside` where the mask is set.

    The first and the last picture are the same in every order: they are computed once.
    """
    curves: list[Tensor] = []
    with torch.no_grad(), full_float32(inside.device):
        for order in masks:
            between = _in_passes(model, order[1:-1] if curves else order, inside, outside, pause)
            curves.append(torch.cat([curves[0][:1], between, curves[0][-1:]]) if curves else between)
    return torch.stack(curves)


def passes_in_order(maps: int, device: torch.device) -> int:
    """Return how many passes the curves of some maps take: as often it pauses."""
    first, other = (-(-pictures // pictures_at_once(device)) for pictures in (_STEPS + 1, _STEPS - 1))
    return 2 * (first + (maps - 1) * other)


def _in_passes(model: AlexNet, masks: Tensor, inside: Tensor, outside: Tensor, pause: Pause) -> Tensor:
    parts = []
    for few in torch.split(masks, pictures_at_once(inside.device)):
        pause()
        parts.append(probabilities(model(torch.where(few[:, None], inside, outside))).cpu())
    return torch.cat(parts)


def _blurred(pixels: Tensor) -> Tensor:
    """Return (3, S, S) under a Gaussian of ten pixels; the border's values go on beyond it."""
    reach = min(int(3 * _BLUR), pixels.shape[-1] - 1)
    places = torch.arange(-reach, reach + 1, device=pixels.device, dtype=pixels.dtype)
    weights = torch.exp(-places.square() / (2 * _BLUR**2))
    kernel = (weights / weights.sum()).expand(pixels.shape[0], 1, 1, -1)
    wide = F.pad(pixels[None], (reach, reach, reach, reach), mode="replicate")
    wide = F.conv2d(wide, kernel, groups=pixels.shape[0])
    blurred: Tensor = F.conv2d(wide, kernel.transpose(2, 3), groups=pixels.shape[0])[0]
    return blurred
