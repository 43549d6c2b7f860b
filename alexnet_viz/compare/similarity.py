"""How similar the representations of two stages are: linear CKA, in bounded memory.

    cka = CkaAccumulator(stages_of_a, stages_of_b)
    for batch in batches:
        cka.add({name: centred_gram(centre(output)) for name, output in …}, {…})
    cka.matrix().values[2][3]  # stages_of_a[2] against stages_of_b[3]

Linear CKA is HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L)) of the Gram matrices K = X Xᵀ and L = Y Yᵀ of the same images
(Kornblith et al. 2019, arXiv:1905.00414). HSIC is the unbiased estimator of Song et al. (2012, JMLR 13, equation 5),
each of the three averaged over minibatches before the division (Nguyen et al. 2021, arXiv:2010.15327), so that memory
grows with the batch and not with the number of images. The unbiased HSIC equals the inner product of two "U-centred"
Gram matrices over n (n − 3) (Székely and Rizzo 2014, arXiv:1310.2926): each stage's matrix is centred once, and all
pairs of stages then cost one small product.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from alexnet_viz.compare.centring import Centred
from alexnet_viz.errors import ComparisonError
from alexnet_viz.language import said

LEAST_IMAGES = 4  # the unbiased estimator divides by n (n − 3)
_ROUNDING = 1e-5  # of a Gram matrix's diagonal; what float32 leaves of a stage that is the same for every image


@dataclass(frozen=True)
class CkaMatrix:
    """CKA of every stage of A against every stage of B.

    Attributes:
        first_stages, second_stages: Names of the rows (A) and the columns (B), in order of computation.
        values: By row and column; 1 for the same representation up to rotation and scale, about 0 for unrelated ones,
            and below 0 by chance, since the estimator is unbiased. None where a stage does not depend on the image.
        image_count: Images that it was computed from.
    """

    first_stages: tuple[str, ...]
    second_stages: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    image_count: int

    def of_stage(self, stage: str) -> float | None:
        """Return the value of a stage of A against the stage of B with the same name; None where one has none."""
        if stage not in self.first_stages or stage not in self.second_stages:
            return None
        return self.values[self.first_stages.index(stage)][self.second_stages.index(stage)]

    def to_record(self) -> dict[str, object]:
        """Return `{"a": [stage…], "b": [stage…], "cka": [[value…]…], "images": N}`."""
        return {
            "a": list(self.first_stages),
            "b": list(self.second_stages),
            "cka": [list(row) for row in self.values],
            "images": self.image_count,
        }


def similarity_stages(names: Sequence[str]) -> tuple[str, ...]:
    """Return the stages that CKA is computed for on many images: each block's ReLU and pooling, fc1, fc2, logits.

    These are eleven in every variant; what is left out costs more than all of them and says hardly more: a convolution
    is its ReLU before the negative half is cut off, an LRN the pooling behind it before the maxima are taken, and where
    a ReLU follows fc1 or fc2 it relates to it like that of a block.
    """
    return tuple(name for name in names if name.endswith(".pool") or _is_relu_of_block(name) or "." not in name)


def _is_relu_of_block(name: str) -> bool:
    return name.startswith("block") and name.endswith(".relu")


def centred_gram(outputs: Centred) -> Tensor:
    """Return the U-centred Gram matrix of one batch, (N, N) float64 on the CPU, its diagonal 0.

    Where the output is the same for every image the matrix is 0 throughout.

    Raises:
        ComparisonError: Fewer than 4 images.
    """
    rows = outputs.values.flatten(1)
    count = len(rows)
    if count < LEAST_IMAGES:
        raise ComparisonError(
            said(
                "CKA takes at least {least} images at once, these are {count}; give more",
                least=LEAST_IMAGES,
                count=count,
            )
        )
    gram = (rows @ rows.T).cpu().double()
    size = float(gram.diagonal().mean())
    gram.fill_diagonal_(0)
    sums = gram.sum(dim=1) / (count - 2)
    gram += sums.sum() / (count - 1) - sums[:, None] - sums[None, :]
    gram.fill_diagonal_(0)
    if float(gram.square().mean().sqrt()) <= _ROUNDING * size:
        gram.zero_()
    return gram


class CkaAccumulator:
    """Sums of HSIC over batches, for every pair of stages.

    A batch of n images counts by n (n − 3), the number of pairs of pairs behind its estimate.

    Args:
        first_stages, second_stages: Names of A's and of B's stages.
    """

    def __init__(self, first_stages: Sequence[str], second_stages: Sequence[str]) -> None:
        self._names = tuple(first_stages), tuple(second_stages)
        self._both = torch.zeros((len(first_stages), len(second_stages)), dtype=torch.float64)
        self._own = tuple(torch.zeros(len(names), dtype=torch.float64) for names in self._names)
        self.image_count = 0

    def add(self, first: Mapping[str, Tensor], second: Mapping[str, Tensor]) -> None:
        """Add a batch: the `centred_gram` of each stage of A and of B, for the same images in the same order."""
        both = zip((first, second), self._names, strict=True)
        sides = [torch.stack([grams[name].flatten() for name in names]) for grams, names in both]
        self._both += sides[0] @ sides[1].T
        for own, grams in zip(self._own, sides, strict=True):
            own += grams.square().sum(dim=1)
        self.image_count += math.isqrt(sides[0].shape[1])

    def matrix(self) -> CkaMatrix:
        """Return the CKA of everything added.

        Raises:
            ComparisonError: Nothing was added.
        """
        if self.image_count == 0:
            raise ComparisonError(said("CKA takes at least {least} images; give more", least=LEAST_IMAGES))
        ratios = self._both / (self._own[0][:, None] * self._own[1][None, :]).sqrt()  # 0 / 0 is NaN
        values = tuple(tuple(v if math.isfinite(v) else None for v in row) for row in ratios.tolist())
        return CkaMatrix(*self._names, values, self.image_count)
