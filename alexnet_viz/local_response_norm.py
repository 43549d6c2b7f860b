"""Local response normalisation, forward and backward, faster than torch's own on the shapes of this network.

    normalised = local_response_norm(torch.randn(1, 96, 55, 55))

y[c] = x[c] / (k + alpha / size * sum of x[j] squared over `size` neighbouring channels j) ** beta
(Krizhevsky, Sutskever and Hinton 2012, section 3.3, with torch's convention of dividing alpha by the window's size).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

_PART = 2**20  # numbers, 4 MB: what a processor's cache still holds together with the intermediate results


def local_response_norm(x: Tensor, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0) -> Tensor:
    """Return `x` divided by a power of the energy in neighbouring channels.

    Args:
        x: (N, C, …), floating point, any layout. Half precisions are computed in float32 and returned as they came.
        size: Window in channels, at least 1; beyond the first and the last channel it sees zeros.
        alpha: Weight of the window's mean square.
        beta: Exponent; 0.75 has a path without `pow`.
        k: Positive constant added to the weighted mean square.
    Returns:
        Same shape, dtype and layout as `x`. It can be differentiated once.
    """
    if torch.is_grad_enabled() and x.requires_grad:
        result: Tensor = _LocalResponseNorm.apply(x, size, alpha, beta, k)
        return result
    return _normalised(x, size, alpha, beta, k)


class LocalResponseNorm(nn.Module):
    """`local_response_norm` as a layer without parameters; the constants are the paper's."""

    def __init__(self, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0) -> None:
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, x: Tensor) -> Tensor:
        """Return `x`, (N, C, …), normalised over its channels."""
        return local_response_norm(x, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        """Return the constants as torch's own layer prints them."""
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


class _LocalResponseNorm(torch.autograd.Function):
    """Keeps the input alone: the denominator is computed again sooner than it is read back from memory."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, size: int, alpha: float, beta: float, k: float) -> Tensor:
        ctx.save_for_backward(x)
        ctx.constants = (size, alpha, beta, k)
        return _normalised(x, size, alpha, beta, k)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None, None, None]:
        (x,) = ctx.saved_tensors
        return _input_gradient(x, gradient, *ctx.constants), None, None, None, None


def _normalised(x: Tensor, size: int, alpha: float, beta: float, k: float) -> Tensor:
    def normalise(part: Tensor) -> Tensor:
        return _inverse_power(_denominator(part, size, alpha, k), beta).mul_(part).to(x.dtype)

    return _by_parts(normalise, x)


def _input_gradient(x: Tensor, gradient: Tensor, size: int, alpha: float, beta: float, k: float) -> Tensor:
    """Return g[i] d[i]^-beta - 2 alpha beta / size · x[i] · sum of g[j] x[j] d[j]^(-beta-1) over the windows with i.

    The window of j holds i where the window of i turned around holds j; only even sizes notice.
    """

    def differentiate(part: Tensor, slope: Tensor) -> Tensor:
        denominator = _denominator(part, size, alpha, k)
        direct = _inverse_power(denominator, beta).mul_(slope)
        energy = torch.mul(direct, part).div_(denominator)
        through_windows = _add_neighbours(energy.clone(), energy, size, 1.0, turned=True).mul_(part)
        return direct.add_(through_windows, alpha=-2 * alpha * beta / size).to(x.dtype)

    return _by_parts(differentiate, x, gradient)


def _by_parts(function: Callable[..., Tensor], *batches: Tensor) -> Tensor:
    """Return `function(*batches)` of a function of single images, on a CPU a few images at a time.

    A whole batch would travel through main memory once per step of the function; a few images stay in the cache.
    """
    first = batches[0]
    if first.device.type != "cpu" or first.numel() <= _PART:
        return function(*batches)
    result = torch.empty_like(first)
    count = max(1, _PART * len(first) // first.numel())
    for start in range(0, len(first), count):
        part = slice(start, start + count)
        result[part] = function(*(batch[part] for batch in batches))
    return result


def _denominator(x: Tensor, size: int, alpha: float, k: float) -> Tensor:
    """Return k + alpha · mean square over the window, at least float32."""
    wide = x if x.dtype == torch.float64 else x.float()
    energy = wide.square()
    weight = alpha / size
    own = torch.add(torch.tensor(k, dtype=energy.dtype), energy, alpha=weight)
    return _add_neighbours(own, energy, size, weight)


def _add_neighbours(total: Tensor, values: Tensor, size: int, weight: float, *, turned: bool = False) -> Tensor:
    """Add to each channel of `total` the weighted `values` of the other channels in its window; return `total`.

    A window of even size reaches one channel further down than up; `turned` makes it the other way round.
    """
    channels = values.shape[1]
    down = (size - 1) // 2 if turned else size // 2
    for shift in range(-down, size - down):
        length = channels - abs(shift)
        if shift and length > 0:
            neighbours = values.narrow(1, max(0, shift), length)
            total.narrow(1, max(0, -shift), length).add_(neighbours, alpha=weight)
    return total


def _inverse_power(positive: Tensor, beta: float) -> Tensor:
    """Return positive ** -beta."""
    if beta != 0.75:
        return positive.pow(-beta)
    root = positive.rsqrt()
    return root.sqrt().mul_(root)
