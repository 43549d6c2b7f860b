import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from math import sqrt
from typing import Any

import pytest
import torch
import torch.nn.functional as F
import torchvision
from torch import Tensor, nn
from torchvision.models.feature_extraction import create_feature_extractor

from alexnet_viz.errors import InputSizeError, VariantError
from alexnet_viz.model import VARIANTS, AlexNet, AlexNetBlock, find_variant, initialise, torchvision_state_dict
from alexnet_viz.variants import spans
from tests.explain.small_network import small_network


class ArticleAlexNet(nn.Module):
    """The article's network written again from its description, with torch's own layers alone."""

    def __init__(self, num_classes: int, in_channels: int) -> None:
        super().__init__()
        self.block1 = self.block(in_channels, 96, 11, 4, 0, pool_and_norm=True)
        self.block2 = self.block(96, 256, 5, 1, 2, pool_and_norm=True)
        self.block3 = self.block(256, 384, 3, 1, 1, pool_and_norm=False)
        self.block4 = self.block(384, 384, 3, 1, 1, pool_and_norm=False)
        self.block5 = self.block(384, 256, 3, 1, 1, pool_and_norm=True)
        self.fc1 = nn.Linear(9216, 4096)
        self.fc2 = nn.Linear(4096, 4096)
        self.classification_layer = nn.Linear(4096, num_classes)

    @staticmethod
    def block(*window: Any, pool_and_norm: bool) -> nn.Module:
        layers = nn.ModuleDict({"conv_layer": nn.Conv2d(*window), "relu": nn.ReLU()})
        if pool_and_norm:
            layers["norm_layer"] = nn.LocalResponseNorm(size=5, alpha=1e-4, beta=0.75, k=2)
            layers["pool_layer"] = nn.MaxPool2d(kernel_size=3, stride=2)
        return layers

    def forward(self, x: Tensor) -> Tensor:
        for block in (self.block1, self.block2, self.block3, self.block4, self.block5):
            for layer in block.values():
                x = layer(x)
        return self.classification_layer(self.fc2(self.fc1(x.flatten(1))))


@pytest.fixture(scope="module")
def seed_model() -> AlexNet:
    model = AlexNet(num_classes=10, in_channels=3).eval().requires_grad_(False)
    initialise(model, 0)
    return model


def images(count: int, size: int = 227) -> Tensor:
    return torch.randn(count, 3, size, size, generator=torch.Generator().manual_seed(1))


def test_a_state_dict_of_the_article_gives_the_same_logits(seed_model: AlexNet) -> None:
    article = ArticleAlexNet(10, 3).eval().requires_grad_(False)
    article.load_state_dict(seed_model.state_dict(), strict=True)
    ours = AlexNet(10, 3).eval().requires_grad_(False)
    ours.load_state_dict(article.state_dict(), strict=True)
    x = images(2)
    assert (ours(x) - article(x)).abs().max() <= 1e-5


def test_tensor_names(seed_model: AlexNet) -> None:
    modules = [f"block{number}.conv_layer" for number in range(1, 6)] + ["fc1", "fc2", "classification_layer"]
    expected = [f"{module}.{parameter}" for module in modules for parameter in ("weight", "bias")]
    assert list(seed_model.state_dict()) == expected


def test_a_block_by_itself() -> None:
    block = AlexNetBlock(3, 8, 5, 2, 1)
    assert [name for name, _ in block.named_children()] == ["conv_layer", "relu", "norm_layer", "pool_layer"]
    x = images(1, 21)
    # (21 + 2 - 5) // 2 + 1 = 10; pooled: (10 - 3) // 2 + 1 = 4
    assert block(x).shape == (1, 8, 4, 4)
    convolved = F.conv2d(x, block.conv_layer.weight, block.conv_layer.bias, stride=2, padding=1)  # type: ignore[arg-type]
    expected = F.max_pool2d(F.local_response_norm(F.relu(convolved), 5, 1e-4, 0.75, 2.0), 3, 2)
    assert torch.allclose(block(x), expected, atol=1e-6)


def test_what_a_block_leaves_out() -> None:
    def children(block: AlexNetBlock) -> list[str]:
        return [name for name, _ in block.named_children()]

    assert children(AlexNetBlock(3, 8, 5, 2, 1, False)) == ["conv_layer", "relu"]
    assert children(AlexNetBlock(3, 8, 5, 2, 1, norm=False)) == ["conv_layer", "relu", "pool_layer"]


def test_grey_input() -> None:
    with torch.device("meta"):
        assert AlexNet(10, in_channels=1)(torch.empty(2, 1, 227, 227)).shape == (2, 10)


def test_stage_names() -> None:
    pooled, plain = ["conv", "relu", "norm", "pool"], ["conv", "relu"]
    with torch.device("meta"):
        seed, paper, torchvision_s = (AlexNet(variant=name) for name in ("seed", "paper", "torchvision"))
    heads = ["fc1", "fc2", "logits"]
    assert list(seed.stage_names) == named(pooled, pooled, plain, plain, pooled) + heads
    heads = ["fc1", "fc1.relu", "fc2", "fc2.relu", "logits"]
    assert list(paper.stage_names) == named(pooled, pooled, plain, plain, ["conv", "relu", "pool"]) + heads
    bare = ["conv", "relu", "pool"]
    assert list(torchvision_s.stage_names) == named(bare, bare, plain, plain, bare) + heads


def named(*blocks: list[str]) -> list[str]:
    return [f"block{number}.{stage}" for number, stages in enumerate(blocks, start=1) for stage in stages]


def test_each_stage_is_made_from_the_one_before(seed_model: AlexNet) -> None:
    x = images(2)
    stages = dict(seed_model.walk(x))
    assert torch.equal(stages["block1.conv"], seed_model.block1.conv_layer(x))
    assert (stages["block1.conv"] < 0).any()  # the ReLU took a copy
    for block in ("block1", "block2", "block3", "block4", "block5"):
        assert torch.equal(stages[f"{block}.relu"], stages[f"{block}.conv"].clamp(min=0))
    for block in ("block1", "block2", "block5"):
        normalised = F.local_response_norm(stages[f"{block}.relu"], 5, 1e-4, 0.75, 2.0)
        assert (stages[f"{block}.norm"] - normalised).abs().max() <= 1e-6 * normalised.abs().max()
        assert torch.equal(stages[f"{block}.pool"], F.max_pool2d(stages[f"{block}.norm"], 3, 2))
    flat = stages["block5.pool"].flatten(1)
    assert torch.equal(stages["fc1"], F.linear(flat, seed_model.fc1.weight, seed_model.fc1.bias))
    assert torch.equal(stages["logits"], seed_model(x))
    assert tuple(stages) == seed_model.stage_names


def test_a_walk_goes_only_as_far_as_it_is_followed(seed_model: AlexNet) -> None:
    walk = seed_model.walk(images(1, 64))  # too small for fc1, which is never reached
    assert [name for name, _ in itertools.islice(walk, 4)] == named(["conv", "relu", "norm", "pool"])


@pytest.mark.slow
def test_walks_of_many_threads_keep_their_own_maps(seed_model: AlexNet) -> None:
    batch = images(24)
    # Images that differ in brightness and contrast, so that another's maps would be far off.
    batch = batch * torch.linspace(0.2, 2.5, 24).view(-1, 1, 1, 1) + torch.linspace(-2, 2, 24).view(-1, 1, 1, 1)

    def capture(index: int) -> dict[str, Tensor]:
        return dict(seed_model.walk(batch[index : index + 1]))

    with ThreadPoolExecutor(8) as threads:
        captured = list(threads.map(capture, range(24)))
    for index, stages in enumerate(captured):
        for name, alone in capture(index).items():
            to_own, to_another = ((maps[name] - alone).abs().max() for maps in (stages, captured[index - 1]))
            assert to_own < to_another / 100, (index, name)


def test_dropout_follows_the_fully_connected_layers_and_is_no_stage(seed_model: AlexNet) -> None:
    x = images(1)
    with training(seed_model):
        torch.manual_seed(5)
        stages = dict(seed_model.walk(x))
    torch.manual_seed(5)
    dropped = F.dropout(stages["fc1"], 0.5)
    assert torch.allclose(stages["fc2"], F.linear(dropped, seed_model.fc2.weight, seed_model.fc2.bias), atol=1e-5)
    assert (stages["fc1"] != 0).all()
    assert tuple(stages) == seed_model.stage_names


@contextmanager
def training(model: nn.Module) -> Iterator[None]:
    model.train()
    try:
        yield
    finally:
        model.eval()


def test_dropout_of_torchvision_comes_first() -> None:
    model = AlexNet(10, variant="torchvision").requires_grad_(False)
    torch.manual_seed(5)
    stages = dict(model.walk(images(1, 224)))
    torch.manual_seed(5)
    dropped = F.dropout(stages["block5.pool"].flatten(1), 0.5)
    assert torch.allclose(stages["fc1"], F.linear(dropped, model.fc1.weight, model.fc1.bias), atol=1e-5)


def test_eval_mode_repeats_itself(seed_model: AlexNet) -> None:
    x = images(1)
    assert torch.equal(seed_model(x), seed_model(x))


def test_torchvision_s_weights_give_torchvision_s_logits() -> None:
    theirs = torchvision.models.alexnet(weights=None, num_classes=7).eval().requires_grad_(False)
    ours = AlexNet(7, variant="torchvision").eval().requires_grad_(False)
    ours.load_state_dict(torchvision_state_dict(theirs.state_dict()), strict=True)
    x = images(2, 224)
    assert (ours(x) - theirs(x)).abs().max() <= 1e-5


def test_the_paper_with_groups_written_out() -> None:
    model = AlexNet(10, variant="paper-groups").eval().requires_grad_(False)
    x = images(1)
    state = iter(model.parameters())

    def convolved(x: Tensor, *, stride: int = 1, padding: int, halves: bool = False) -> Tensor:
        weight, bias = next(state), next(state)
        if not halves:
            return F.relu(F.conv2d(x, weight, bias, stride, padding))
        pieces = zip(x.chunk(2, 1), weight.chunk(2), bias.chunk(2), strict=True)
        return F.relu(torch.cat([F.conv2d(part, w, b, stride, padding) for part, w, b in pieces], dim=1))

    def normalised(x: Tensor) -> Tensor:
        return F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)

    y = F.max_pool2d(normalised(convolved(x, stride=4, padding=0)), 3, 2)
    y = F.max_pool2d(normalised(convolved(y, padding=2, halves=True)), 3, 2)
    y = convolved(convolved(y, padding=1), padding=1, halves=True)
    y = F.max_pool2d(convolved(y, padding=1, halves=True), 3, 2).flatten(1)
    for _ in ("fc1", "fc2"):
        y = F.relu(F.linear(y, next(state), next(state)))
    assert (model(x) - F.linear(y, next(state), next(state))).abs().max() <= 1e-5


def test_the_paper_without_groups_differs_in_the_groups_alone() -> None:
    paper, groups = VARIANTS["paper"], VARIANTS["paper-groups"]
    assert [layer.groups for layer in groups.convolutions] == [1, 2, 1, 2, 2]
    assert [layer.groups for layer in paper.convolutions] == [1, 1, 1, 1, 1]
    with torch.device("meta"):
        assert AlexNet(variant=paper).stage_names == AlexNet(variant=groups).stage_names


def test_an_unknown_variant_is_refused_in_words() -> None:
    with pytest.raises(VariantError, match=r"no variant 'vgg'; choose seed, paper, paper-groups, torchvision"):
        AlexNet(variant="vgg")
    with pytest.raises(VariantError, match="no variant ''"):
        find_variant("")


def test_initialisation_repeats_itself_and_leaves_the_global_generator_alone(seed_model: AlexNet) -> None:
    again = AlexNet(10, 3)
    before = torch.get_rng_state()
    initialise(again, 0)
    assert torch.equal(torch.get_rng_state(), before)
    for (name, parameter), same in zip(again.named_parameters(), seed_model.parameters(), strict=True):
        assert torch.equal(parameter, same), name
    initialise(again, 1)
    assert not torch.equal(again.block1.conv_layer.weight, seed_model.block1.conv_layer.weight)  # type: ignore[arg-type]


def test_initial_spread_by_fan_in(seed_model: AlexNet) -> None:
    spreads = {name: weight.std().item() for name, weight in weights(seed_model)}
    # Input numbers of one unit: 11 · 11 · 3, 5 · 5 · 96, 3 · 3 · 256, 3 · 3 · 384, 6 · 6 · 256.
    inputs = {"block1": 363, "block2": 2400, "block3": 2304, "block4": 3456, "block5": 3456}
    expected = {f"{block}.conv_layer.weight": sqrt(2 / count) for block, count in inputs.items()}
    expected |= {"fc1.weight": sqrt(1 / 9216), "fc2.weight": sqrt(1 / 4096)}
    expected["classification_layer.weight"] = 0.1 * sqrt(1 / 4096)
    assert spreads == pytest.approx(expected, rel=0.02)
    assert not any(parameter.any() for name, parameter in seed_model.named_parameters() if name.endswith("bias"))


def weights(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    return ((name, parameter) for name, parameter in model.named_parameters() if name.endswith("weight"))


def test_an_untrained_network_finds_all_classes_nearly_equally_probable(seed_model: AlexNet) -> None:
    probabilities = seed_model(images(2)).softmax(1)
    assert probabilities.min() > 0.07
    assert probabilities.max() < 0.14


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_network_is_the_chain_of_its_children(variant: str) -> None:
    model = small_network(variant)
    x = images(1, model.variant.input_size)
    expected = model(x)
    assert torch.equal(nn.Sequential(*model.children())(x), expected)
    assert torch.equal(torch.fx.symbolic_trace(model)(x), expected)
    taken = create_feature_extractor(model, ["block2", "fc1"])(x)
    stages = dict(model.walk(x))
    last = "block2.norm" if model.variant.pool_first else "block2.pool"
    assert torch.equal(taken["block2"], stages[last])
    assert torch.equal(taken["fc1"], stages["fc1"])


@pytest.mark.parametrize("variant", ["seed", "paper", "torchvision"])
def test_hooks_on_blocks_fire_once_and_in_their_own_network_alone(variant: str) -> None:
    model, other = (AlexNet(5, variant=variant).eval().requires_grad_(False) for _ in range(2))
    fired: list[str] = []
    for name, module in model.named_modules():
        if name.startswith("block") or isinstance(module, nn.ReLU):
            module.register_forward_hook(lambda *_, name=name: fired.append(name))
    x = images(1, model.variant.input_size)
    other(x)
    assert fired == []
    model(x)
    assert [name for name in fired if "." not in name][:5] == [f"block{number}" for number in range(1, 6)]
    assert sum("relu" in name for name in fired) == (5 if variant == "seed" else 7)
    assert not {id(module) for module in model.modules()} & {id(module) for module in other.modules()}


def test_guided_backpropagation_by_hooks_is_the_one_by_hand() -> None:
    # Springenberg et al. 2015: at each ReLU the gradient passes where input and gradient are both positive.
    model = AlexNet(5, variant="torchvision").eval().requires_grad_(False)
    initialise(model, 0)
    for module in model.modules():
        if isinstance(module, nn.ReLU):
            module.register_full_backward_hook(lambda _, given, _gradient: (given[0].clamp(min=0),))  # type: ignore[index]
    by_hooks = images(1, 224).requires_grad_(True)
    model(by_hooks)[0, 2].backward()

    class Guided(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor) -> Tensor:
            ctx.save_for_backward(x)
            return x.clamp(min=0)

        @staticmethod
        def backward(ctx: Any, gradient: Tensor) -> Tensor:
            return gradient.clamp(min=0) * (ctx.saved_tensors[0] > 0)

    by_hand = images(1, 224).requires_grad_(True)
    state = iter(model.parameters())
    y: Tensor = by_hand
    for stride, padding, pool in ((4, 2, True), (1, 2, True), (1, 1, False), (1, 1, False), (1, 1, True)):
        y = Guided.apply(F.conv2d(y, next(state), next(state), stride, padding))
        y = F.max_pool2d(y, 3, 2) if pool else y
    y = y.flatten(1)
    for _ in ("fc1", "fc2"):
        y = Guided.apply(F.linear(y, next(state), next(state)))
    F.linear(y, next(state), next(state))[0, 2].backward()
    assert by_hooks.grad is not None
    torch.testing.assert_close(by_hooks.grad, by_hand.grad)


@pytest.mark.parametrize(
    ("variant", "shape", "words"),
    [
        # (224 - 11) / 4 + 1 = 54, pooled 26, 26, pooled 12, 12, pooled 5.
        (
            "seed",
            (1, 3, 224, 224),
            r"maps of 256 × 5 × 5 = 6,400 numbers, fc1 takes 256 × 6 × 6 = 9,216; .* 227 to",
        ),
        (
            "torchvision",
            (1, 3, 255, 255),
            "maps of 256 × 7 × 7 = 12,544 numbers, .* give pictures of 223 to 254 ",
        ),
        (
            "seed",
            (1, 3, 50, 50),
            "a tensor of 1 × 3 × 50 × 50 cannot go through this .* S at least 67; .* 227",
        ),
        ("seed", (1, 1, 227, 227), "which takes a batch of N × 3 × S × S"),
        ("seed", (3, 227, 227), "a tensor of 3 × 227 × 227 cannot"),
    ],
)
def test_sizes_that_do_not_fit_are_refused_with_the_arithmetic(
    variant: str, shape: tuple[int, ...], words: str
) -> None:
    with torch.device("meta"), pytest.raises(InputSizeError, match=words):
        AlexNet(10, variant=variant)(torch.empty(shape))


def test_sizes_that_fit_by_trying_them() -> None:
    with torch.device("meta"):
        model = AlexNet(10)
        sides = {size: max_pooled_side(model, size) for size in (66, 67, 226, 227, 258, 259, 1022)}
    assert sides == {size: model.variant.pooled_side(size) for size in sides}
    assert (sides[66], sides[67], sides[226], sides[227], sides[258], sides[259]) == (0, 1, 5, 6, 6, 7)
    assert spans([1, 2, 3, 5, 7, 8]) == "1 to 3, 5 and 7 to 8"


def max_pooled_side(model: AlexNet, size: int) -> int:
    x = torch.empty(1, 3, size, size, device="meta")
    for number in range(1, 6):
        try:
            x = model.get_submodule(f"block{number}")(x)
        except RuntimeError:  # nothing is left to pool
            return 0
    return x.shape[-1]
