"""Local response normalisation, forward and backward, faster than torch's own on the shapes of this network.

y[c] = x[c] / (k + alpha / size * sum of x[j] squared over `size` neighbouring channels j) ** beta
(Krizhevsky, Sutskever, Hinton 2012, section 3.3, with torch's convention of dividing alpha by the window's size).

    normalised = local_response_norm(torch.randn(1, 96, 55, 55))
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable


def local_response_norm(x: Tensor, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0) -> Tensor:
    """Return `x` divided by a power of the energy in neighbouring channels.

    Args:
        x: (N, C, …), floating point, any layout. Half precisions are computed in float32 and returned as they came.
        size: Window in channels, at least 1; positions beyond the first and the last channel count as zero.
        alpha: Weight of the window's mean square.
        beta: Exponent; 0.75 has a path without `pow`.
        k: Constant added to the weighted mean square; positive.
    Returns:
        Same shape, dtype and layout as `x`. It can be differentiated once.
    """
    if torch.is_grad_enabled() and x.requires_grad:
        result: Tensor = _LocalResponseNorm.apply(x, size, alpha, beta, k)
        return result
    return _inverse_power(_denominator(x, size, alpha, k), beta).mul_(x).to(x.dtype)


class LocalResponseNorm(nn.Module):
    """`local_response_norm` with the paper's constants; it has no parameters."""

    def __init__(self, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0) -> None:
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, x: Tensor) -> Tensor:
        """Return `x`, (N, C, …), normalised over channels."""
        return local_response_norm(x, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        """Return the constants as torch's own layer prints them."""
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"


class _LocalResponseNorm(torch.autograd.Function):
    """The closed-form gradient needs only the input and the denominator.

    dx[i] = g[i] d[i]^-beta - 2 alpha beta / size · x[i] · sum of g[j] x[j] d[j]^(-beta-1) over j with i in j's window
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, size: int, alpha: float, beta: float, k: float) -> Tensor:
        denominator = _denominator(x, size, alpha, k)
        ctx.save_for_backward(x, denominator)
        ctx.size, ctx.alpha, ctx.beta = size, alpha, beta
        return _inverse_power(denominator.clone(), beta).mul_(x).to(x.dtype)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None, None, None]:
        x, denominator = ctx.saved_tensors
        scaled = _inverse_power(denominator.clone(), ctx.beta).mul_(gradient)
        through_windows = _window_sum(scaled.mul(x).div_(denominator), ctx.size, mirrored=True).mul_(x)
        result = scaled.add_(through_windows, alpha=-2 * ctx.alpha * ctx.beta / ctx.size)
        return result.to(x.dtype), None, None, None, None


def _denominator(x: Tensor, size: int, alpha: float, k: float) -> Tensor:
    """Return k + alpha * mean square over the window, a tensor of its own, at least float32."""
    wide = x if x.dtype == torch.float64 else x.float()
    return _window_sum(wide.square(), size).mul_(alpha / size).add_(k)


def _inverse_power(positive: Tensor, beta: float) -> Tensor:
    """Return positive ** -beta, overwriting `positive`."""
    if beta != 0.75:
        return positive.pow_(-beta)
    root = positive.rsqrt_()
    return root.sqrt().mul_(root)


def _window_sum(values: Tensor, size: int, *, mirrored: bool = False) -> Tensor:
    """Return the sum over `size` channels around each one, (N, C, …); `mirrored` swaps the sides of an even window."""
    before = (size - 1) // 2 if mirrored else size // 2
    total = values.clone()
    channels = values.shape[1]
    for shift in range(-before, size - before):
        length = channels - abs(shift)
        if shift and length > 0:
            total.narrow(1, max(0, -shift), length).add_(values.narrow(1, max(0, shift), length))
    return total
