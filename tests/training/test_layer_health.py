from collections.abc import Callable

import pytest
import torch

from alexnet_viz.model import AlexNet
from alexnet_viz.training.layer_health import Doctor, length
from alexnet_viz.training.train_network import training_stages

PICTURES = torch.randn((2, 3, 227, 227), generator=torch.Generator().manual_seed(0))


def test_channels_that_never_fire_are_dead(tiny_network: Callable[..., AlexNet]) -> None:
    model = tiny_network()
    with torch.no_grad():
        model.block1.conv_layer.bias[0] = -1e6  # of 4 channels
    health = {layer.layer: layer for layer in Doctor(model).report(PICTURES, training_stages)}
    assert health["block1.conv"].dead == 0.25
    assert health["fc1"].dead is None
    assert list(health) == [*(f"block{n}.conv" for n in range(1, 6)), "fc1", "fc2", "logits"]


def test_updates_and_gradients_are_measured(tiny_network: Callable[..., AlexNet]) -> None:
    model = tiny_network()
    doctor = Doctor(model)
    weight = model.fc2.weight
    with torch.no_grad():
        weight.fill_(0.5)
    weight.grad = torch.full_like(weight, 2.0)
    doctor.before_update()
    with torch.no_grad():
        weight += 0.1
    doctor.after_update()
    fc2 = next(layer for layer in doctor.report(PICTURES, training_stages) if layer.layer == "fc2")
    # 16 x 16 weights: a gradient of 2 everywhere is 16 * 2 long; the update 16 * 0.1, the weights now 16 * 0.6.
    assert fc2.gradient_norm == pytest.approx(32.0)
    assert fc2.update_ratio == pytest.approx(0.1 / 0.6)


def test_lengths_are_right_for_millions_of_weights() -> None:
    # 4096 x 9216 weights of 0.1: the length is 0.1 * sqrt(37,748,736) = 0.1 * 6144 = 614.4.
    assert length(torch.full((4096, 9216), 0.1)) == pytest.approx(614.4, rel=1e-4)


def test_a_tanh_is_never_dead(tiny_network: Callable[..., AlexNet]) -> None:
    model = tiny_network()
    for number in range(1, 6):
        block = getattr(model, f"block{number}")
        block.relu = torch.nn.Tanh()
    assert {layer.dead for layer in Doctor(model).report(PICTURES, training_stages)} == {None}
