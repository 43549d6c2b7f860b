import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.cli import run
from alexnet_viz.errors import ExplanationError, UnitError
from alexnet_viz.explain import tuning as tuning_module
from alexnet_viz.explain import unit_commands
from alexnet_viz.explain.arithmetic import Number, Place
from alexnet_viz.explain.field_response import FieldResponse
from alexnet_viz.explain.most_possible import most_possible
from alexnet_viz.explain.tuning import CHANGES, WAVES, changed, tuning
from alexnet_viz.explain.visualise import Goal, Making, Moment, is_behind_relu, make_picture
from alexnet_viz.images import InputRule
from alexnet_viz.inference import trace
from tests.explain.test_arithmetic import small
from tests.explain.test_image_parts import checkpoint_of


@pytest.fixture(scope="module")
def network() -> Checkpoint:
    return checkpoint_of(small("seed"))


def red_minus_green() -> Checkpoint:
    """Channel 0 of block 1 is red minus green of one field, in values 0 … 1, plus 0.5; channel 1 is 0."""
    model = small("seed")
    weight, bias = (model.get_parameter(f"block1.conv_layer.{name}").data for name in ("weight", "bias"))
    weight[:2], bias[0], bias[1] = 0, 0.5, 0
    checkpoint = checkpoint_of(model)
    rule = checkpoint.input_rule
    weight[0, 0], weight[0, 1] = rule.std[0] / 121, -rule.std[1] / 121
    bias[0] += rule.mean[0] - rule.mean[1]
    return checkpoint


@pytest.mark.parametrize(("stage", "side"), [("block1.relu", 11), ("block2.conv", 51), ("block5.conv", 163)])
def test_a_field_alone_answers_as_in_the_middle_of_a_photo(network: Checkpoint, stage: str, side: int) -> None:
    pixels = torch.rand(3, 227, 227, generator=torch.Generator().manual_seed(3))
    rule = network.input_rule
    mean, std = (torch.tensor(each)[:, None, None] for each in (rule.mean, rule.std))
    maps = trace(network, (pixels - mean) / std).stages[stage]
    middle = maps.shape[-1] // 2  # its field is centred on the photo's middle pixel, 113
    first = 113 - side // 2
    response = FieldResponse(network, stage, 2)
    assert response.side == side
    with torch.no_grad():
        alone = response(pixels[None, :, first : first + side, first : first + side]).value
    assert float(alone) == pytest.approx(float(maps[2, middle, middle]), rel=1e-4, abs=1e-5)


def test_a_picture_for_red_minus_green_is_red() -> None:
    made = make_picture(red_minus_green(), Goal("block1.relu", 0, steps=64))
    red, green, _ = (made.picture[..., channel].double().mean() / 255 for channel in range(3))
    assert made.response == pytest.approx(float(red - green) + 0.5, abs=1e-3)  # of the saved bytes
    assert red - green > 0.2
    values = made.picture.double() / 255
    assert float(values.std()) < 0.21
    inhibits = make_picture(red_minus_green(), Goal("block1.relu", 0, negative=True, steps=64))
    assert inhibits.response < 0.5 < made.response
    assert torch.equal(made.film[0].picture, inhibits.film[0].picture)  # one noise for both signs


def test_the_most_that_a_picture_can_reach_by_hand() -> None:
    """Of 363 values 121 weigh 1 / 121, 121 as much below zero, 121 nothing; mean grey answers 0.5."""
    network = red_minus_green()
    full = most_possible(network, Goal("block1.relu", 0, contrast="full"))
    # red: 1 - 0 + 0.5, summed in float32 in whatever order the machine's convolution takes
    assert full == pytest.approx(1.5, rel=1e-5)
    # The slope's length is sqrt(242) / 121, a picture's of deviation 0.2 is 0.2 sqrt(362) from grey.
    photo_like = most_possible(network, Goal("block1.relu", 0))
    assert photo_like == pytest.approx(0.5 + 0.2 * (362 * 242) ** 0.5 / 121, rel=1e-5)
    made = make_picture(network, Goal("block1.relu", 0, steps=128))
    assert 0.97 * photo_like < made.response < 1.005 * photo_like
    assert most_possible(network, Goal("block2.relu", 0)) is None
    with pytest.raises(UnitError, match="no channel 96"):
        most_possible(network, Goal("block1.relu", 96))


def test_the_response_grows_and_the_seed_decides(network: Checkpoint) -> None:
    goal = Goal("block2.relu", 4, steps=24)
    made = make_picture(network, goal)
    assert [moment.step for moment in made.film] == [0, 4, 8, 16, 24]
    assert made.response > made.film[0].response
    assert torch.equal(make_picture(network, goal).picture, made.picture)
    other = make_picture(network, Goal("block2.relu", 4, steps=24, seed=1))
    assert not torch.equal(other.picture, made.picture)
    full = make_picture(network, Goal("block2.relu", 4, steps=24, contrast="full"))
    assert float(full.picture.double().std()) > float(made.picture.double().std())


def test_a_dead_channel_and_one_that_is_not_finite_are_told() -> None:
    dead = red_minus_green()
    with pytest.raises(ExplanationError, match="No gradient reaches this channel"):
        make_picture(dead, Goal("block1.relu", 1, steps=4))
    dead.model.get_parameter("block1.conv_layer.weight").data[1, 0, 0, 0] = torch.nan
    with pytest.raises(ExplanationError, match="Not finite at step 0"):
        make_picture(dead, Goal("block1.relu", 1, steps=4))
    with pytest.raises(UnitError, match="no channel 16"):
        make_picture(dead, Goal("block1.relu", 16))
    without_norms = small("torchvision")
    without_norms.get_parameter("block1.conv_layer.bias").data[1] = torch.nan
    with pytest.raises(ExplanationError, match="Not finite at step 0"):  # though its gradient is
        make_picture(checkpoint_of(without_norms), Goal("logits", 0, steps=4))


def test_making_can_be_cancelled(network: Checkpoint) -> None:
    def stop(moment: Moment) -> None:
        if moment.step == 8:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        make_picture(network, Goal("block1.relu", 2), stop)


def test_nothing_of_the_network_takes_a_gradient(network: Checkpoint) -> None:
    before = [parameter.requires_grad for parameter in network.model.parameters()]
    make_picture(network, Goal("block1.relu", 2, steps=2))
    assert [parameter.requires_grad for parameter in network.model.parameters()] == before


def photo() -> Image.Image:
    pixels = np.random.default_rng(1).integers(0, 256, (227, 227, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("by", CHANGES)
def test_the_photo_as_it_is_lies_on_the_curve(network: Checkpoint, by: str) -> None:
    found = tuning(network, photo(), "block2.relu", 3, by)
    assert found.at is not None
    here = found.response[found.x.index(found.at)]
    assert here == pytest.approx(float(trace(network, photo()).stages["block2.relu"][3].max()), rel=1e-4, abs=1e-5)
    assert len(found.x) == len(found.response)
    assert list(found.x) == sorted(found.x)


def test_without_contrast_red_is_green() -> None:
    found = tuning(red_minus_green(), photo(), "block1.conv", 0, "contrast")
    assert found.response[0] == pytest.approx(0.5, abs=1e-4)
    assert found.response[-1] > found.response[4] > 0.5


def test_hue_of_a_red_photo_by_hand() -> None:
    red = Image.new("RGB", (227, 227), (255, 0, 0))
    found = tuning(red_minus_green(), red, "block1.conv", 0, "hue")
    by_degrees = dict(zip(found.x, found.response, strict=True))
    assert by_degrees[0] == pytest.approx(1.5, abs=1e-3)  # 1 - 0 + 0.5
    assert by_degrees[120] == pytest.approx(-0.5, abs=0.03)  # green: 0 - 1 + 0.5; hues have 256 steps
    assert by_degrees[-120] == pytest.approx(0.5, abs=0.03)  # blue


def waves_across(rows: bool) -> Checkpoint:
    """Channel 0 of block 1 is a wave of 12.5 pixels, 8 in 100, with upright lines or with level ones."""
    model = small("seed")
    weight, bias = (model.get_parameter(f"block1.conv_layer.{name}").data for name in ("weight", "bias"))
    wave = torch.cos(2 * torch.pi * 0.08 * torch.arange(11)).expand(11, 11)
    weight[0], bias[0] = (wave.T if rows else wave) / 363, 0
    return checkpoint_of(model)


@pytest.mark.parametrize(("rows", "degrees"), [(False, 0.0), (True, 90.0)])
def test_a_wave_answers_to_its_own_orientation_and_frequency(rows: bool, degrees: float) -> None:
    network = waves_across(rows)
    orientation = tuning(network, photo(), "block1.conv", 0, "orientation")
    best = max(zip(orientation.response, orientation.x, strict=True))[1]
    assert best == degrees
    assert orientation.at is None
    frequency = tuning(network, photo(), "block1.conv", 0, "frequency")
    assert frequency.beside == degrees
    assert max(zip(frequency.response, frequency.x, strict=True))[1] == orientation.beside == 8


@pytest.mark.parametrize(
    ("by", "amount", "beside"),
    [
        *(("scale", 1000, None), ("scale", 0, None), ("scale", -1, None), ("blur", 9, None)),
        *(("hue", math.nan, None), ("orientation", 0, 1e9), ("frequency", 0, None)),
    ],
)
def test_an_amount_beyond_the_curve_is_refused(by: str, amount: float, beside: float | None) -> None:
    with pytest.raises(ExplanationError, match=r"no \w+ by \S+; choose an amount from \S+ to \S+"):
        changed(photo(), InputRule(64), by, amount, beside)


def test_the_best_grating_is_one_whose_answer_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([math.nan, 1.0, 5.0, *[2.0] * 100])
    monkeypatch.setattr(tuning_module, "_responses", lambda _1, inputs, _2, _3: [next(answers) for _ in inputs])
    found = tuning(waves_across(rows=False), photo(), "block1.conv", 0, "orientation")
    assert found.beside == WAVES[2]  # the third of the grid: 0 degrees, the third frequency


def test_a_grating_turns_to_the_left() -> None:
    # 25 waves in 100 pixels: white, grey, black, grey.
    upright = np.asarray(changed(photo(), InputRule(64), "orientation", 0, 25))[:8, :8, 0]
    assert upright[3].tolist() == [255, 128, 0, 127, 255, 128, 0, 127]
    assert np.array_equal(np.asarray(changed(photo(), InputRule(64), "frequency", 25, 90))[:8, :8, 0], upright.T)
    leaning = np.asarray(changed(photo(), InputRule(64), "orientation", 45, 25))[..., 0]
    assert leaning[1, 1] == leaning[0, 0]  # lines that run down to the right are upright ones turned to the left


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str], untrained_once: None) -> None:
    out, at = tmp_path / "made.png", ["--checkpoint", "untrained", "--stage", "block1.relu", "--channel", "3"]
    assert run(["visualise", *at, "--steps", "2", "--out", str(out), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    with Image.open(out) as picture:
        assert picture.size == (11, 11)
    assert (record["best_part"], record["steps"], record["seed"], record["path"]) == (None, 2, 0, str(out))
    photo().save(tmp_path / "photo.png")
    assert run(["tuning", str(tmp_path / "photo.png"), *at, "--by", "blur", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["by"], record["unit"], record["at"], record["x"][:2]) == ("blur", "pixels", 0, [0, 0.5])
    assert run(["tuning", str(tmp_path / "photo.png"), *at, "--by", "size"]) == 2
    assert (
        "no change 'size'; choose rotation, scale, hue, contrast, blur, orientation, frequency"
        in capsys.readouterr().err
    )


def test_a_picture_that_stood_still_goes_on_as_if_it_had_not(network: Checkpoint) -> None:
    goal = Goal("block2.relu", 4, steps=24)
    steps = iter(range(100))

    def stop() -> None:
        if next(steps) == 13:
            raise InterruptedError

    making = Making(goal)
    with pytest.raises(InterruptedError):
        making.go_on(network, 24, pause=stop)
    assert [moment.step for moment in making.film] == [0, 4, 8]  # 13 steps were made, 8 is the last one looked at
    making.go_on(network, 24)
    assert [moment.step for moment in making.film] == [0, 4, 8, 16, 24]
    at_once = make_picture(network, goal)
    assert torch.equal(making.film[-1].picture, at_once.picture)
    assert making.film[-1].response == at_once.response


def test_only_behind_a_relu_is_it_measured_in_front_of_one() -> None:
    behind = ("block1.relu", "block2.norm", "block5.pool", "fc1.relu")
    assert [stage for stage in (*behind, "block1.conv", "fc2", "logits") if is_behind_relu(stage)] == list(behind)


def test_values_of_the_commands_read_differently_where_they_differ(capsys: pytest.CaptureFixture[str]) -> None:
    terms = [{"channel": 3, "sum": 2.31e-8}, {"channel": 1, "sum": -2.29e-8}]
    place = Place("block2.conv", 0, 1, 2)
    unit_commands._print_number(Number(place, 2e-10, "convolution", "block1.pool", {"terms": terms, "bias": 0.0}))
    assert [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()] == [
        "block2.conv, channel 0, row 1, column 2: 2.00 × 10^−10, made of block1.pool",
        "channel 3 2.31 × 10^−8",
        "channel 1 −2.29 × 10^−8",
        "bias 0",
    ]
    window = {"window": [[1.2341, 1.2343], [float("nan"), 0.0]], "winner": [0, 1]}
    unit_commands._print_number(Number(place, 1.2343, "pool", "block2.norm", window))
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:3]] == [
        ["1.2341", "1.2343"], ["not", "a", "number", "0"],
    ]  # fmt: skip
