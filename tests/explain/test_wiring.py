"""What feeds a unit and what it feeds, against whole convolutions; what covering changes, by hand."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from alexnet_viz.errors import ExplanationError, StageError, UnitError
from alexnet_viz.explain.arithmetic import Place, number
from alexnet_viz.explain.unit_occlusion import occlude
from alexnet_viz.explain.wiring import feeds, incoming
from alexnet_viz.inference import trace
from tests.explain.small_network import small_network
from tests.explain.test_arithmetic import small, walked
from tests.explain.test_image_parts import checkpoint_of

MODEL = small_network()
PIXELS = torch.randn(3, 227, 227, generator=torch.Generator().manual_seed(2))
TRACE = trace(checkpoint_of(MODEL), PIXELS)


@pytest.mark.parametrize(
    ("stage", "source", "shape"),
    [
        ("block1.pool", "input", (3, 11, 11)),
        ("block2.conv", "block1.pool", (4, 5, 5)),
        ("block4.relu", "block3.relu", (8, 3, 3)),
        ("fc1", "block5.pool", (4, 6, 6)),
        ("fc2", "fc1", (8, 1, 1)),
        ("logits", "fc2", (8, 1, 1)),
    ],
)
def test_incoming_kernels_are_the_weights_of_the_block(stage: str, source: str, shape: tuple[int, ...]) -> None:
    found = incoming(MODEL, stage, 2)
    assert (found.source, found.first, tuple(found.kernels.shape)) == (source, 0, shape)
    group = stage.partition(".")[0]
    module = next(module for name, module in MODEL.chain() if name in (f"{group}.conv", group))
    assert torch.equal(found.kernels.flatten(), module.weight[2].flatten())  # type: ignore[index]


@pytest.mark.parametrize(("stage", "target"), [("block1.conv", "block2.conv"), ("block3.relu", "block4.conv")])
def test_what_a_channel_feeds_is_its_part_of_the_convolution_behind(stage: str, target: str) -> None:
    found = feeds(MODEL, TRACE.stages, stage, 1)
    assert found.target == target
    alone = torch.zeros_like(TRACE.stages[found.source])
    alone[1] = TRACE.stages[found.source][1]
    module = dict(MODEL.chain())[target]
    maps = F.conv2d(alone[None], module.weight, None, module.stride, module.padding)[0]  # type: ignore[call-overload]
    largest = maps.flatten(1).abs().amax(1)
    assert [term.channel for term in found.terms] == largest.argsort(descending=True).tolist()
    for term in found.terms:
        assert abs(term.sum) == pytest.approx(float(largest[term.channel]), rel=1e-5)
        made = number(MODEL, TRACE.stages, TRACE.input, Place(target, term.channel, term.row, term.column))
        sums = {each["channel"]: each["sum"] for each in made.parts["terms"]}
        assert sums[1] == pytest.approx(term.sum, rel=1e-4, abs=1e-6)


def test_a_weight_that_is_no_number_comes_first_and_covering_tells_of_it() -> None:
    model = small_network()
    model.get_parameter("block4.conv_layer.weight").data[5, 1] = torch.nan
    result = trace(checkpoint_of(model), PIXELS)
    terms = feeds(model, result.stages, "block3.relu", 1).terms
    assert (terms[0].channel, math.isnan(terms[0].sum)) == (5, True)
    sizes = [abs(term.sum) for term in terms[1:]]
    assert sizes == sorted(sizes, reverse=True)
    with pytest.raises(ExplanationError, match="not a number"):
        occlude(model, result.input, result.stages, Place("block4.conv", 5, 3, 3))


def test_the_last_maps_feed_fc1_and_the_logits_feed_nothing() -> None:
    found = feeds(MODEL, TRACE.stages, "block5.relu", 3)
    made = number(MODEL, TRACE.stages, TRACE.input, Place("fc1", found.terms[0].channel))
    part = sum(term["sum"] for term in made.parts["terms"] if term["unit"] // 36 == 3)
    assert found.terms[0].sum == pytest.approx(part, rel=1e-4)
    assert (found.source, found.target, found.terms[0].row) == ("block5.pool", "fc1", None)
    assert feeds(MODEL, TRACE.stages, "fc2", 0).target == "logits"
    assert feeds(MODEL, TRACE.stages, "logits", 0).terms == ()


def test_with_groups_only_half_of_the_channels_are_wired() -> None:
    model = small("paper-groups")  # block 2: 16 channels in and 12 out, in two groups
    found = incoming(model, "block2.conv", 7)
    assert (found.first, tuple(found.kernels.shape)) == (8, (8, 5, 5))
    stages, pixels = walked(model)
    fed = feeds(model, stages, "block1.conv", 9)
    assert sorted(term.channel for term in fed.terms) == [6, 7, 8, 9, 10, 11]
    made = number(model, stages, pixels, Place(fed.target, fed.terms[0].channel, fed.terms[0].row, fed.terms[0].column))
    sums = {each["channel"]: each["sum"] for each in made.parts["terms"]}
    assert sums[9] == pytest.approx(fed.terms[0].sum, rel=1e-4)


def test_there_is_no_such_unit() -> None:
    with pytest.raises(StageError):
        incoming(MODEL, "block9", 0)
    with pytest.raises(UnitError):
        feeds(MODEL, TRACE.stages, "block1.relu", 4)
    with pytest.raises(UnitError):
        occlude(MODEL, PIXELS, TRACE.stages, Place("block1.relu", 4))


def test_covering_changes_a_value_of_block_1_by_what_the_square_adds() -> None:
    place = Place("block1.conv", 1, 10, 20)  # sees rows 40 to 50, columns 80 to 90
    found = occlude(MODEL, PIXELS, TRACE.stages, place)
    assert found.passes == 4  # from rows 40 and 47, columns 80 and 87
    weight = MODEL.get_parameter("block1.conv_layer.weight")[1]
    products = (weight * PIXELS[:, 40:51, 80:91]).sum(0).double().numpy()
    whole, right, below, corner = (
        -products[rows, columns].sum()
        for rows in (slice(0, 11), slice(7, 11))
        for columns in (slice(0, 11), slice(7, 11))
    )
    values = found.values.numpy()
    assert values[40, 80] == pytest.approx(whole, rel=1e-3, abs=1e-5)
    assert values[50, 90] == pytest.approx((whole + below + right + corner) / 4, rel=1e-3, abs=1e-5)
    values[40:51, 80:91] = 0
    assert not np.any(values)  # beyond what it sees


def test_a_unit_without_a_place_is_covered_everywhere() -> None:
    paused: list[int] = []
    found = occlude(MODEL, PIXELS, TRACE.stages, Place("logits", 2), pause=lambda: paused.append(1))
    assert (found.passes, len(paused)) == (17 * 17, 19)
    covered = PIXELS.clone()
    covered[:, 14:28, 28:42] = 0
    change = float(trace(checkpoint_of(MODEL), covered).logits[2] - TRACE.logits[2])
    assert float(found.values[20, 30]) == pytest.approx(change, rel=1e-3, abs=1e-5)
