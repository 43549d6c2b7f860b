import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.cli import run
from alexnet_viz.errors import StageError
from alexnet_viz.explain.image_parts import StageParts, find_parts
from alexnet_viz.images import InputRule
from alexnet_viz.model import AlexNet
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.datasets.dataset import Split
from alexnet_viz.ui.unit.service import class_means
from tests.explain.test_arithmetic import small

CLASSES = ("a", "b", "c")
COUNT = 70  # three batches, the last of six


def drawn(seed: int = 1) -> Split:
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (COUNT, 3, 8, 8), generator=generator, dtype=torch.uint8)
    return Split.of_stored(images, torch.arange(COUNT) % 2)  # no picture of c


def checkpoint_of(model: AlexNet) -> Checkpoint:
    rule = InputRule(model.variant.input_size)
    metadata: dict[str, object] = {"input": rule.to_record(), "source": ""}
    return Checkpoint("small", model, tuple("0123456789"), model.variant.name, metadata, torch.device("cpu"), None)


@pytest.fixture(scope="module")
def network() -> Checkpoint:
    return checkpoint_of(small("seed"))


@pytest.fixture(scope="module")
def found(network: Checkpoint) -> dict[str, StageParts]:
    return find_parts(network, drawn(), CLASSES)


@pytest.fixture(scope="module")
def responses(network: Checkpoint) -> dict[str, Tensor]:
    """Every stage's whole output, picture by picture."""
    with torch.no_grad():
        inputs = prepare_as(drawn().images, network.input_rule)
        rows = [dict(network.model.walk(pixels[None])) for pixels in inputs]
    return {name: torch.cat([row[name] for row in rows]) for name in rows[0]}


@pytest.mark.parametrize("stage", ["block1.conv", "block2.relu", "block5.pool", "fc1", "logits"])
def test_parts_are_those_of_a_full_sort(found: dict[str, StageParts], responses: dict[str, Tensor], stage: str) -> None:
    parts, outputs = found[stage], responses[stage]
    for channel in range(outputs.shape[1]):
        each = outputs[:, channel].reshape(COUNT, -1).amax(dim=1).numpy()
        ours = parts.parts(channel, parts.strongest)
        np.testing.assert_allclose([part.value for part in ours], np.sort(each)[::-1][:9], rtol=1e-4, atol=1e-5)
        assert len({part.image for part in ours}) == 9
        for part in ours:
            there = outputs[part.image, channel]
            value = there[part.row, part.column] if there.dim() else there
            assert float(value) == pytest.approx(part.value, rel=1e-4, abs=1e-5)
        silent = [part.value for part in parts.parts(channel, parts.silent)]
        np.testing.assert_allclose(silent, np.sort(each)[:7], rtol=1e-4, atol=1e-5)
        middle = [part.value for part in parts.parts(channel, parts.middle)]
        off = np.sort(np.abs(each - each.max() / 2))[:7]
        np.testing.assert_allclose(np.abs(np.array(middle) - each.max() / 2), off, rtol=1e-3, atol=1e-4)


def test_class_means_spread_and_selectivity(found: dict[str, StageParts], responses: dict[str, Tensor]) -> None:
    each = responses["block3.relu"].flatten(2).amax(dim=2).double().numpy()
    first, second = each[0::2], each[1::2]
    parts = found["block3.relu"]
    np.testing.assert_allclose(
        parts.class_means[:, :2].numpy(), np.stack([first.mean(0), second.mean(0)], 1), rtol=1e-4
    )
    assert parts.class_means[:, 2].isnan().all()
    np.testing.assert_allclose(parts.class_deviations[:, 0].numpy(), first.std(0), rtol=1e-3)
    between = (np.square(first.mean(0) - each.mean(0)) + np.square(second.mean(0) - each.mean(0))) / 2
    np.testing.assert_allclose(parts.selectivity.numpy(), between / each.var(0), rtol=1e-2, atol=1e-4)


def test_boxes_are_receptive_fields_clipped_at_the_border(found: dict[str, StageParts]) -> None:
    # Block 2's convolution: field 51, jump 8, its first unit begins at 0 - 2 × 8 = -16.
    for channel in range(12):
        for part in found["block2.conv"].parts(channel, found["block2.conv"].strongest):
            top, left = -16 + 8 * part.row, -16 + 8 * part.column
            assert part.box == (max(0, top), max(0, left), min(227, top + 51), min(227, left + 51))
    assert found["fc1"].parts(0, found["fc1"].strongest)[0].box == (0, 0, 227, 227)


@pytest.mark.parametrize("value", [torch.nan, torch.inf, -torch.inf])
def test_what_is_no_number_is_never_strongest(value: float) -> None:
    model = small("seed")
    model.get_parameter("block1.conv_layer.bias").data[2] = value
    found = find_parts(checkpoint_of(model), drawn(), CLASSES, stages=("block1.conv",))["block1.conv"]
    assert found.parts(2, found.strongest) == found.parts(2, found.silent) == []
    assert len(found.parts(3, found.strongest)) == 9
    # Its classes have pictures: their means are no numbers, which is not the same as no pictures.
    assert found.class_counts.tolist() == [COUNT // 2, COUNT // 2, 0]
    assert [row["class"] for row in class_means(found, 2, CLASSES)] == list(CLASSES[:2])
    assert not any(math.isfinite(row["mean"]) for row in class_means(found, 2, CLASSES))


def test_classes_stand_by_their_mean_and_what_is_no_number_last(found: dict[str, StageParts]) -> None:
    parts = found["block3.relu"]
    given = replace(parts, class_counts=torch.tensor([1, 1, 1]), class_means=torch.tensor([[torch.nan, 1.0, 2.0]]))
    assert [row["class"] for row in class_means(given, 0, CLASSES)] == [CLASSES[2], CLASSES[1], CLASSES[0]]


def test_progress_can_cancel_and_only_the_stages_asked_for_are_computed(network: Checkpoint) -> None:
    seen: list[int] = []

    def stop(done: int) -> None:
        seen.append(done)
        if done > 32:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        find_parts(network, drawn(), CLASSES, stages=("block1.relu",), progress=stop)
    assert seen == [32, 64]
    with pytest.raises(StageError):
        find_parts(network, drawn(), CLASSES, stages=("block9",))


def test_it_pauses_between_the_stages(network: Checkpoint) -> None:
    paused: list[int] = []
    find_parts(network, drawn(), CLASSES, stages=("block1.norm",), pause=lambda: paused.append(1))
    assert len(paused) == 3 * 2  # before relu and norm of three batches


def test_the_command(capsys: pytest.CaptureFixture[str], untrained_once: None) -> None:
    asked = ["top", "--dataset", "shapes", "--limit", "4", "--stage", "block1.pool", "--count", "2"]
    assert run([*asked, "--checkpoint", "untrained", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["images"], len(record["channels"])) == (4, 96)
    assert set(record["channels"][0]["strongest"][0]) == {"image", "row", "column", "value", "box"}
    asked[2] = "nothing"  # a channel that there is not is refused before any picture is looked for
    assert run([*asked, "--checkpoint", "untrained", "--channel", "96"]) == 2
    assert "no channel 96 at block1.pool; choose one from 0 to 95" in capsys.readouterr().err


def test_a_folders_pictures_are_named_by_their_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], untrained_once: None
) -> None:
    shades = {"dark/0.png": 10, "light/1.png": 120, "light/2.png": 250}
    for name, shade in shades.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 40), (shade, shade, shade)).save(tmp_path / name)
    asked = ["top", "--dataset", "folder", "--data", str(tmp_path), "--stage", "block1.conv", "--channel", "0"]
    assert run([*asked, "--checkpoint", "untrained", "--json"]) == 0
    strongest = json.loads(capsys.readouterr().out)["channels"][0]["strongest"]
    # Of plain pictures a filter's response is a straight line of their shade: up or down, never otherwise.
    files = [part["file"] for part in strongest]
    assert files in (list(shades), list(shades)[::-1])
    assert run([*asked, "--checkpoint", "untrained"]) == 0
    assert f"in {files[0]}, " in capsys.readouterr().out
