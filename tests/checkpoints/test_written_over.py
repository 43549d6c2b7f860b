"""A file written where another lay, of which something was chosen, is read as it was written."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import torch

from alexnet_viz.checkpoints import Choice, choices_file, keep_choice, load_checkpoint, resolve_checkpoint
from alexnet_viz.checkpoints.export import EXPORT_FORMATS, export_checkpoint
from alexnet_viz.checkpoints.saving import save_described, save_packed
from alexnet_viz.errors import CheckpointError
from tests.support.model_files import article_shapes, saved, tiny

FIRST = "block1.conv_layer.weight"


def coloured(path: Path) -> Path:
    """Write the article's network, whose first layer has 1 for each colour it takes first, 2 and 3 for the others."""
    state = dict(tiny(article_shapes(3)))
    state[FIRST] = torch.tensor([1.0, 2.0, 3.0])[None, :, None, None].expand(96, 3, 11, 11)
    return saved(state, path)


def first_colours(path: Path, choice: Choice | None = None) -> list[float]:
    found = resolve_checkpoint(path, choice=choice) if choice else resolve_checkpoint(path)
    return load_checkpoint(found, "cpu").model.state_dict()[FIRST][0, :, 0, 0].tolist()


@pytest.mark.parametrize("form", [form for form in EXPORT_FORMATS if form not in ("onnx", "torchvision")])
def test_a_network_that_takes_blue_first_is_turned_once(tmp_path: Path, form: str) -> None:
    path = coloured(tmp_path / "b.pth")
    keep_choice(path, Choice(normalisation="half/bgr"))
    before = load_checkpoint(path, "cpu")
    assert first_colours(path) == [3.0, 2.0, 1.0]
    export_checkpoint(path, before, form)
    assert not choices_file(path).exists()
    again = load_checkpoint(path, "cpu")
    assert (first_colours(path), again.input_rule) == ([3.0, 2.0, 1.0], before.input_rule)
    assert again.digest == before.digest
    assert not any("blue, green, red" in each for each in again.chosen)


def test_a_file_whose_order_of_colours_is_decided_is_not_turned_by_a_choice(tmp_path: Path) -> None:
    path = coloured(tmp_path / "b.pth")
    before = load_checkpoint(resolve_checkpoint(path, choice=Choice(normalisation="half/bgr")), "cpu")
    save_described(tmp_path / "kept.safetensors", before)
    keep_choice(tmp_path / "kept.safetensors", Choice(normalisation="caffe"))
    kept = load_checkpoint(tmp_path / "kept.safetensors", "cpu")
    assert first_colours(tmp_path / "kept.safetensors") == [3.0, 2.0, 1.0]
    assert kept.input_rule.mean == (123 / 255, 117 / 255, 104 / 255)
    assert "Its first layer's weights are in the order red, green, blue already, and stay so." in kept.chosen
    assert first_colours(path, Choice(normalisation="caffe")) == [3.0, 2.0, 1.0]  # of itself it says nothing


def test_what_was_chosen_of_the_file_that_was_there_is_not_that_of_the_new_one(tmp_path: Path) -> None:
    good = load_checkpoint(saved(tiny(article_shapes(3)), tmp_path / "good.pth"), "cpu")
    target = tmp_path / "b.pth"

    writers: dict[str, Callable[[], object]] = {
        form: partial(export_checkpoint, target, good, form) for form in ("safetensors", "state-dict", "onnx")
    }
    writers["described"] = lambda: save_described(target, good)
    writers["packed"] = lambda: save_packed(target, good, {}, metrics={}, source="test")
    for name, write in writers.items():
        keep_choice(target, Choice("seed-tanh", "none", ("x", "y", "z")))
        write()
        assert not choices_file(target).exists(), name
        if name != "onnx":
            assert load_checkpoint(target, "cpu").variant == good.variant


def test_what_cannot_be_written_leaves_the_file_and_its_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = coloured(tmp_path / "b.pth")
    keep_choice(path, Choice("paper"))
    before = load_checkpoint(path, "cpu")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alexnet_viz.checkpoints.saving.save_file", full)
    with pytest.raises(CheckpointError, match="cannot be written"):
        save_described(path, before)
    assert load_checkpoint(path, "cpu").variant == "paper"
