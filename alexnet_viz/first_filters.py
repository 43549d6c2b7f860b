"""The first layer's filters as they are stored, and their part that pictures can excite."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.images import PHOTOGRAPHS, InputRule, read_image, to_tensor
from alexnet_viz.model import AlexNet
from alexnet_viz.patches import first_convolution, patch_covariance, strongest_directions

DIRECTIONS = 40  # of 363, the strongest first: 99.99 % of the variance of CIFAR-10, 98.9 % of that of the gallery
_READABLE = 0.9


@dataclass(frozen=True)
class FirstFilters:
    """The filters of a network's first layer.

    Attributes:
        stored: (K, C, k, k), the weights.
        excited: (K, C, k, k), each filter times the covariance of the gallery's photographs' patches; None where the
            network does not take colour pictures.
        share: Of the filters' energy, what lies within the `DIRECTIONS` in which these patches vary most.
    """

    stored: Tensor
    excited: Tensor | None
    share: float

    @property
    def is_readable(self) -> bool:
        """Whether the stored filters are what pictures excite: little is left over that would look like noise."""
        return self.share >= _READABLE


def first_filters(checkpoint: Checkpoint) -> FirstFilters:
    """Return the first layer's filters of a checkpoint, float32 on the CPU."""
    weight = first_convolution(checkpoint.model).weight.detach().float().cpu()
    if weight.shape[1] != 3:
        return FirstFilters(weight, None, 1.0)
    covariance = _gallery_covariance(checkpoint.input_rule, checkpoint.variant)
    flat = weight.flatten(1).double()
    directions, _ = strongest_directions(covariance, DIRECTIONS)
    share = float((flat @ directions).square().sum() / flat.square().sum().clamp_min(1e-30))
    return FirstFilters(weight, (flat @ covariance).reshape(weight.shape).float(), share)


@lru_cache(maxsize=8)
def _gallery_covariance(rule: InputRule, variant: str) -> Tensor:
    with torch.device("meta"):
        convolution = first_convolution(AlexNet(1, variant=variant))
    inputs = torch.stack([to_tensor(read_image(photo.path), rule) for photo in PHOTOGRAPHS])
    return patch_covariance(inputs, convolution)
