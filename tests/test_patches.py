"""What the first filters can see: numbers of toy patches that are known by hand."""

import torch
from torch import nn

from alexnet_viz.patches import draw_as_patches, patch_covariance, strongest_directions, within


def pairs(*values: tuple[float, float]) -> tuple[torch.Tensor, nn.Conv2d]:
    """Return pictures of one patch of two pixels each, and a convolution that sees just that."""
    return torch.tensor(values).float()[:, None, None, :], nn.Conv2d(1, 50_000, (1, 2))


def test_the_covariance_of_patches_is_that_of_their_pixels() -> None:
    pictures, convolution = pairs((1, 1), (3, 3), (1, 3), (3, 1), (2, 2))
    # Means 2 and 2; squares 4 / 5; products (1 + 1 - 1 - 1 + 0) / 5 = 0.
    assert torch.allclose(patch_covariance(pictures, convolution), torch.diag(torch.tensor([0.8, 0.8])).double())


def test_every_place_of_the_stride_is_a_patch() -> None:
    picture = torch.arange(6.0).reshape(1, 1, 1, 6)
    covariance = patch_covariance(picture, nn.Conv2d(1, 1, (1, 2), stride=(1, 4)))
    # Patches (0, 1) and (4, 5): each pixel is 2 from its mean, both on the same side.
    assert torch.allclose(covariance, torch.full((2, 2), 4.0).double())


def test_the_strongest_direction_is_the_diagonal_where_neighbours_are_alike() -> None:
    directions, share = strongest_directions(torch.tensor([[5.0, 4.0], [4.0, 5.0]]).double(), 1)
    # Eigenvalues 9 along (1, 1) and 1 along (1, -1).
    assert share == torch.tensor(0.9)
    assert torch.allclose(directions[:, 0].abs(), torch.full((2,), 0.5**0.5).double())


def test_a_filter_within_a_direction_keeps_only_that() -> None:
    diagonal = torch.full((2, 1), 0.5**0.5).double()
    kept = within(torch.tensor([[[[3.0, 1.0]]], [[[1.0, -1.0]]]]), diagonal)
    assert torch.allclose(kept.flatten(1), torch.tensor([[2.0, 2.0], [0.0, 0.0]]), atol=1e-6)


def test_filters_drawn_as_patches_vary_as_they_do_with_outputs_of_the_usual_size() -> None:
    pictures, convolution = pairs((2, 2), (-2, -2), (1, -1), (-1, 1))
    # Covariance [[2.5, 1.5], [1.5, 2.5]], eigenvalues 4 and 1; filters vary as it does, times
    # (2 / 2) x (4 + 1) / (16 + 1); outputs have the variance 5, that of He's draw with variance 1 a weight.
    draw_as_patches(convolution, pictures, seed=0)
    filters = convolution.weight.detach().flatten(1).double()
    expected = torch.tensor([[2.5, 1.5], [1.5, 2.5]]).double() * 5 / 17
    assert torch.allclose(filters.T @ filters / len(filters), expected, rtol=0.03)
    outputs = torch.tensor([[2.0, 2.0], [-2.0, -2.0], [1.0, -1.0], [-1.0, 1.0]]).double() @ filters.T
    assert abs(float(outputs.square().mean()) - 5) < 0.15


def test_the_same_seed_draws_the_same_filters() -> None:
    pictures, convolution = pairs((2, 2), (-2, -2), (1, -1), (-1, 1))
    draw_as_patches(convolution, pictures, seed=3)
    first = convolution.weight.detach().clone()
    draw_as_patches(convolution, pictures, seed=4)
    assert not torch.equal(convolution.weight, first)
    draw_as_patches(convolution, pictures, seed=3)
    assert torch.equal(convolution.weight, first)
