"""Tensors that have not been read yet, and the shapes that each variant needs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import torch

from alexnet_viz.model import AlexNet
from alexnet_viz.variants import Variant

FIRST_WEIGHT, LAST_WEIGHT = "block1.conv_layer.weight", "classification_layer.weight"
RGB = 3  # channels of the pictures that most networks take


class StoredTensor(NamedTuple):
    """A tensor in a file, before it is read; `dtype` is torch's name of it, or the file's own."""

    shape: tuple[int, ...]
    dtype: str


def tensor_shapes(variant: Variant, class_count: int, channels: int = RGB) -> dict[str, tuple[int, ...]]:
    """Return the shape of each of the network's tensors, by name."""
    shapes = dict(_shapes_for_one_class(variant))
    shapes[FIRST_WEIGHT] = (shapes[FIRST_WEIGHT][0], channels, *shapes[FIRST_WEIGHT][2:])
    for entry in (LAST_WEIGHT, "classification_layer.bias"):
        shapes[entry] = (class_count, *shapes[entry][1:])
    return shapes


@lru_cache
def _shapes_for_one_class(variant: Variant) -> dict[str, tuple[int, ...]]:
    with torch.device("meta"):
        return {name: tuple(tensor.shape) for name, tensor in AlexNet(1, RGB, variant).state_dict().items()}


def channels_of(found: Mapping[str, StoredTensor]) -> int:
    """Return how many channels of a picture the network takes: 3, or 1 of a grey one."""
    return 1 if FIRST_WEIGHT in found and found[FIRST_WEIGHT].shape[1:2] == (1,) else RGB
