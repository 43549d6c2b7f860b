from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from alexnet_viz import cli
from alexnet_viz.checkpoints import Checkpoint, load_checkpoint, save_packed
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from alexnet_viz.model import AlexNet
from alexnet_viz.training.datasets.shapes import CLASSES, draw
from alexnet_viz.training.packing import low_rank_factors, with_first_layer_within
from tests.checkpoints.public_definitions import HALF, published
from tests.support.model_files import saved

RANK = 12  # of 16 units
PICTURES = draw(40, seed=0)


@pytest.fixture
def checkpoint(tiny_network: Callable[..., AlexNet]) -> Checkpoint:
    model = tiny_network(seed=1)
    torch.nn.init.normal_(model.fc1.bias)
    metadata: dict[str, object] = {
        "variant": "seed", "classes": list(CLASSES), "input": InputRule().to_record(), "epoch": 3, "source": "a run"
    }  # fmt: skip
    return Checkpoint("mine", model.eval(), CLASSES, "seed", metadata, torch.device("cpu"), None)


def packed(checkpoint: Checkpoint, path: Path) -> Path:
    factors = low_rank_factors(checkpoint, PICTURES, rank=RANK)
    save_packed(path, checkpoint, factors, metrics={"test_accuracy": 0.5}, source="packed")
    return path


def logits(checkpoint: Checkpoint) -> torch.Tensor:
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        return checkpoint.model(torch.randn((4, 3, 227, 227), generator=generator))


def test_answers_stay_what_they_were(checkpoint: Checkpoint, tmp_path: Path) -> None:
    again = load_checkpoint(packed(checkpoint, tmp_path / "p.safetensors"))
    before, after = logits(checkpoint), logits(again)
    assert (before - after).abs().max() < 0.01 * before.abs().max()  # float16 has 11 bits, 8 layers


def test_the_matrices_have_the_rank_and_keep_what_pictures_make(checkpoint: Checkpoint, tmp_path: Path) -> None:
    again = load_checkpoint(packed(checkpoint, tmp_path / "p.safetensors"))
    assert torch.linalg.matrix_rank(again.model.fc1.weight, rtol=1e-3) == RANK
    picture = torch.nn.functional.interpolate(PICTURES.images[:8].float() / 255 - 0.5, size=(227, 227))
    with torch.no_grad():
        before, after = (dict(one.model.walk(picture))["fc1"] for one in (checkpoint, again))
    assert (before - after).norm() < 0.05 * before.norm()


def test_a_packed_file_says_so_and_is_small(checkpoint: Checkpoint, tmp_path: Path) -> None:
    path = packed(checkpoint, tmp_path / "p.safetensors")
    metadata = load_checkpoint(path).metadata
    assert metadata["packing"] == "low-rank/1"
    assert (metadata["metrics"], metadata["source"], metadata["epoch"]) == ({"test_accuracy": 0.5}, "packed", 3)
    tensors = load_file(path)
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float16}
    assert tensors["fc1.weight.left"].shape == (16, RANK)
    assert tensors["fc1.weight.right"].shape == (RANK, 8 * 36)
    assert "fc1.weight" not in tensors


@pytest.mark.parametrize("missing", ["fc1.weight.left", "fc2.weight.right"])
def test_a_missing_factor_is_told(checkpoint: Checkpoint, tmp_path: Path, missing: str) -> None:
    path = packed(checkpoint, tmp_path / "p.safetensors")
    rewrite(path, lambda tensors: tensors.pop(missing))
    with pytest.raises(CheckpointError, match=f"lacks a factor of {missing.rpartition('.')[0]}"):
        load_checkpoint(path)


def test_factors_that_do_not_fit_are_told(checkpoint: Checkpoint, tmp_path: Path) -> None:
    path = packed(checkpoint, tmp_path / "p.safetensors")
    rewrite(path, lambda tensors: tensors.update({"fc1.weight.left": torch.zeros(16, RANK + 1)}))
    with pytest.raises(CheckpointError, match=r"factors of fc1\.weight that do not fit together"):
        load_checkpoint(path)


def test_a_product_of_the_wrong_shape_is_told(checkpoint: Checkpoint, tmp_path: Path) -> None:
    path = packed(checkpoint, tmp_path / "p.safetensors")
    rewrite(path, lambda tensors: tensors.update({"fc1.weight.left": torch.zeros(17, RANK)}))
    with pytest.raises(CheckpointError, match=r"has fc1\.weight of 17 × 288"):
        load_checkpoint(path)


def rewrite(path: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path, metadata)


@pytest.mark.slow
def test_the_first_filters_keep_the_directions_of_the_pictures_and_the_checkpoint_stays(
    checkpoint: Checkpoint,
) -> None:
    before = checkpoint.model.block1.conv_layer.weight.detach().clone()
    projected, share = with_first_layer_within(checkpoint, PICTURES, directions=3)
    weight = projected.model.block1.conv_layer.weight.detach()
    assert torch.equal(checkpoint.model.block1.conv_layer.weight, before)  # type: ignore[arg-type]
    assert torch.linalg.matrix_rank(weight.flatten(1), rtol=1e-4) == 3
    assert 0.8 < share < 1
    again, _ = with_first_layer_within(projected, PICTURES, directions=3)
    assert torch.allclose(again.model.block1.conv_layer.weight, weight, atol=1e-6)  # type: ignore[arg-type]


def test_classes_are_asked_for_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def compute(*_: object) -> None:
        raise AssertionError("packed before it was asked whether the classes fit")

    monkeypatch.setattr("alexnet_viz.training.packing.low_rank_factors", compute)
    file = saved(published(widths=HALF, padding=2, units=2048, classes=5).state_dict(), tmp_path / "theirs.pth")
    out = tmp_path / "packed.safetensors"
    assert cli.run(["pack", "--checkpoint", str(file), "--out", str(out), "--dataset", "cifar10-sample"]) == 2
    assert "which the checkpoint" in capsys.readouterr().err
    assert not out.exists()
