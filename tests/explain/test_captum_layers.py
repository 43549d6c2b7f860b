"""Captum's layer methods on the blocks of every variant: what they give, worked out by torch's own gradients."""

import pytest
import torch
from captum.attr import InternalInfluence, LayerActivation, LayerConductance, LayerGradCam, LayerGradientXActivation
from torch import Tensor

from alexnet_viz.model import VARIANTS, AlexNet
from tests.explain.small_network import small_network

TARGET = 2
BLOCKS = [f"block{number}" for number in range(1, 6)]


def picture(model: AlexNet) -> Tensor:
    side = model.variant.input_size
    return torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(5))


def output_and_gradient(model: AlexNet, x: Tensor, block: str) -> tuple[Tensor, Tensor]:
    """Return what a block puts out, and the target logit's gradient with respect to it."""
    stages = {}
    for name, output in model.walk(x.clone().requires_grad_(True)):
        stages[name] = output
    wanted = [output for name, output in stages.items() if name.startswith(block)][-1]
    (gradient,) = torch.autograd.grad(stages["logits"][0, TARGET], wanted)
    return wanted.detach(), gradient


@pytest.mark.parametrize("variant", VARIANTS)
def test_layers_of_every_variant(variant: str) -> None:
    model = small_network(variant)
    x = picture(model)
    for block in BLOCKS:
        layer = model.get_submodule(block)
        output, gradient = output_and_gradient(model, x, block)
        torch.testing.assert_close(LayerActivation(model, layer).attribute(x), output)
        product = LayerGradientXActivation(model, layer).attribute(x, target=TARGET)
        torch.testing.assert_close(product, output * gradient)
        # Selvaraju et al. 2017: each channel weighs by its mean gradient.
        weighed = (output * gradient.mean((2, 3), keepdim=True)).sum(1, keepdim=True)
        torch.testing.assert_close(LayerGradCam(model, layer).attribute(x, target=TARGET), weighed)
        assert not layer._forward_hooks  # the network is left as it was
        assert not layer._forward_pre_hooks


@pytest.mark.parametrize("variant", ["seed", "paper", "torchvision"])
def test_conductance_through_a_block_adds_up_to_what_the_logit_changes(variant: str) -> None:
    # Dhamdhere et al. 2018: through any layer, all of the change from the baseline to the picture.
    model = small_network(variant).double()
    x = picture(model).double() / 10  # near the baseline, where few ReLUs turn on the way
    found = LayerConductance(model, model.block3).attribute(x, target=TARGET, n_steps=40)
    change = model(x)[0, TARGET] - model(torch.zeros_like(x))[0, TARGET]
    assert float(found.detach().sum()) == pytest.approx(float(change), rel=0.1, abs=1e-4)
    assert InternalInfluence(model, model.block5).attribute(x, target=TARGET, n_steps=4).shape[1] == 4
