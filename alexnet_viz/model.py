"""AlexNet as a chain of named stages.

    model = AlexNet(num_classes=10, in_channels=3).eval()
    with torch.no_grad():
        stages = dict(model.walk(images))  # {"block1.conv": (N, 96, 55, 55), …, "logits": (N, 10)}

Looking inside means walking the chain: no hooks, nothing stored on the model, so any number of threads may share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Literal

import torch
import torch.fx
from torch import Tensor, nn

from alexnet_viz.errors import InputSizeError
from alexnet_viz.local_response_norm import LocalResponseNorm, local_response_norm
from alexnet_viz.variants import POOLED_SIDE, VARIANTS, Convolution, Variant, find_variant

__all__ = [
    "STATE_KEY",
    "TORCHVISION_NAMES",
    "VARIANTS",
    "AlexNet",
    "AlexNetBlock",
    "Convolution",
    "LocalResponseNorm",
    "Variant",
    "find_variant",
    "initialise",
    "local_response_norm",
    "torchvision_state_dict",
]

STATE_KEY = "alexnet_viz"  # in a state dict's `_metadata`, beside the version: what network this is
_STAGE_OF_LAYER = {"conv_layer": "conv", "relu": "relu", "norm_layer": "norm", "pool_layer": "pool"}
_STAGE_OF_CHILD = {
    "fc1": "fc1",
    "fc1_relu": "fc1.relu",
    "fc2": "fc2",
    "fc2_relu": "fc2.relu",
    "classification_layer": "logits",
}


class AlexNetBlock(nn.Sequential):
    """Convolution, ReLU and, where `pool_and_norm`, local response normalisation and max-pooling.

    Args:
        in_channels, out_channels, kernel_size, stride, padding: Of the convolution.
        pool_and_norm: Whether the ReLU is followed by anything.
        norm: False leaves only the pooling of `pool_and_norm`.
        groups: Of the convolution; 2 cuts the channels into two halves that do not see each other.
        activation: "relu" or "tanh".
        pool_size: Side of the pooling's window.
        norm_offset: k of the normalisation.
        pool_first: Whether the pooling comes before the normalisation.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int,
        padding: int,
        pool_and_norm: bool = True,
        *,
        norm: bool = True,
        groups: int = 1,
        activation: Literal["relu", "tanh"] = "relu",
        pool_size: int = 3,
        norm_offset: float = 2.0,
        pool_first: bool = False,
    ) -> None:
        super().__init__()
        convolution = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, groups=groups)
        self.add_module("conv_layer", convolution)
        self.add_module(
            "relu", nn.Tanh() if activation == "tanh" else nn.ReLU()
        )  # never in place: the convolution's output is shown as well
        if not pool_and_norm:
            return
        behind: list[tuple[str, nn.Module]] = [("pool_layer", nn.MaxPool2d(kernel_size=pool_size, stride=2))]
        if norm:
            normalisation = LocalResponseNorm(size=5, alpha=1e-4, beta=0.75, k=norm_offset)
            behind.insert(1 if pool_first else 0, ("norm_layer", normalisation))
        for name, module in behind:  # the children are a chain, in the order of computation
            self.add_module(name, module)


class AlexNet(nn.Module):
    """Five blocks and three fully connected layers.

    Args:
        num_classes: Number of logits.
        in_channels: Of the input; 3 for RGB.
        variant: A key of `VARIANTS`, or a variant.
    Raises:
        VariantError: No variant of this name.
    """

    fc1: nn.Linear
    fc2: nn.Linear
    dropout1: nn.Dropout
    dropout2: nn.Dropout

    def __init__(self, num_classes: int = 10, in_channels: int = 3, variant: str | Variant = "seed") -> None:
        super().__init__()
        self.variant = find_variant(variant) if isinstance(variant, str) else variant
        self.num_classes = num_classes
        self.in_channels = in_channels
        channels = in_channels
        for number, layer in enumerate(self.variant.convolutions, start=1):
            window = (layer.kernel_size, layer.stride, layer.padding)
            block = AlexNetBlock(
                channels,
                layer.out_channels,
                *window,
                layer.pool,
                norm=layer.norm,
                groups=layer.groups,
                activation=self.variant.activation,
                pool_size=self.variant.pool_size,
                norm_offset=self.variant.norm_offset,
                pool_first=self.variant.pool_first,
            )
            self.add_module(f"block{number}", block)
            channels = layer.out_channels
        self.flatten = FlattenMaps(self.variant.sizes_that_fit)
        units = self.variant.fc_units
        self._add_fully_connected(1, nn.Linear(channels * POOLED_SIDE**2, units))
        self._add_fully_connected(2, nn.Linear(units, units))
        self.classification_layer = nn.Linear(units, num_classes)
        self.register_state_dict_post_hook(_note_variant)  # type: ignore[no-untyped-call]

    def _add_fully_connected(self, number: int, linear: nn.Linear) -> None:
        """Add fc1 or fc2 with its ReLU and dropout, in the order of computation: the children are a chain."""
        if self.variant.dropout == "before":
            self.add_module(f"dropout{number}", nn.Dropout(0.5))
        self.add_module(f"fc{number}", linear)
        if self.variant.fc_relu:
            self.add_module(f"fc{number}_relu", nn.ReLU())
        if self.variant.dropout == "after":
            self.add_module(f"dropout{number}", nn.Dropout(0.5))

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits, (N, num_classes), of normalised images (N, in_channels, S, S), S = variant.input_size.

        Other sizes whose last pooling has the side that fc1 takes will do, as in training.

        Raises:
            InputSizeError: The images are of a size that does not fit.
        """
        x = _checked_images(x, self.in_channels, self.variant.least_size, self.flatten.sizes)
        for module in self.children():
            x = module(x)
        return x

    def walk(self, x: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Yield each stage's name and output in order; the chain runs only as far as it is asked to.

        In training mode dropout acts on what a stage hands on, never on what is yielded. The blocks' layers are called
        one by one: hooks on them fire, those on a block fire in `forward` alone.

        Args:
            x: (N, in_channels, S, S), normalised.
        """
        for name, module in self.chain():
            x = module(x)
            if name:
                yield name, x

    def chain(self) -> Iterator[tuple[str, nn.Module]]:
        """Yield every module in the order of computation with its stage's name, "" where it is no stage."""
        for name, child in self.named_children():
            if isinstance(child, AlexNetBlock):
                for layer, module in child.named_children():
                    yield f"{name}.{_STAGE_OF_LAYER[layer]}", module
            else:
                yield _STAGE_OF_CHILD.get(name, ""), child

    @property
    def stage_names(self) -> tuple[str, ...]:
        """The names that `walk` yields, in order."""
        return tuple(name for name, _ in self.chain() if name)


def _note_variant(model: nn.Module, _state: object, _prefix: str, versions: dict[str, object]) -> None:
    """Store the variant in the state dict's metadata, where a file keeps it and load_state_dict ignores it."""
    if isinstance(model, AlexNet):
        versions[STATE_KEY] = {"format": "alexnet_viz/1", "variant": model.variant.name}


class FlattenMaps(nn.Module):
    """Flattens the last pooling's maps (N, C, 6, 6) to (N, 36 C), the input of fc1.

    Args:
        sizes: Which pictures end in maps of 6 × 6, in words.
    """

    def __init__(self, sizes: str) -> None:
        super().__init__()
        self.sizes = sizes

    def forward(self, maps: Tensor) -> Tensor:
        """Return (N, 36 C); raises InputSizeError where the maps have another side."""
        return _flattened(maps, self.sizes)


@torch.fx.wrap  # one step of a traced network, since it asks about shapes
def _flattened(maps: Tensor, sizes: str) -> Tensor:
    if maps.shape[-2:] != (POOLED_SIDE, POOLED_SIDE):
        ends, taken = (" × ".join(map(str, shape)) for shape in (maps.shape[1:], (maps.shape[1], *2 * [POOLED_SIDE])))
        count = f"{maps[0].numel():,} numbers, fc1 takes {taken} = {maps.shape[1] * POOLED_SIDE**2:,}"
        raise InputSizeError(f"pictures of this size end in maps of {ends} = {count}", sizes)
    return maps.flatten(1)


@torch.fx.wrap
def _checked_images(images: Tensor, channels: int, least: int, sizes: str) -> Tensor:
    """Return `images`; raises InputSizeError where they are too small for the last pooling."""
    if images.dim() != 4 or images.shape[1] != channels or min(images.shape[2:]) < least:
        given = " × ".join(map(str, images.shape)) or "a single number"
        wanted = f"a batch of N × {channels} × S × S with S at least {least}"
        raise InputSizeError(f"a tensor of {given} cannot go through this network, which takes {wanted}", sizes)
    return images


def initialise(model: AlexNet, seed: int) -> None:
    """Initialise every parameter so that this network learns within its first hundred steps.

    Standard deviation by fan-in n: sqrt(2 / n) before a ReLU (He et al. 2015), sqrt(1 / n) where none follows, a tenth
    of that for the logits, so that an untrained network's classes are nearly equally probable. Biases are zero.
    The same seed gives the same numbers on every device.
    """
    generator = torch.Generator().manual_seed(seed)
    for name, module in model.chain():
        if not isinstance(module, nn.Conv2d | nn.Linear):
            continue
        gain = 0.1 if name == "logits" else sqrt(2) if isinstance(module, nn.Conv2d) or model.variant.fc_relu else 1.0
        fan_in = module.weight[0].numel()
        with torch.no_grad():
            module.weight.copy_(torch.randn(module.weight.shape, generator=generator).mul_(gain / sqrt(fan_in)))
            if module.bias is not None:
                module.bias.zero_()


TORCHVISION_NAMES = {
    "features.0": "block1.conv_layer",
    "features.3": "block2.conv_layer",
    "features.6": "block3.conv_layer",
    "features.8": "block4.conv_layer",
    "features.10": "block5.conv_layer",
    "classifier.1": "fc1",
    "classifier.4": "fc2",
    "classifier.6": "classification_layer",
}


def torchvision_state_dict(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of `torchvision.models.alexnet` under this package's names; other names stay as they are."""
    renamed = {}
    for name, tensor in state.items():
        module, _, parameter = name.rpartition(".")
        renamed[f"{TORCHVISION_NAMES.get(module, module)}.{parameter}"] = tensor
    return renamed
