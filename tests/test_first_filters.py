"""The first filters twice: what is stored, and what pictures excite of it."""

from dataclasses import replace

import pytest
import torch

from alexnet_viz.checkpoints import Checkpoint, load_checkpoint
from alexnet_viz.first_filters import DIRECTIONS, first_filters
from alexnet_viz.images import PHOTOGRAPHS, read_image, to_tensor
from alexnet_viz.patches import first_convolution, patch_covariance

pytestmark = pytest.mark.slow  # patches of many pictures


def test_filters_of_noise_are_told_from_those_that_pictures_have_shaped(untrained: Checkpoint) -> None:
    found = first_filters(untrained)
    assert not found.is_readable
    # Noise has as much in any direction: 40 of 363 hold 11 % of it.
    assert abs(found.share - DIRECTIONS / 363) < 0.02
    assert torch.equal(found.stored, first_convolution(untrained.model).weight)


def test_what_pictures_excite_is_the_covariance_of_a_filters_answers_with_each_pixel(untrained: Checkpoint) -> None:
    found = first_filters(untrained)
    assert found.excited is not None
    rule, weight = untrained.input_rule, first_convolution(untrained.model).weight.detach()
    inputs = torch.stack([to_tensor(read_image(photo.path), rule) for photo in PHOTOGRAPHS])
    answers = torch.nn.functional.conv2d(inputs, weight[:1], stride=4).flatten()
    middle = inputs[:, 1, 5::4, 5::4][:, :55, :55].flatten()  # the green pixel in the middle of each patch
    expected = torch.cov(torch.stack([answers, middle]).double(), correction=0)[0, 1]
    assert float(found.excited[0, 1, 5, 5]) == pytest.approx(float(expected), rel=1e-3)


def test_filters_made_of_patches_directions_are_readable(untrained: Checkpoint) -> None:
    rule = untrained.input_rule
    model = load_checkpoint("untrained", device="cpu").model
    convolution = first_convolution(model)
    inputs = torch.stack([to_tensor(read_image(photo.path), rule) for photo in PHOTOGRAPHS])
    strongest = torch.linalg.eigh(patch_covariance(inputs, convolution)).eigenvectors[:, -1]
    with torch.no_grad():
        convolution.weight[:] = strongest.float().reshape(convolution.weight[0].shape)
    found = first_filters(replace(untrained, model=model))
    assert found.share == pytest.approx(1, abs=1e-5)
    assert found.is_readable
