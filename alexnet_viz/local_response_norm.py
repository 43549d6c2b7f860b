"""Local response normalisation, forward and backward, faster than torch's own on the shapes of this network.

    normalised = local_response_norm(torch.randn(1, 96, 55, 55))

y[c] = x[c] / (k + alpha / size * sum of x[j] squared over `size` neighbouring channels j) ** beta
(Krizhevsky, Sutskever and Hinton 2012, section 3.3, with torch's convention of dividing alpha by the window's size).
"""

from __future__ import annotations

from typing import Any

import torch
import torch.fx
import torch.nn.functional as F
from torch import Tensor, nn


@torch.fx.wrap  # one step of a traced network, since it asks whether a gradient is wanted
def local_response_norm(x: Tensor, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 2.0) -> Tensor:
    """Return `x` divided by a power of the energy in neighbouring channels.

    Args:
        x: (N, C, …), floating point, any layout. Half precisions are computed in float32 and returned as they came.
        size: Window in channels, at least 1; beyond the first and the last channel it sees zeros.
        alpha: Weight of the window's mean square.
        beta: Exponent; 0.75 has a path without `pow`.
        k: Positive constant added to the weighted mean square.
    Returns:
        Same shape, dtype and layout as `x`.
    """
    if torch.is_grad_enabled() and x.requires_grad:
        result: Tensor = _LocalResponseNorm.apply(x, size, alpha, beta, k)
        return result
    return _inverse_power(_denominator(x, size, alpha, k), beta).mul_(x).to(x.dtype)


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
    """The gradient in closed form, from the input and the denominator alone.

    dx[i] = g[i] d[i]^-beta - 2 alpha beta / size · x[i] · sum of g[j] x[j] d[j]^(-beta-1) over the windows with i.
    The window of j holds i where the window of i turned around holds j; only even sizes notice.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, size: int, alpha: float, beta: float, k: float) -> Tensor:
        denominator = _denominator(x, size, alpha, k)
        ctx.save_for_backward(x, denominator)
        ctx.constants = (size, alpha, beta, k)
        return _inverse_power(denominator, beta).mul_(x).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None, None, None]:
        x, denominator = ctx.saved_tensors
        size, alpha, beta, k = ctx.constants
        if torch.is_grad_enabled():  # a second derivative is wanted: rare enough to be left to torch's own
            theirs = F.local_response_norm(x, size, alpha, beta, k)
            return *torch.autograd.grad(theirs, x, gradient, create_graph=True), None, None, None, None
        direct = _inverse_power(denominator, beta).mul_(gradient)
        energy = torch.mul(direct, x).div_(denominator)
        through_windows = _add_neighbours(energy.clone(), energy, size, 1.0, turned=True).mul_(x)
        result = direct.add_(through_windows, alpha=-2 * alpha * beta / size)
        return result.to(x.dtype), None, None, None, None


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
