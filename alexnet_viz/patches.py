"""How the image patches that the first filters see vary, and which directions hold that variance.

Neighbouring pixels are similar, so a few dozen of the 363 directions of an 11 x 11 x 3 patch hold nearly all of the
variance. A filter's components in the other directions are initial noise: no picture excites them, so no gradient
changes them.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_viz.model import AlexNet

PATCHED_PICTURES = 300  # of a data set are enough: 900,000 patches
_BATCH = 25  # pictures unfolded at a time


def first_convolution(model: AlexNet) -> nn.Conv2d:
    """Return the layer that sees the picture."""
    return next(module for _, module in model.chain() if isinstance(module, nn.Conv2d))


def patch_covariance(inputs: Tensor, convolution: nn.Conv2d) -> Tensor:
    """Return how the patches that a convolution sees vary together.

    Args:
        inputs: (N, C, S, S), normalised pictures.
        convolution: With kernel, stride and padding.
    Returns:
        (n, n) float64, n = C x kernel x kernel, in the order of a flattened filter.
    """
    count, total, squares = 0, torch.zeros((), dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    for few in torch.split(inputs, _BATCH):
        columns = _columns(few, convolution)
        patches = columns.transpose(1, 2).flatten(0, 1)
        count += len(patches)
        total = total + patches.double().sum(0).cpu()
        squares = squares + (patches.T @ patches).double().cpu()
    mean = total / count
    return squares / count - torch.outer(mean, mean)


def _columns(inputs: Tensor, convolution: nn.Conv2d) -> Tensor:
    padding = convolution.padding
    if isinstance(padding, str):
        raise TypeError(f"padding is '{padding}'; only numbers are unfolded")
    return F.unfold(inputs, convolution.kernel_size, stride=convolution.stride, padding=padding)


def strongest_directions(covariance: Tensor, count: int) -> tuple[Tensor, float]:
    """Return (n, count) orthonormal directions of the most variance, and the share of all variance that they hold."""
    values, vectors = torch.linalg.eigh(covariance)
    return vectors[:, -count:], float(values[-count:].sum() / values.sum())


def within(weight: Tensor, directions: Tensor) -> Tensor:
    """Return (K, C, h, w) filters projected on (C x h x w, count) orthonormal directions."""
    flat = weight.flatten(1).double()
    return (flat @ directions @ directions.T).reshape(weight.shape).to(weight.dtype)


def draw_as_patches(convolution: nn.Conv2d, inputs: Tensor, seed: int) -> None:
    """Overwrite a convolution's filters with noise that varies as the patches of pictures do.

    The noise is multiplied with the square root of the patches' covariance (compare "covariance initialisation" of
    convolutional filters, Trockman, Willmott and Kolter 2022, arXiv:2210.03651), and scaled so that on these pictures
    the outputs' variance is what noise of variance 2 / n a weight gives (He et al. 2015).

    Args:
        convolution: Its bias stays.
        inputs: (N, C, S, S), normalised pictures.
        seed: Of the noise.
    """
    covariance = patch_covariance(inputs, convolution)
    values, vectors = torch.linalg.eigh(covariance)
    values = values.clamp(min=0)
    root = vectors * values.sqrt() @ vectors.T
    scale = (2 / len(covariance) * values.sum() / values.square().sum()).sqrt()
    noise = torch.randn((convolution.out_channels, len(covariance)), generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        convolution.weight.copy_((noise.double() @ root * scale).reshape(convolution.weight.shape))
