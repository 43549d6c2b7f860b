"""AlexNet as a chain of named stages, and its variants as data.

    model = AlexNet(num_classes=10, in_channels=3).eval()
    with torch.no_grad():
        stages = dict(model.walk(images))  # {"block1.conv": (N, 96, 55, 55), …, "logits": (N, 10)}

Looking inside is walking the chain: no hooks, nothing stored on the model, so that any number of threads may share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

import torch
from torch import Tensor, nn

from alexnet_viz.errors import VariantError
from alexnet_viz.local_response_norm import LocalResponseNorm, local_response_norm

__all__ = [
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

_UNITS = 4096  # of fc1 and of fc2, in every variant
_POOLED_SIDE = 6  # of the last pooling's maps, in every variant at its own input size
_STAGE_OF_LAYER = {"conv_layer": "conv", "relu": "relu", "norm_layer": "norm", "pool_layer": "pool"}


@dataclass(frozen=True)
class Convolution:
    """One block's convolution and what follows its ReLU."""

    out_channels: int
    kernel_size: int
    stride: int
    padding: int
    norm: bool
    pool: bool
    groups: int = 1


@dataclass(frozen=True)
class Variant:
    """Everything in which one telling of AlexNet differs from another.

    Attributes:
        name: Key in `VARIANTS`, also what a checkpoint's metadata holds.
        title: For the screen.
        summary: One sentence on what is particular.
        input_size: Side of the square input in pixels.
        convolutions: The five blocks.
        fc_relu: Whether a ReLU follows fc1 and fc2.
        dropout: Whether units are dropped before or after each of fc1 and fc2, always with probability 0.5.
        activation: Of the blocks; the stage is called relu in any case.
        pool_size: Side of the pooling windows, which move by 2; 3 makes them overlap.
    """

    name: str
    title: str
    summary: str
    input_size: int
    convolutions: tuple[Convolution, Convolution, Convolution, Convolution, Convolution]
    fc_relu: bool
    dropout: Literal["before", "after"]
    activation: Literal["relu", "tanh"] = "relu"
    pool_size: int = 3


_SEED = Variant(
    name="seed",
    title="The article's AlexNet",
    summary="LRN in every pooled block, no ReLU between the fully connected layers.",
    input_size=227,
    convolutions=(
        Convolution(96, 11, 4, 0, norm=True, pool=True),
        Convolution(256, 5, 1, 2, norm=True, pool=True),
        Convolution(384, 3, 1, 1, norm=False, pool=False),
        Convolution(384, 3, 1, 1, norm=False, pool=False),
        Convolution(256, 3, 1, 1, norm=True, pool=True),
    ),
    fc_relu=False,
    dropout="after",
)
_PAPER = Variant(
    name="paper",
    title="The paper of 2012, on one device",
    summary="LRN in blocks 1 and 2 only, a ReLU after fc1 and fc2.",
    input_size=227,
    convolutions=(
        Convolution(96, 11, 4, 0, norm=True, pool=True),
        Convolution(256, 5, 1, 2, norm=True, pool=True),
        Convolution(384, 3, 1, 1, norm=False, pool=False),
        Convolution(384, 3, 1, 1, norm=False, pool=False),
        Convolution(256, 3, 1, 1, norm=False, pool=True),
    ),
    fc_relu=True,
    dropout="after",
)
_PAPER_GROUPS = replace(
    _PAPER,
    name="paper-groups",
    title="The paper of 2012, on two devices",
    summary="As paper, and convolutions 2, 4 and 5 see only the half of the channels that their own device holds.",
    convolutions=(
        Convolution(96, 11, 4, 0, norm=True, pool=True),
        Convolution(256, 5, 1, 2, norm=True, pool=True, groups=2),
        Convolution(384, 3, 1, 1, norm=False, pool=False),
        Convolution(384, 3, 1, 1, norm=False, pool=False, groups=2),
        Convolution(256, 3, 1, 1, norm=False, pool=True, groups=2),
    ),
)
_TORCHVISION = Variant(
    name="torchvision",
    title="torchvision's AlexNet",
    summary="Fewer channels, no LRN, input of 224 pixels, a ReLU after fc1 and fc2, dropout before them.",
    input_size=224,
    convolutions=(
        Convolution(64, 11, 4, 2, norm=False, pool=True),
        Convolution(192, 5, 1, 2, norm=False, pool=True),
        Convolution(384, 3, 1, 1, norm=False, pool=False),
        Convolution(256, 3, 1, 1, norm=False, pool=False),
        Convolution(256, 3, 1, 1, norm=False, pool=True),
    ),
    fc_relu=True,
    dropout="before",
)
# The paper's own experiments: what each of its ideas is worth.
_NO_LRN = replace(
    _SEED,
    name="seed-no-lrn",
    title="The article's AlexNet without LRN",
    summary="As seed, without local response normalisation.",
    convolutions=(
        Convolution(96, 11, 4, 0, norm=False, pool=True),
        Convolution(256, 5, 1, 2, norm=False, pool=True),
        Convolution(384, 3, 1, 1, norm=False, pool=False),
        Convolution(384, 3, 1, 1, norm=False, pool=False),
        Convolution(256, 3, 1, 1, norm=False, pool=True),
    ),
)
_TANH = replace(
    _SEED,
    name="seed-tanh",
    title="The article's AlexNet with tanh",
    summary="As seed, with tanh in place of every ReLU.",
    activation="tanh",
)
_SEPARATE_POOLING = replace(
    _SEED,
    name="seed-separate-pooling",
    title="The article's AlexNet with separate pooling windows",
    summary="As seed, with pooling windows of 2 × 2 that do not overlap.",
    pool_size=2,
)
VARIANTS: dict[str, Variant] = {
    variant.name: variant for variant in (_SEED, _PAPER, _PAPER_GROUPS, _TORCHVISION, _NO_LRN, _TANH, _SEPARATE_POOLING)
}


def find_variant(name: str) -> Variant:
    """Return the variant of this name; raises VariantError naming those that exist."""
    if name not in VARIANTS:
        raise VariantError(name, tuple(VARIANTS))
    return VARIANTS[name]


class AlexNetBlock(nn.Sequential):
    """Convolution, ReLU and, where `pool_and_norm`, local response normalisation and max-pooling.

    Args:
        in_channels, out_channels, kernel_size, stride, padding: Of the convolution.
        pool_and_norm: Whether the ReLU is followed by anything.
        norm: False leaves only the pooling of `pool_and_norm`.
        groups: Of the convolution; 2 cuts the channels into two halves that do not see each other.
        activation: "relu" or "tanh".
        pool_size: Side of the pooling's window.
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
    ) -> None:
        super().__init__()
        convolution = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, groups=groups)
        self.add_module("conv_layer", convolution)
        self.add_module(
            "relu", nn.Tanh() if activation == "tanh" else nn.ReLU()
        )  # never in place: the convolution's output is shown as well
        if pool_and_norm and norm:
            self.add_module("norm_layer", LocalResponseNorm(size=5, alpha=1e-4, beta=0.75, k=2.0))
        if pool_and_norm:
            self.add_module("pool_layer", nn.MaxPool2d(kernel_size=pool_size, stride=2))


class AlexNet(nn.Module):
    """Five blocks and three fully connected layers.

    Args:
        num_classes: Number of logits.
        in_channels: Of the input; 3 for RGB.
        variant: A key of `VARIANTS`, or a variant.
    Raises:
        VariantError: No variant of this name.
    """

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
            )
            self.add_module(f"block{number}", block)
            channels = layer.out_channels
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(channels * _POOLED_SIDE**2, _UNITS)
        self.dropout1 = nn.Dropout(0.5)
        self.fc2 = nn.Linear(_UNITS, _UNITS)
        self.dropout2 = nn.Dropout(0.5)
        self.classification_layer = nn.Linear(_UNITS, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits, (N, num_classes), of normalised images (N, in_channels, S, S), S = variant.input_size."""
        for _, module in self.chain():
            x = module(x)
        return x

    def walk(self, x: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Yield each stage's name and output in order; the chain runs only as far as it is asked to.

        In training mode dropout acts on what a stage hands on, never on what is yielded.

        Args:
            x: (N, in_channels, S, S), normalised.
        """
        for name, module in self.chain():
            x = module(x)
            if name:
                yield name, x

    def chain(self) -> Iterator[tuple[str, nn.Module]]:
        """Yield every module in the order of computation with its stage's name, "" where it is no stage."""
        for number in range(1, len(self.variant.convolutions) + 1):
            for layer, module in self.get_submodule(f"block{number}").named_children():
                yield f"block{number}.{_STAGE_OF_LAYER[layer]}", module
        yield "", self.flatten
        for name, linear, dropout in (("fc1", self.fc1, self.dropout1), ("fc2", self.fc2, self.dropout2)):
            if self.variant.dropout == "before":
                yield "", dropout
            yield name, linear
            if self.variant.fc_relu:
                yield f"{name}.relu", _RELU
            if self.variant.dropout == "after":
                yield "", dropout
        yield "logits", self.classification_layer

    @property
    def stage_names(self) -> tuple[str, ...]:
        """The names that `walk` yields, in order."""
        return tuple(name for name, _ in self.chain() if name)


_RELU = nn.ReLU()  # without parameters or state, so that one serves every network


def initialise(model: AlexNet, seed: int) -> None:
    """Overwrite every parameter with draws from which this network learns in its first hundred steps.

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


_TORCHVISION_NAMES = {
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
        renamed[f"{_TORCHVISION_NAMES.get(module, module)}.{parameter}"] = tensor
    return renamed
