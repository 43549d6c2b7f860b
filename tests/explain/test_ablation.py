from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor

from alexnet_viz.errors import ExplanationError, StageError
from alexnet_viz.explain.ablation import (
    Change,
    altered_stages,
    answers_before_and_after,
    changes_of,
    costs,
    shares_of_change,
)
from alexnet_viz.model import AlexNet
from tests.explain.small_network import small_network


@pytest.fixture(scope="module")
def network() -> AlexNet:
    return small_network()


@pytest.fixture(scope="module")
def stages(network: AlexNet) -> dict[str, Tensor]:
    x = torch.randn(1, 3, 227, 227, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        return {name: output[0] for name, output in network.walk(x)}


def by_hand(network: AlexNet, stages: dict[str, Tensor], stage: str, output: Tensor) -> Tensor:
    """The logits of a network whose stage gives this output: the layers after it, one by one, without our walk."""
    order = list(network.children())
    index = int(stage[5]) - 1
    layers = list(order[index].children())[{"conv": 1, "relu": 2}[stage.partition(".")[2]] :]
    x = output[None]
    with torch.no_grad():
        for module in [*layers, *order[index + 1 :]]:
            x = module(x)
    return x[0]


@pytest.mark.parametrize("factor", [0.0, 2.0, -1.0, None])
def test_a_changed_channel_changes_the_rest_as_by_hand(
    network: AlexNet, stages: dict[str, Tensor], factor: float | None
) -> None:
    output = stages["block2.relu"].clone()
    output[3] = stages["block2.relu"][3].mean() if factor is None else factor * output[3]
    altered = altered_stages(network, stages, [Change("block2.relu", 3, factor)])
    torch.testing.assert_close(altered["block2.relu"], output)
    torch.testing.assert_close(altered["logits"], by_hand(network, stages, "block2.relu", output))
    assert "block1.pool" not in altered


def test_changes_of_several_stages_act_one_after_the_other(network: AlexNet, stages: dict[str, Tensor]) -> None:
    both = [Change("fc1", 2, 0.0), Change("block1.relu", 1, 0.0)]
    altered = altered_stages(network, stages, both)
    assert float(altered["fc1"][2]) == 0
    first = altered_stages(network, stages, both[1:])
    assert not torch.equal(first["fc1"], stages["fc1"])
    second = altered_stages(network, first | {"logits": first["logits"]}, both[:1])
    torch.testing.assert_close(altered["logits"], second["logits"])


def test_a_factor_of_one_changes_nothing_at_all(network: AlexNet, stages: dict[str, Tensor]) -> None:
    altered = altered_stages(network, stages, [Change("block1.conv", 0, 1.0)])
    assert altered.keys() == stages.keys()
    assert all(torch.equal(stages[name], output) for name, output in altered.items())


def test_with_every_channel_off_the_prediction_is_that_of_the_biases(
    network: AlexNet, stages: dict[str, Tensor]
) -> None:
    altered = altered_stages(network, stages, [Change("fc2", unit, 0.0) for unit in range(8)])
    torch.testing.assert_close(altered["logits"], network.classification_layer.bias)


@pytest.mark.parametrize("stage", ["block1.relu", "fc1", "logits"])
def test_costs_are_those_of_each_channel_off_alone(network: AlexNet, stages: dict[str, Tensor], stage: str) -> None:
    found = costs(network, stages, stage)
    assert len(stages[stage]) == len(found)
    torch.testing.assert_close(costs(network, stages, stage, [2, 1]), found[[2, 1]])
    for channel in range(len(found)):
        alone = altered_stages(network, stages, [Change(stage, channel, 0.0)])["logits"].softmax(0)
        torch.testing.assert_close(found[channel], alone)


def test_eight_sessions_at_once_never_mix(network: AlexNet, stages: dict[str, Tensor]) -> None:
    asked = [[Change("block1.relu", number % 4, factor)] for factor in (0.0, 3.0) for number in range(4)] * 8
    alone = [altered_stages(network, stages, changes)["logits"] for changes in asked]
    before = [output.clone() for output in stages.values()]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda changes: altered_stages(network, stages, changes)["logits"], asked))
    for one, other in zip(alone, together, strict=True):
        torch.testing.assert_close(one, other)
    assert all(torch.equal(a, b) for a, b in zip(before, stages.values(), strict=True))
    assert not any(module._forward_hooks for module in network.modules())


def test_other_pictures_are_answered_as_by_hand(network: AlexNet, stages: dict[str, Tensor]) -> None:
    changes = [Change("block1.relu", 0, 0.0), Change("block1.relu", 2, None)]
    pictures = torch.randn(3, 3, 227, 227, generator=torch.Generator().manual_seed(7))
    before, after = answers_before_and_after(network, stages, changes, pictures)
    for picture, one, other in zip(pictures, before, after, strict=True):
        with torch.no_grad():
            own = {name: output[0] for name, output in network.walk(picture[None])}
        torch.testing.assert_close(one, own["logits"])
        output = own["block1.relu"].clone()
        output[0], output[2] = 0, stages["block1.relu"][2].mean()  # held at the mean on the photo, not on this picture
        torch.testing.assert_close(other, by_hand(network, own, "block1.relu", output))


def test_of_two_changes_on_one_channel_the_later_counts_everywhere(network: AlexNet, stages: dict[str, Tensor]) -> None:
    pictures = torch.randn(2, 3, 227, 227, generator=torch.Generator().manual_seed(8))
    twice = changes_of("block1.relu:0=0,block1.relu:0=1,block1.relu:2=3,block1.relu:2=1")
    before, after = answers_before_and_after(network, stages, twice, pictures)
    assert torch.equal(before, after)
    torch.testing.assert_close(altered_stages(network, stages, twice)["logits"], stages["logits"])


def test_what_is_off_is_zero_where_it_was_no_number(network: AlexNet, stages: dict[str, Tensor]) -> None:
    broken = {**stages, "block1.relu": stages["block1.relu"].clone()}
    broken["block1.relu"][1] = torch.nan
    found = altered_stages(network, broken, [Change("block1.relu", 1, 0.0)])
    assert found["block1.relu"][1].eq(0).all()
    assert found["logits"].isfinite().all()


def test_the_logits_themselves_may_be_changed(network: AlexNet, stages: dict[str, Tensor]) -> None:
    pictures = torch.randn(2, 3, 227, 227, generator=torch.Generator().manual_seed(7))
    before, after = answers_before_and_after(network, stages, [Change("logits", 1, 2.0)], pictures)
    torch.testing.assert_close(after[:, 1], 2 * before[:, 1])
    torch.testing.assert_close(after[:, 2:], before[:, 2:])


def test_the_change_is_a_share_of_what_was_there() -> None:
    before = {"a": torch.tensor([3.0, 4.0]), "b": torch.zeros(2), "c": torch.tensor([1.0, 1.0])}
    found = shares_of_change(before, {"a": torch.tensor([3.0, 3.0]), "b": torch.zeros(2), "c": torch.ones(2)})
    assert found["a"] == pytest.approx(0.2)  # 1 of 5
    assert found["b"] != found["b"]  # nothing was there: not a number
    assert found["c"] == 0


def test_changes_are_written_and_read() -> None:
    assert Change.of_text("block1.relu:65=0") == Change("block1.relu", 65, 0.0)
    assert Change.of_text("fc1:7=held") == Change("fc1", 7, None)
    assert Change.of_text("fc1:7=held").text == "fc1:7=held"
    assert Change.of_text("fc1:7=0.50").text == "fc1:7=0.5"
    for text in ("", "block1.relu", "block1.relu=0", "block1.relu:x=0", "block1.relu:1=", "block1.relu:1=nan"):
        with pytest.raises(ExplanationError, match=r"is no change of a channel; write it as block1.relu:65=0"):
            Change.of_text(text)


def test_many_changes_are_read_from_one_text_and_a_stage_counts_until_the_next() -> None:
    found = changes_of("block1.relu:65=0,22=held,fc1:3=2,4=0")
    assert [change.text for change in found] == ["block1.relu:65=0", "block1.relu:22=held", "fc1:3=2", "fc1:4=0"]
    for text in ("", "65=0", "block1.relu:65=0,", "block1.relu:65=0,x=1"):
        with pytest.raises(ExplanationError, match="is no change of a channel"):
            changes_of(text)


def test_what_is_not_there_is_named(network: AlexNet, stages: dict[str, Tensor]) -> None:
    with pytest.raises(StageError, match=r"no stage 'block6.relu'"):
        altered_stages(network, stages, [Change("block6.relu", 0, 0.0)])
    with pytest.raises(ExplanationError, match=r"no channel 4 at block1.relu, which has 4; choose one from 0 to 3"):
        altered_stages(network, stages, [Change("block1.relu", 4, 0.0)])
    with pytest.raises(ExplanationError, match=r"no channel 4 at block1.relu"):
        costs(network, stages, "block1.relu", range(3, 5))
