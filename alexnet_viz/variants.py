"""AlexNet's variants as data, and the picture sizes they take; imports no torch.

find_variant("seed").pooled_side(227)  # 6
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from alexnet_viz.errors import VariantError
from alexnet_viz.language import all_of, said

POOLED_SIDE = 6  # of the last pooling's maps, in every variant at its own input size
_LARGEST_SIZE = 1024  # of pictures; larger ones would take minutes


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
    """Everything in which one version of AlexNet differs from another.

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
        fc_units: Of fc1 and of fc2.
        norm_offset: k of the normalisation (k + α · mean of squares)^β.
        pool_first: Whether blocks pool before they normalise.
    """

    name: str
    title: str
    summary: str
    input_size: int
    convolutions: tuple[Convolution, ...]
    fc_relu: bool
    dropout: Literal["before", "after"]
    activation: Literal["relu", "tanh"] = "relu"
    pool_size: int = 3
    fc_units: int = 4096
    norm_offset: float = 2.0
    pool_first: bool = False

    @property
    def training_sizes(self) -> tuple[int, ...]:
        """The sides in pixels that pictures may have in training, where maps of 1, 2 or 3 a side are repeated to 6."""
        return self.input_sizes(tuple(side for side in range(1, POOLED_SIDE + 1) if POOLED_SIDE % side == 0))

    @property
    def sizes_that_fit(self) -> str:
        """The sides in pixels that pictures may have, in words: "227 to 258"."""
        return spans(self.input_sizes())

    @property
    def least_size(self) -> int:
        """The smallest side in pixels for which the last pooling has an output."""
        return self.input_sizes(tuple(range(1, _LARGEST_SIZE)))[0]

    def pooled_side(self, size: int) -> int:
        """Return the side of the last pooling's maps for pictures of `size` pixels a side; 0 where none is left."""
        side = size
        for layer in self.convolutions:
            side = (side + 2 * layer.padding - layer.kernel_size) // layer.stride + 1
            if layer.pool:
                side = (side - self.pool_size) // 2 + 1
            if side < 1:
                return 0
        return side

    @cache  # noqa: B019 (variants live as long as the process)
    def input_sizes(self, sides: tuple[int, ...] = (POOLED_SIDE,)) -> tuple[int, ...]:
        """Return the sizes of pictures whose last pooling has maps of one of these sides; by default what fc1 takes."""
        return tuple(size for size in range(1, _LARGEST_SIZE + 1) if self.pooled_side(size) in sides)


def spans(numbers: Iterable[int]) -> str:
    """Return rising whole numbers as "63 to 94, 96 and 100 to 120"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [
        f"{first}" if first == last else said("{first} to {last}", first=str(first), last=str(last))
        for first, last in runs
    ]
    while len(texts) > 2:
        texts[:2] = [said("{first}, {second}", first=texts[0], second=texts[1])]
    return all_of(texts) if texts else said("none")


_SEED = Variant(
    name="seed",
    title=said("AlexNet from scratch (web article)"),
    summary=said("LRN in every pooled block, no ReLU between the fully connected layers."),
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
    title=said("Krizhevsky 2012, on one device"),
    summary=said("LRN in blocks 1 and 2 only, a ReLU after fc1 and fc2."),
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
    title=said("Krizhevsky 2012, on two devices"),
    summary=said(
        "As paper, and convolutions 2, 4 and 5 see only the half of the channels that their own device holds."
    ),
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
    title=said("torchvision's AlexNet"),
    summary=said("Fewer channels, no LRN, input of 224 pixels, a ReLU after fc1 and fc2, dropout before them."),
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
_TORCHVISION_WIDE = replace(
    _TORCHVISION,
    name="torchvision-wide",
    title=said("torchvision's AlexNet, as wide as the paper's"),
    summary=said("As torchvision, with the paper's number of channels: how many rewrite it."),
    convolutions=(
        Convolution(96, 11, 4, 2, norm=False, pool=True),
        Convolution(256, 5, 1, 2, norm=False, pool=True),
        Convolution(384, 3, 1, 1, norm=False, pool=False),
        Convolution(384, 3, 1, 1, norm=False, pool=False),
        Convolution(256, 3, 1, 1, norm=False, pool=True),
    ),
)
# The paper's own experiments: what each of its ideas is worth.
_NO_LRN = replace(
    _SEED,
    name="seed-no-lrn",
    title=said("AlexNet from scratch, without LRN"),
    summary=said("As seed, without local response normalisation."),
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
    title=said("AlexNet from scratch, with tanh"),
    summary=said("As seed, with tanh in place of every ReLU."),
    activation="tanh",
)
_SEPARATE_POOLING = replace(
    _SEED,
    name="seed-separate-pooling",
    title=said("AlexNet from scratch, with separate pooling windows"),
    summary=said("As seed, with pooling windows of 2 × 2 that do not overlap."),
    pool_size=2,
)
# How people have written it since: told by nothing in their files.
_PAPER_NO_LRN = replace(
    _PAPER,
    name="paper-no-lrn",
    title=said("Krizhevsky 2012, without LRN"),
    summary=said("As paper, without local response normalisation."),
    convolutions=_NO_LRN.convolutions,
)
_PAPER_OFFSET_1 = replace(
    _PAPER,
    name="paper-k1",
    title=said("Krizhevsky 2012, with PyTorch's LRN"),
    summary=said(
        "As paper, with k = 1 in the LRN, which torch.nn.LocalResponseNorm takes where nothing is said, not 2."
    ),
    norm_offset=1.0,
)
_PAPER_POOL_FIRST = replace(
    _PAPER_OFFSET_1,
    name="paper-pool-first",
    title=said("Krizhevsky 2012, pooled before the LRN"),
    summary=said("As paper-k1, with the pooling before the LRN: CaffeNet without its groups."),
    pool_first=True,
)
_CAFFE_ALEXNET = replace(
    _PAPER_GROUPS,
    name="caffe-alexnet",
    title=said("Caffe's AlexNet (bvlc_alexnet)"),
    summary=said("As paper-groups, with k = 1 in the LRN."),
    norm_offset=1.0,
)
_CAFFENET = replace(
    _CAFFE_ALEXNET,
    name="caffenet",
    title=said("CaffeNet (bvlc_reference_caffenet)"),
    summary=said("As caffe-alexnet, with the pooling before the LRN."),
    pool_first=True,
)
_PAPER_PADDED = replace(
    _PAPER,
    name="paper-padded",
    title=said("Krizhevsky 2012, for 224 pixels"),
    summary=said("As paper, for pictures of 224 pixels with a padding of 2 around them."),
    input_size=224,
    convolutions=(replace(_PAPER.convolutions[0], padding=2), *_PAPER.convolutions[1:]),
)
_HALF = replace(
    _TORCHVISION,
    name="half",
    title=said("Half of Krizhevsky's, as on one of his devices"),
    summary=said("As torchvision, with 48, 128, 192, 192, 128 channels and 2048 units."),
    convolutions=(
        Convolution(48, 11, 4, 2, norm=False, pool=True),
        Convolution(128, 5, 1, 2, norm=False, pool=True),
        Convolution(192, 3, 1, 1, norm=False, pool=False),
        Convolution(192, 3, 1, 1, norm=False, pool=False),
        Convolution(128, 3, 1, 1, norm=False, pool=True),
    ),
    fc_units=2048,
)
VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        *(_SEED, _PAPER, _PAPER_GROUPS, _TORCHVISION, _TORCHVISION_WIDE, _NO_LRN, _TANH, _SEPARATE_POOLING),
        *(_PAPER_NO_LRN, _PAPER_OFFSET_1, _PAPER_POOL_FIRST, _PAPER_PADDED, _HALF),
        *(_CAFFE_ALEXNET, _CAFFENET),
    )
}


# The others belong to training's experiments, or to files that people bring.
LISTED_VARIANTS = ("seed", "paper", "paper-groups", "torchvision")


def find_variant(name: str) -> Variant:
    """Return the variant of this name; raises VariantError naming those that exist."""
    if name not in VARIANTS:
        raise VariantError(name, tuple(VARIANTS))
    return VARIANTS[name]
