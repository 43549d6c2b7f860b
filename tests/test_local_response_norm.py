from math import sqrt

import pytest
import torch
import torch.nn.functional as F

from alexnet_viz.local_response_norm import LocalResponseNorm, local_response_norm

SHAPES_OF_THE_NETWORK = [(2, 96, 55, 55), (2, 256, 27, 27), (2, 256, 13, 13)]


def test_three_channels_by_hand() -> None:
    x = torch.tensor([1.0, 2.0, 3.0]).view(1, 3, 1, 1)
    # With alpha = size the weight is 1. Windows of three: 1 + 4, 1 + 4 + 9, 4 + 9; k = 1 is added, beta is the root.
    expected = [1 / sqrt(6), 2 / sqrt(15), 3 / sqrt(14)]
    assert local_response_norm(x, size=3, alpha=3.0, beta=0.5, k=1.0).flatten().tolist() == pytest.approx(expected)


def test_an_even_window_reaches_further_down_than_up() -> None:
    x = torch.tensor([1.0, 2.0, 3.0]).view(1, 3, 1, 1)
    # Windows of two: nothing + 1, 1 + 4, 4 + 9.
    expected = [1 / sqrt(2), 2 / sqrt(6), 3 / sqrt(14)]
    assert local_response_norm(x, size=2, alpha=2.0, beta=0.5, k=1.0).flatten().tolist() == pytest.approx(expected)


def test_the_paper_s_exponent_by_hand() -> None:
    # One channel of 16 with alpha = size = 1 and k = 0: 16 / (16 * 16) ** 0.75 = 16 / 64.
    x = torch.full((1, 1, 1, 1), 16.0)
    assert local_response_norm(x, size=1, alpha=1.0, beta=0.75, k=0.0).item() == pytest.approx(0.25)


@pytest.mark.parametrize("shape", SHAPES_OF_THE_NETWORK)
def test_same_numbers_and_gradients_as_torch(shape: tuple[int, ...]) -> None:
    generator = torch.Generator().manual_seed(0)
    values = torch.randn(shape, generator=generator)
    slope = torch.randn(shape, generator=generator)
    x, same = values.clone().requires_grad_(), values.clone().requires_grad_()
    ours, theirs = local_response_norm(x), F.local_response_norm(same, 5, 1e-4, 0.75, 2.0)
    assert (ours - theirs).abs().max() <= 1e-6
    assert torch.equal(ours, local_response_norm(values))
    ours.backward(slope)
    theirs.backward(slope)
    assert x.grad is not None
    assert same.grad is not None
    assert (x.grad - same.grad).abs().max() <= 1e-6


@pytest.mark.parametrize("channels", [1, 3, 7])
@pytest.mark.parametrize("size", [1, 2, 4, 5, 9])
@pytest.mark.parametrize("beta", [0.75, 0.5, 1.0])
def test_gradient_against_finite_differences(channels: int, size: int, beta: float) -> None:
    x = torch.randn(2, channels, 1, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(channels))
    x.requires_grad_()
    assert torch.autograd.gradcheck(lambda t: local_response_norm(t, size, 0.5, beta, 2.0), x)
    theirs = F.local_response_norm(x, size, 0.5, beta, 2.0)
    assert torch.allclose(local_response_norm(x, size, 0.5, beta, 2.0), theirs, rtol=0, atol=1e-14)


@pytest.mark.parametrize("shape", [(0, 4, 3, 3), (2, 4), (2, 4, 3), (2, 4, 2, 2, 2)])
def test_any_number_of_places_and_images(shape: tuple[int, ...]) -> None:
    x = torch.randn(shape, requires_grad=True)
    normalised = local_response_norm(x)
    normalised.sum().backward()
    assert normalised.shape == shape
    assert x.grad is not None
    assert x.grad.shape == shape


def test_the_input_stays_and_no_gradient_is_kept_where_none_is_wanted() -> None:
    x = torch.ones(1, 5, 2, 2, requires_grad=True)
    with torch.no_grad():
        assert local_response_norm(x).grad_fn is None
    assert torch.equal(x, torch.ones_like(x))
    assert local_response_norm(x).grad_fn is not None


def test_channels_last_stays_channels_last() -> None:
    values = torch.randn(2, 8, 5, 5, generator=torch.Generator().manual_seed(1))
    x = values.to(memory_format=torch.channels_last).requires_grad_()
    same = values.clone().requires_grad_()
    ours, theirs = local_response_norm(x), local_response_norm(same)
    assert ours.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(ours, theirs)
    slope = torch.randn(2, 8, 5, 5, generator=torch.Generator().manual_seed(2))
    ours.backward(slope)
    theirs.backward(slope)
    assert x.grad is not None
    assert x.grad.is_contiguous(memory_format=torch.channels_last)
    assert same.grad is not None
    assert torch.equal(x.grad, same.grad)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_computed_in_single_precision(dtype: torch.dtype) -> None:
    x = torch.full((1, 8, 2, 2), 300.0, dtype=dtype, requires_grad=True)  # 300 squared is beyond float16
    normalised = local_response_norm(x, alpha=1.0)
    assert normalised.dtype == dtype
    assert torch.equal(normalised, local_response_norm(x.detach().float(), alpha=1.0).to(dtype))
    normalised.sum().backward()
    assert x.grad is not None
    assert x.grad.dtype == dtype
    assert torch.isfinite(x.grad).all()


def test_under_autocast() -> None:
    convolution = torch.nn.Conv2d(3, 8, 3)
    images = torch.randn(2, 3, 6, 6, generator=torch.Generator().manual_seed(3))
    with torch.autocast("cpu", torch.bfloat16):
        normalised = LocalResponseNorm()(convolution(images))
        normalised.sum().backward()
    assert normalised.dtype == torch.bfloat16
    assert convolution.weight.grad is not None
    assert torch.isfinite(convolution.weight.grad).all()


def test_second_derivative_against_finite_differences() -> None:
    x = torch.randn(1, 4, 2, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(4)).requires_grad_()
    assert torch.autograd.gradgradcheck(lambda t: local_response_norm(t, 5, 0.5, 0.75, 2.0), x)


def test_the_layer_prints_its_constants() -> None:
    assert repr(LocalResponseNorm()) == "LocalResponseNorm(5, alpha=0.0001, beta=0.75, k=2.0)"
