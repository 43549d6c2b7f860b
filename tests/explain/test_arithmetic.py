import random
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from alexnet_viz.errors import StageError, UnitError
from alexnet_viz.explain.arithmetic import Place, course, number, products, softmax
from alexnet_viz.model import VARIANTS, AlexNet, initialise

VALUES = 1000  # of each variant


def small(name: str) -> AlexNet:
    """Return a variant with its windows, groups and order, and few channels."""
    variant = VARIANTS[name]
    widths = (16, 12, 8, 8, 6)
    convolutions = tuple(replace(layer, out_channels=n) for layer, n in zip(variant.convolutions, widths, strict=True))
    model = AlexNet(10, 3, replace(variant, convolutions=convolutions, fc_units=32))
    initialise(model, 1)
    generator = torch.Generator().manual_seed(2)
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.bias.data = torch.randn(module.bias.shape, generator=generator) * 0.1
    return model.eval()


def walked(model: AlexNet, seed: int = 0) -> tuple[dict[str, Tensor], Tensor]:
    side = model.variant.input_size
    pixels = torch.randn(3, side, side, generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        return {name: output[0] for name, output in model.walk(pixels[None])}, pixels


def made_of(parts: dict, kind: str) -> tuple[float, float]:  # type: ignore[type-arg]
    """Return what the parts come to, and the size of the largest sum on the way."""
    if "terms" in parts:
        sums = [term["sum"] for term in parts["terms"]]
        return parts["bias"] + sum(sums), sum(map(abs, sums))
    if "neighbours" in parts:
        return parts["before"] / parts["denominator"], 0.0
    if "window" in parts:
        return max(map(max, parts["window"])), 0.0
    before = torch.tensor(parts["before"], dtype=torch.float64)
    return float(before.tanh() if kind == "tanh" else before.clamp(min=0)), 0.0


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.slow
def test_terms_add_up_to_the_value(name: str) -> None:
    model, drawn = small(name), random.Random(name)
    stages, pixels = walked(model)
    for _ in range(VALUES):
        stage = drawn.choice(model.stage_names)
        at = [drawn.randrange(size) for size in stages[stage].shape]
        found = number(model, stages, pixels, Place(stage, *at))
        truth = float(stages[stage][tuple(at)])
        assert found.value == truth
        total, scale = made_of(found.parts, found.kind)
        # float32 sums are off by about 1e-7 of their largest parts, which may cancel
        assert abs(total - truth) <= 1e-4 * max(abs(truth), 1e-3) + 1e-6 * scale, (stage, at)


def test_a_convolution_worked_out_by_hand() -> None:
    model = small("seed")
    layer = model.get_submodule("block2.conv_layer")
    assert isinstance(layer, nn.Conv2d)
    layer.weight.data.zero_()
    layer.weight.data[0, 3, 2, 2], layer.weight.data[0, 5, 2, 3] = 2.0, -3.0
    layer.bias.data[0] = 0.5
    stages, pixels = walked(model)
    stages["block1.pool"].zero_()
    stages["block1.pool"][3, 7, 7], stages["block1.pool"][5, 7, 8] = 1.5, 4.0
    # channel 3: 2 × 1.5 = 3; channel 5: −3 × 4 = −12, the larger of the two
    found = number(model, stages, pixels, Place("block2.conv", 0, 7, 7))
    assert found.parts["bias"] == 0.5
    assert found.parts["terms"][:2] == [{"channel": 5, "sum": -12.0}, {"channel": 3, "sum": 3.0}]
    assert len(found.parts["terms"]) == 16
    opened = products(model, stages, pixels, Place("block2.conv", 0, 7, 7), 5)
    assert (opened["top"], opened["left"], opened["sum"]) == (5, 5, -12.0)
    assert opened["products"][2] == [0, 0, 0, -12, 0]
    assert [opened[key][2][3] for key in ("input", "kernel")] == [4, -3]


def test_products_in_the_corner_are_zero_in_the_padding() -> None:
    model = small("seed")
    stages, pixels = walked(model)
    opened = products(model, stages, pixels, Place("block2.conv", 1, 0, 0), 2)
    assert (opened["top"], opened["left"]) == (-2, -2)
    assert opened["input"][0] == [0] * 5
    assert opened["input"][2][2] == float(stages["block1.pool"][2, 0, 0])
    opened = products(model, stages, pixels, Place("block2.conv", 1, 26, 25), 2)
    assert (opened["top"], opened["left"], opened["size"]) == (24, 23, [27, 27])  # from row 27 on it is padding
    assert opened["input"][3:] == [[0] * 5] * 2


def test_every_term_is_the_sum_of_its_products() -> None:
    model = small("paper-groups")
    stages, pixels = walked(model)
    for stage in ("block1.conv", "block2.conv", "block4.conv"):
        place = Place(stage, len(stages[stage]) - 1, 5, 6)
        for term in number(model, stages, pixels, place).parts["terms"]:
            total = 0.0
            opened = products(model, stages, pixels, place, term["channel"])
            for values, weights in zip(opened["input"], opened["kernel"], strict=True):
                for value, weight in zip(values, weights, strict=True):
                    total += value * weight
            assert total == pytest.approx(term["sum"], abs=1e-9)


def test_a_group_sees_its_own_half() -> None:
    model = small("paper-groups")
    stages, pixels = walked(model)
    terms = number(model, stages, pixels, Place("block2.conv", 11, 3, 3)).parts["terms"]
    assert sorted(term["channel"] for term in terms) == list(range(8, 16))
    with pytest.raises(UnitError, match="choose one from 8 to 15"):
        products(model, stages, pixels, Place("block2.conv", 11, 3, 3), 2)


def test_the_norm_has_three_neighbours_at_the_edge() -> None:
    model = small("seed")
    stages, pixels = walked(model)
    found = number(model, stages, pixels, Place("block1.norm", 0, 4, 4))
    values = [float(stages["block1.relu"][k, 4, 4]) for k in range(3)]
    assert [each["value"] for each in found.parts["neighbours"]] == values
    assert found.parts["denominator"] == pytest.approx((2 + 1e-4 / 5 * sum(v * v for v in values)) ** 0.75)


def test_a_block_is_followed_back_through_the_winner() -> None:
    model = small("seed")
    stages, pixels = walked(model)
    stages["block1.norm"][3, 8:11, 12:15] = torch.tensor([[0.0, 1, 0], [0, 0, 7], [0, 0, 0]])
    steps = course(model, stages, pixels, Place("block1.pool", 3, 4, 6))
    assert [step.place.stage for step in steps] == ["block1.conv", "block1.relu", "block1.norm", "block1.pool"]
    assert steps[-1].parts["winner"] == [9, 14]
    assert [(step.place.row, step.place.column) for step in steps] == [(9, 14)] * 3 + [(4, 6)]


def test_what_pooling_leaves_out_is_followed_into_no_window() -> None:
    # Pooling 2/2 of 55 rows takes rows 0 to 53.
    model = small("seed-separate-pooling")
    stages, pixels = walked(model)
    for place, last in (((54, 0), "norm"), ((0, 54), "norm"), ((53, 53), "pool")):
        steps = course(model, stages, pixels, Place("block1.conv", 3, *place))
        assert steps[-1].place.stage == f"block1.{last}", place
    assert (steps[-1].place.row, steps[-1].place.column) == (26, 26)


def test_a_block_is_followed_on_into_the_window_around() -> None:
    model = small("seed")
    stages, pixels = walked(model)
    steps = course(model, stages, pixels, Place("block1.relu", 3, 9, 14))
    last = steps[-1]
    assert last.place.stage == "block1.pool"
    assert last.parts["top"] <= 9 < last.parts["top"] + 3
    assert last.parts["left"] <= 14 < last.parts["left"] + 3


def test_softmax_by_hand() -> None:
    # e^0 = 1 and e^(ln 3 - ln 3 - ln 3) = 1/3: shares 3/4 and 1/4
    found = softmax(torch.log(torch.tensor([3.0, 1.0])), ("cat", "dog"), 1)
    assert found["probability"] == pytest.approx(0.25)
    assert [term["class"] for term in found["terms"]] == ["cat", "dog"]
    assert found["total"] == pytest.approx(4 / 3)


def test_without_a_place_it_is_the_strongest() -> None:
    model = small("seed")
    stages, pixels = walked(model)
    found = number(model, stages, pixels, Place("block3.relu", 2))
    assert found.value == float(stages["block3.relu"][2].max())


def test_what_is_not_there_is_said() -> None:
    model = small("seed")
    stages, pixels = walked(model)
    for stage in ("block6", ""):
        with pytest.raises(StageError, match=f"no stage '{stage}'"):
            number(model, stages, pixels, Place(stage, 0))
    with pytest.raises(UnitError, match=r"no channel 16 at block1\.conv; choose one from 0 to 15"):
        number(model, stages, pixels, Place("block1.conv", 16))
    with pytest.raises(UnitError, match=r"no row 55 at block1\.conv; choose one from 0 to 54"):
        number(model, stages, pixels, Place("block1.conv", 0, 55, 0))
    with pytest.raises(StageError, match=r"block1\.conv, block2\.conv"):
        products(model, stages, pixels, Place("fc1", 0), 0)
