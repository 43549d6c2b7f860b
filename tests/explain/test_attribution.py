import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest
import torch
from captum import attr
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.device import pictures_at_once
from alexnet_viz.errors import ExplanationError, StageError
from alexnet_viz.explain.attribution import METHODS, Question, Squares, attribute, passes_of, squares_of
from alexnet_viz.model import AlexNet
from tests.explain.small_network import small_network


def pixels(size: int = 227, seed: int = 0) -> Tensor:
    return torch.randn(3, size, size, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def network() -> AlexNet:
    return small_network()


# ---------------------------------------------------------------- the squares, by hand


def test_squares_stand_around_the_centres_of_receptive_fields() -> None:
    # Block 5: field 163, start -64, jump 16, so that centres are at 17.5, 33.5, …; the first square ends half a step
    # on, at 25.5: pixel 24 (middle 24.5) is in it, and pixel 25, whose middle lies on the border, in the next.
    squares = squares_of(small_network(), "block5.relu")
    assert squares == Squares(13, 17.5, 16, 227)
    assert squares.of_pixel[[0, 24, 25, 40, 41, 226]].tolist() == [0, 0, 1, 1, 2, 12]


def test_spreading_and_taking_means_are_inverse() -> None:
    squares = Squares(2, 2.0, 4, 7)  # pixels 0-3 and 4-6
    values = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    spread = squares.spread(values)
    assert spread[0].tolist() == [1, 1, 1, 1, 2, 2, 2]
    assert spread[:, 6].tolist() == [2, 2, 2, 2, 4, 4, 4]
    assert squares.areas.tolist() == [[16, 12], [12, 9]]
    torch.testing.assert_close(squares.means(spread), values)


# ---------------------------------------------------------------- equal to Captum, run by hand on the very network


class Difference(torch.nn.Module):
    def __init__(self, model: AlexNet, versus: int) -> None:
        super().__init__()
        self.model, self.versus = model, versus

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.model(x)
        return logits - logits[:, [self.versus]]


@pytest.mark.filterwarnings("ignore:Setting")
@pytest.mark.parametrize("variant", ["seed", "paper", "torchvision"])
@pytest.mark.parametrize("versus", [None, 1])
@pytest.mark.slow
def test_gradient_methods_equal_captum(variant: str, versus: int | None) -> None:
    model = small_network(variant)
    x = pixels(model.variant.input_size)
    asked = model if versus is None else Difference(model, versus)
    batch = x[None].clone().requires_grad_()
    theirs = {
        "saliency": attr.Saliency(asked).attribute(batch, target=3)[0].amax(0),
        "guided-backprop": attr.GuidedBackprop(asked).attribute(batch, target=3)[0].sum(0),
        "deconvolution": attr.Deconvolution(asked).attribute(batch, target=3)[0].sum(0),
        "integrated-gradients": attr.IntegratedGradients(asked).attribute(batch, target=3, n_steps=50)[0].sum(0),
    }
    for method, wanted in theirs.items():
        found, known = attribute(model, x, Question(method, 3, versus)), wanted.detach().float()
        scale = float(known.abs().max())
        torch.testing.assert_close(found.values, known, atol=1e-4 * scale, rtol=1e-3, msg=method)
        assert found.computed_at == (model.variant.input_size,) * 2


@pytest.mark.parametrize("stage", ["block1.conv", "block2.pool", "block5.relu"])
def test_grad_cam_equals_captum_and_its_own_definition(network: AlexNet, stage: str) -> None:
    x = pixels()
    block, _, kind = stage.partition(".")
    layer = network.get_submodule(f"{block}.{ {'conv': 'conv_layer', 'relu': 'relu', 'pool': 'pool_layer'}[kind] }")
    theirs = attr.LayerGradCam(network, layer).attribute(x[None].clone().requires_grad_(), target=2)[0, 0].detach()
    found = attribute(network, x, Question("grad-cam", 2, stage=stage))
    squares = squares_of(network, stage)
    torch.testing.assert_close(squares.means(found.values), theirs)
    # Selvaraju et al. 2017, equation 1: maps weighted with the mean gradient that reaches them.
    stages = {}
    for name, output in network.walk(x[None].clone().requires_grad_()):
        stages[name] = output
    [gradient] = torch.autograd.grad(stages["logits"][0, 2], stages[stage])
    by_hand = (gradient.mean((2, 3), keepdim=True) * stages[stage]).sum(1)[0].detach()
    torch.testing.assert_close(squares.means(found.values), by_hand, atol=1e-5, rtol=1e-3)
    assert found.computed_at == tuple(theirs.shape)


@pytest.mark.slow
def test_occlusion_costs_what_covering_a_place_costs(network: AlexNet) -> None:
    x = pixels()
    found = attribute(network, x, Question("occlusion", 2, versus=0))
    assert found.computed_at == (25, 25)  # (227 - 35) / 8 + 1
    covered = x.clone()
    covered[:, :35, :35] = 0  # the corner's first eight pixels are covered by this place alone
    with torch.no_grad():
        before, after = network(x[None])[0], network(covered[None])[0]
    cost = (before[2] - before[0]) - (after[2] - after[0])
    torch.testing.assert_close(found.values[:8, :8], cost.expand(8, 8), atol=1e-4, rtol=1e-3)


def test_smoothgrad_without_noise_is_saliency_and_is_the_same_every_time(
    network: AlexNet, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = (attribute(network, pixels(), Question("smoothgrad", 2)).values for _ in range(2))
    torch.testing.assert_close(first, again)
    monkeypatch.setattr("alexnet_viz.explain.attribution._NOISE", 1e-7)
    quiet = attribute(network, pixels(), Question("smoothgrad", 2)).values
    saliency = attribute(network, pixels(), Question("saliency", 2)).values
    assert np.corrcoef(quiet.ravel(), saliency.ravel())[0, 1] > 0.999
    assert np.corrcoef(first.ravel(), saliency.ravel())[0, 1] < 0.999


def test_on_the_whole_network(untrained: Checkpoint) -> None:
    x = pixels()
    theirs = attr.Saliency(untrained.model).attribute(x[None].clone().requires_grad_(), target=7)[0].amax(0)
    torch.testing.assert_close(attribute(untrained.model, x, Question("saliency", 7)).values, theirs.detach())


# ---------------------------------------------------------------- what it leaves behind


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.slow
def test_the_shared_network_stays_as_it_was(network: AlexNet, method: str) -> None:
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    state = torch.random.get_rng_state()
    attribute(network, pixels(), Question(method, 1))
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in network.parameters())
    for module in network.modules():
        assert not module._forward_hooks
        assert not module._forward_pre_hooks
        assert not module._backward_hooks
    assert torch.equal(state, torch.random.get_rng_state())


@pytest.mark.slow
def test_five_hundred_explanations_leave_memory_threads_and_networks(network: AlexNet) -> None:
    methods = ("grad-cam", "saliency", "guided-backprop", "deconvolution", "grad-cam")

    def ask(times: int) -> None:
        for number in range(times):
            attribute(network, pixels(), Question(methods[number % 5], number % 4, versus=4))
        gc.collect()

    ask(20)
    networks = sum(type(each) is AlexNet for each in gc.get_objects())
    threads, memory = threading.active_count(), psutil.Process().memory_info().rss
    ask(500)
    assert threading.active_count() == threads
    assert sum(type(each) is AlexNet for each in gc.get_objects()) == networks  # no copy is left
    assert psutil.Process().memory_info().rss - memory < 30_000_000
    assert not any(module._forward_hooks or module._backward_hooks for module in network.modules())


def test_eight_at_once_get_their_own(network: AlexNet) -> None:
    questions = [Question(method, target) for target in range(4) for method in ("guided-backprop", "grad-cam")]
    alone = [attribute(network, pixels(), question).values for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: attribute(network, pixels(), question).values, questions))
    for one, other in zip(alone, together, strict=True):
        torch.testing.assert_close(one, other)


# Passes of at most two pictures on the CPU. Occlusion: the picture itself, then 25 x 25 places.
# Integrated gradients: 50 steps. SmoothGrad: 25 noisy copies.
PASSES = {
    **{"grad-cam": 1, "saliency": 1, "guided-backprop": 1, "deconvolution": 1},
    **{"occlusion": 1 + 313, "integrated-gradients": 25, "smoothgrad": 13},
}


@pytest.mark.parametrize("method", METHODS)
def test_it_pauses_before_each_pass_of_few_pictures(method: str) -> None:
    model = small_network()
    sizes: list[int] = []
    pauses = 0

    def pause() -> None:
        nonlocal pauses
        pauses += 1
        assert len(sizes) == pauses - 1

    model.register_forward_pre_hook(lambda _module, given: sizes.append(len(given[0])))
    attribute(model, pixels(), Question(method, 1), pause)
    assert max(sizes) <= pictures_at_once(torch.device("cpu")) == 2
    assert len(sizes) == pauses == PASSES[method] == passes_of(method, 227, torch.device("cpu"))


@pytest.mark.parametrize("method", [method for method in METHODS if PASSES[method] > 2])
def test_it_ends_with_the_pause_that_raises(method: str) -> None:
    class EndedError(Exception):
        pass

    model = small_network()
    pauses = passes = 0

    def pause() -> None:
        nonlocal pauses
        pauses += 1
        if pauses == 3:
            raise EndedError

    def count(_module: object, _given: object) -> None:
        nonlocal passes
        passes += 1

    model.register_forward_pre_hook(count)
    with pytest.raises(EndedError):
        attribute(model, pixels(), Question(method, 1), pause)
    assert (pauses, passes) == (3, 2)


# ---------------------------------------------------------------- what cannot be asked


def test_errors_say_what_there_is(network: AlexNet) -> None:
    with pytest.raises(ExplanationError, match="no method 'lime'; choose grad-cam, occlusion"):
        attribute(network, pixels(), Question("lime", 1))
    with pytest.raises(StageError, match=r"no stage 'fc1'; this network has block1.conv"):
        attribute(network, pixels(), Question("grad-cam", 1, stage="fc1"))
    with pytest.raises(ExplanationError, match="not finite"):
        attribute(network, torch.full((3, 227, 227), 3e38), Question("saliency", 1))
