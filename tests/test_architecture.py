import json
import re
from math import prod

import pytest
import torch
from torch import nn

from alexnet_viz.architecture import Layer, layer_table, table_record
from alexnet_viz.model import VARIANTS, AlexNet


def table(variant: str = "seed", num_classes: int = 1000) -> dict[str, Layer]:
    with torch.device("meta"):  # the table needs no numbers in the weights
        return {layer.name: layer for layer in layer_table(AlexNet(num_classes, variant=variant))}


def test_shapes_of_the_seed() -> None:
    # (227 - 11) / 4 + 1 = 55; pooling 3/2: (55 - 3) / 2 + 1 = 27, 13, 6; the other convolutions keep the side.
    shapes = {name: layer.output_shape for name, layer in table().items()}
    for name in ("block1.conv", "block1.relu", "block1.norm"):
        assert shapes[name] == (96, 55, 55)
    assert shapes["block1.pool"] == (96, 27, 27)
    assert shapes["block2.norm"] == (256, 27, 27)
    assert shapes["block2.pool"] == (256, 13, 13)
    assert shapes["block3.relu"] == (384, 13, 13)
    assert shapes["block4.relu"] == (384, 13, 13)
    assert shapes["block5.norm"] == (256, 13, 13)
    assert shapes["block5.pool"] == (256, 6, 6)
    assert (shapes["fc1"], shapes["fc2"], shapes["logits"]) == ((4096,), (4096,), (1000,))


@pytest.mark.parametrize("variant", VARIANTS)
def test_shapes_are_those_of_a_walk(variant: str) -> None:
    with torch.device("meta"):
        model = AlexNet(10, variant=variant)
        images = torch.empty(1, 3, model.variant.input_size, model.variant.input_size)
        walked = [(name, tuple(output.shape[1:])) for name, output in model.walk(images)]
    assert [(layer.name, layer.output_shape) for layer in layer_table(model)] == walked


def test_parameters_of_the_seed() -> None:
    params = {name: layer.params for name, layer in table().items() if layer.params}
    assert params == {
        "block1.conv": 34_944,  # 11 · 11 · 3 · 96 + 96
        "block2.conv": 614_656,  # 5 · 5 · 96 · 256 + 256
        "block3.conv": 885_120,  # 3 · 3 · 256 · 384 + 384
        "block4.conv": 1_327_488,  # 3 · 3 · 384 · 384 + 384
        "block5.conv": 884_992,  # 3 · 3 · 384 · 256 + 256
        "fc1": 37_752_832,  # 6 · 6 · 256 · 4096 + 4096
        "fc2": 16_781_312,  # 4096 · 4096 + 4096
        "logits": 4_097_000,  # 4096 · 1000 + 1000
    }


@pytest.mark.parametrize(
    ("variant", "num_classes", "total"),
    [
        ("seed", 1000, 62_378_344),
        ("seed", 10, 58_322_314),
        (
            "half",
            1000,
            16_630_440,
        ),  # 945,856 of convolutions, then 9,439,232 + 4,196,352 + 2,049,000
        ("paper-padded", 1000, 62_378_344),
        ("paper", 1000, 62_378_344),
        ("paper-groups", 1000, 60_965_224),  # half the weights of conv2, 4 and 5: 307,200 + 663,552 + 442,368 fewer
        ("torchvision", 1000, 61_100_840),  # as torchvision's documentation says
    ],
)
def test_total_parameters(variant: str, num_classes: int, total: int) -> None:
    assert sum(layer.params for layer in table(variant, num_classes).values()) == total


def test_multiply_adds_of_the_seed() -> None:
    macs = {name: layer.macs for name, layer in table().items() if layer.macs}
    assert macs == {
        "block1.conv": 105_415_200,  # 34,848 weights · 55 · 55 places
        "block2.conv": 447_897_600,  # 614,400 · 27 · 27
        "block3.conv": 149_520_384,  # 884,736 · 13 · 13
        "block4.conv": 224_280_576,  # 1,327,104 · 13 · 13
        "block5.conv": 149_520_384,  # 884,736 · 13 · 13
        "fc1": 37_748_736,  # one for each weight
        "fc2": 16_777_216,
        "logits": 4_096_000,
    }
    assert sum(macs.values()) == 1_135_256_096


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_spelled_arithmetic_gives_the_number(variant: str) -> None:
    for layer in table(variant).values():
        assert spelled_out(layer.params_spelled) == layer.params
        assert spelled_out(layer.macs_spelled) == layer.macs


def spelled_out(arithmetic: str) -> int:
    if not arithmetic:
        return 0
    return sum(prod(int(number) for number in product.split(" × ")) for product in arithmetic.split(" + "))


def test_spelling() -> None:
    layers = table("paper-groups")
    assert layers["block1.conv"].params_spelled == "11 × 11 × 3 × 96 + 96"
    assert layers["block1.conv"].macs_spelled == "11 × 11 × 3 × 96 × 55 × 55"
    assert layers["block1.conv"].window == "11 × 11, stride 4"
    assert layers["block2.conv"].params_spelled == "5 × 5 × 48 × 256 + 256"  # a group sees half of the 96 channels
    assert layers["block2.conv"].window == "5 × 5, stride 1, padding 2, 2 groups"
    assert layers["block1.norm"].window == "5 channels"
    assert layers["block1.pool"].window == "3 × 3, stride 2"
    assert layers["block1.relu"].window == ""
    assert layers["fc1"].params_spelled == "6 × 6 × 256 × 4096 + 4096"


def test_kinds_follow_the_names() -> None:
    kinds = {"conv": "convolution", "relu": "relu", "norm": "lrn", "pool": "pooling"}
    for variant in VARIANTS.values():
        # The experiment with tanh keeps the stage's name, so that its checkpoints fit; the kind says what it is.
        kinds["relu"] = variant.activation
        for name, layer in table(variant.name).items():
            assert layer.kind == kinds.get(name.rpartition(".")[2], "fully connected")


@pytest.mark.parametrize(
    ("stage", "side", "jump", "start"),
    [
        ("block1.conv", 11, 4, 0),
        ("block1.pool", 19, 8, 0),  # 11 + 2 · 4
        ("block2.conv", 51, 8, -16),  # 19 + 4 · 8, two paddings of 8
        ("block2.pool", 67, 16, -16),  # 51 + 2 · 8
        ("block3.conv", 99, 16, -32),  # 67 + 2 · 16, one padding of 16
        ("block4.conv", 131, 16, -48),
        ("block5.conv", 163, 16, -64),
        ("block5.pool", 195, 32, -64),  # 163 + 2 · 16
        ("fc1", 227, 0, 0),
        ("logits", 227, 0, 0),
    ],
)
def test_receptive_fields_of_the_seed(stage: str, side: int, jump: int, start: int) -> None:
    layer = table()[stage]
    assert (layer.receptive_field, layer.jump, layer.start) == (side, jump, start)


@pytest.mark.parametrize("variant", ["seed", "torchvision", "seed-separate-pooling"])
def test_receptive_fields_are_the_support_of_the_gradient(variant: str) -> None:
    layers = table(variant)
    image = torch.zeros(1, 1, layers_input_size(variant), 1, dtype=torch.float64, requires_grad=True)
    output: torch.Tensor = image
    for name, window in sliding_windows(variant):
        output = window(output)
        layer = layers[name]
        for row in {0, 1, output.shape[2] // 2, output.shape[2] - 1}:
            (gradient,) = torch.autograd.grad(output[0, 0, row, 0], image, retain_graph=True)
            seen = gradient.flatten().nonzero().flatten()
            first = layer.start + row * layer.jump
            assert seen.min() == max(0, first)
            assert seen.max() == min(layer.reach, first + layer.receptive_field) - 1
        (gradient,) = torch.autograd.grad(output.sum(), image, retain_graph=True)
        assert gradient.flatten().nonzero().max() == layer.reach - 1


def test_what_separate_pooling_leaves_out() -> None:
    # Conv1 has 55 rows, rows 4 j … 4 j + 10. Windows of two take 54 of them: the last pixel seen is 4 · 53 + 10 = 222.
    layers = table("seed-separate-pooling")
    assert (layers["block1.conv"].reach, layers["block1.pool"].reach) == (227, 223)
    assert [layers[stage].receptive_field for stage in ("fc1", "fc2", "logits")] == [223] * 3
    assert table("seed")["fc1"].receptive_field == 227


def sliding_windows(variant: str) -> list[tuple[str, nn.Module]]:
    """Return the chain cut down to one column, one channel and weights of one; averages stand for maxima.

    No weight is negative, so nothing cancels, and every input inside the window has a gradient.
    """
    windows: list[tuple[str, nn.Module]] = []
    for number, layer in enumerate(VARIANTS[variant].convolutions, start=1):
        size, stride, padding = (layer.kernel_size, 1), (layer.stride, 1), (layer.padding, 0)
        convolution = nn.Conv2d(1, 1, size, stride, padding, bias=False, dtype=torch.float64)
        nn.init.ones_(convolution.weight)
        windows.append((f"block{number}.conv", convolution))
        if layer.pool:
            windows.append((f"block{number}.pool", nn.AvgPool2d((VARIANTS[variant].pool_size, 1), (2, 1))))
    return windows


def layers_input_size(variant: str) -> int:
    return VARIANTS[variant].input_size


def test_record_for_json() -> None:
    with torch.device("meta"):
        record = json.loads(json.dumps(table_record(AlexNet(10, variant="torchvision"))))
    assert record["variant"] == "torchvision"
    assert record["input"] == [3, 224, 224]
    assert record["total_params"] == sum(row["params"] for row in record["layers"])
    assert record["total_macs"] == sum(row["macs"] for row in record["layers"])
    first = record["layers"][0]
    assert {"name", "kind", "output_shape", "params", "macs", "receptive_field", "jump"} <= set(first)
    assert first["output_shape"] == [64, 55, 55]
    assert all(re.fullmatch(r"block\d\.(conv|relu|pool)|fc\d(\.relu)?|logits", row["name"]) for row in record["layers"])
