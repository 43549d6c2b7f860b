"""Distances between two networks' weights, layer by layer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from alexnet_viz.language import said
from alexnet_viz.model import AlexNet

_PIECE = 1_000_000  # numbers that are turned into float64 at once: fc1 alone would take 300 MB


@dataclass(frozen=True)
class LayerDifference:
    """The weights of one layer in A and in B; norms are Frobenius norms, biases apart.

    Attributes:
        layer: The stage that the layer computes, "block3.conv", "fc1", "logits".
        first_shape, second_shape: Of the weights.
        first_norm, second_norm: Of the weights.
        distance: Of B − A; None where the shapes differ.
        relative: distance / first_norm; None where that is 0 or the shapes differ.
        cosine: Of the angle between the two, −1 … 1; None where one is 0 or the shapes differ.
        bias_distance: Of the biases; None where the shapes differ.
        remark: A sentence where the layers cannot be subtracted; else "".
    """

    layer: str
    first_shape: tuple[int, ...]
    second_shape: tuple[int, ...]
    first_norm: float
    second_norm: float
    distance: float | None
    relative: float | None
    cosine: float | None
    bias_distance: float | None
    remark: str

    def to_record(self) -> dict[str, object]:
        """Return the attributes under their names."""
        return asdict(self)


def weight_differences(first: AlexNet, second: AlexNet) -> tuple[LayerDifference, ...]:
    """Return one row per layer, in order of computation; sums in float64.

    Logits are compared row by row: where the classes are the same in another order, they are not put in order.
    """
    others = dict(_layers(second))
    return tuple(_difference(name, layer, others[name]) for name, layer in _layers(first))


def most_moved(rows: Sequence[LayerDifference]) -> tuple[str, ...]:
    """Return the layers that changed, by relative distance, the largest first."""
    moved = [row for row in rows if row.relative is not None and row.relative > 0]
    return tuple(row.layer for row in sorted(moved, key=lambda row: -(row.relative or 0)))


def _layers(model: AlexNet) -> list[tuple[str, nn.Conv2d | nn.Linear]]:
    return [(name, module) for name, module in model.chain() if isinstance(module, nn.Conv2d | nn.Linear)]


def _difference(name: str, first: nn.Conv2d | nn.Linear, second: nn.Conv2d | nn.Linear) -> LayerDifference:
    shapes = tuple(first.weight.shape), tuple(second.weight.shape)
    norms = [math.sqrt(_dot(layer.weight, layer.weight)) for layer in (first, second)]
    if shapes[0] != shapes[1]:
        spelled = [" × ".join(map(str, shape)) for shape in shapes]
        remark = said("{a} weights in A, {b} in B; they cannot be subtracted", a=spelled[0], b=spelled[1])
        return LayerDifference(name, *shapes, norms[0], norms[1], None, None, None, None, remark)
    distance = _distance(first.weight, second.weight)
    product = norms[0] * norms[1]
    return LayerDifference(
        layer=name,
        first_shape=shapes[0],
        second_shape=shapes[1],
        first_norm=norms[0],
        second_norm=norms[1],
        distance=distance,
        relative=distance / norms[0] if norms[0] else None,
        cosine=_dot(first.weight, second.weight) / product if product else None,
        bias_distance=_distance(first.bias, second.bias) if first.bias is not None and second.bias is not None else 0.0,
        remark="",
    )


def _dot(first: Tensor, second: Tensor) -> float:
    return sum(float(a.dot(b)) for a, b in _pieces(first, second))


def _distance(first: Tensor, second: Tensor) -> float:
    return math.sqrt(sum(float((b - a).square().sum()) for a, b in _pieces(first, second)))


def _pieces(first: Tensor, second: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the numbers of two tensors of one shape in pieces, float64 on the CPU."""
    both = [torch.split(tensor.detach().flatten(), _PIECE) for tensor in (first, second)]
    for a, b in zip(*both, strict=True):
        yield a.cpu().double(), b.cpu().double()
