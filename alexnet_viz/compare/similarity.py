"""How alike the representations of two stages are: linear CKA, in bounded memory.

    cka = CkaAccumulator(stages_of_a, stages_of_b)
    for batch in batches:
        cka.add({name: centred_gram(output) for name, output in …}, {…})
    cka.matrix()[2][3]  # stages_of_a[2] against stages_of_b[3]

Linear CKA is HSIC(K, L) / sqrt(HSIC(K, K) HSIC(L, L)) of the Gram matrices K = X Xᵀ and L = Y Yᵀ of the same images
(Kornblith et al. 2019, arXiv:1905.00414). HSIC is the unbiased estimator of Song et al. (2012, JMLR 13, equation 5), each
of the three averaged over minibatches before the division (Nguyen et al. 2021, arXiv:2010.15327), so that memory grows
with the batch and not with the number of images. The unbiased HSIC equals the inner product of two "U-centred" Gram
matrices over n (n − 3) (Székely and Rizzo 2014, arXiv:1310.2926), so that each stage's matrix is centred once, and
all pairs of stages cost one small product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

LEAST_IMAGES = 4  # the unbiased estimator divides by n (n − 3)
GOOD_COUNT = 512  # images from which a value is worth reading to two decimals


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
        """Return the value of a stage of A against the stage of B with the same name; None where B has none."""
        raise NotImplementedError

    def to_record(self) -> dict[str, object]:
        """Return `{"a": [stage…], "b": [stage…], "cka": [[value…]…], "images": N}`."""
        raise NotImplementedError


def similarity_stages(names: Sequence[str]) -> tuple[str, ...]:
    """Return the stages that CKA is computed for: each block's ReLU and pooling, and fc1, fc2, logits.

    Eleven in every variant (twelve and thirteen would be a ReLU behind fc1 and fc2, left out). A convolution differs
    from its ReLU by the sign alone, an LRN from the pooling that follows by place alone: they cost as much as all the
    others together, and say the same.
    """
    raise NotImplementedError


def centred_gram(outputs: Tensor) -> Tensor:
    """Return the U-centred Gram matrix of one batch, (N, N) float64 on the CPU, zero on the diagonal.

    Args:
        outputs: (N, C, H, W) or (N, C), N >= 4, any device.
    Raises:
        ComparisonError: Fewer than 4 images.
    """
    raise NotImplementedError


class CkaAccumulator:
    """Sums of HSIC over batches, for every pair of stages.

    Args:
        first_stages, second_stages: Names of A's and of B's stages.
    """

    def __init__(self, first_stages: Sequence[str], second_stages: Sequence[str]) -> None:
        raise NotImplementedError

    def add(self, first: Mapping[str, Tensor], second: Mapping[str, Tensor]) -> None:
        """Add a batch: the `centred_gram` of each stage of A and of B, for the same images in the same order."""
        raise NotImplementedError

    def matrix(self) -> CkaMatrix:
        """Return the CKA of everything added.

        Raises:
            ComparisonError: No batch of at least 4 images was added.
        """
        raise NotImplementedError
