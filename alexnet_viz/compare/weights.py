"""How far apart two networks' weights are, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass

from alexnet_viz.model import AlexNet


@dataclass(frozen=True)
class LayerDifference:
    """The weights of one layer in A and in B; norms are Frobenius norms, biases apart.

    Attributes:
        layer: The stage that the layer computes, "block3.conv", "fc1", "logits".
        first_shape, second_shape: Of the weights; () where a network lacks the layer.
        first_norm, second_norm: Of the weights; None where a network lacks the layer.
        distance: Of B − A; None where the shapes differ.
        relative: distance / first_norm; None where that is 0 or the shapes differ.
        cosine: Of the angle between the two, −1 … 1; None where one is 0 or the shapes differ.
        bias_distance: Of the biases.
        remark: A sentence where the layers cannot be subtracted; else "".
    """

    layer: str
    first_shape: tuple[int, ...]
    second_shape: tuple[int, ...]
    first_norm: float | None
    second_norm: float | None
    distance: float | None
    relative: float | None
    cosine: float | None
    bias_distance: float | None
    remark: str

    def to_record(self) -> dict[str, object]:
        """Return the attributes under their names."""
        raise NotImplementedError


def weight_differences(first: AlexNet, second: AlexNet) -> tuple[LayerDifference, ...]:
    """Return one row per layer, in order of computation; sums in float64."""
    raise NotImplementedError


def most_moved(rows: tuple[LayerDifference, ...]) -> tuple[str, ...]:
    """Return the layers that moved at all, by relative distance, the furthest first."""
    raise NotImplementedError
