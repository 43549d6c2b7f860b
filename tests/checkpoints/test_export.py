"""What is written for other programs, read again by them: the article's class, torchvision's, onnxruntime."""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor, nn

from alexnet_viz.checkpoints import Checkpoint, load_checkpoint
from alexnet_viz.checkpoints.export import EXPORT_FORMATS, export_checkpoint
from alexnet_viz.checkpoints.onnx_file import OPSET, write_onnx
from alexnet_viz.cli import run
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from alexnet_viz.model import VARIANTS, AlexNet, Variant, initialise

NAMES = ("ant", "bee", "cow")


class Article(nn.Module):
    """The article's class, from its text, with torch's own layers."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        windows = [(3, 96, 11, 4, 0), (96, 256, 5, 1, 2), (256, 384, 3, 1, 1), (384, 384, 3, 1, 1), (384, 256, 3, 1, 1)]
        for number, window in enumerate(windows, start=1):
            block = nn.Sequential()
            block.add_module("conv_layer", nn.Conv2d(*window))
            block.add_module("relu", nn.ReLU())
            if number in (1, 2, 5):
                block.add_module("norm_layer", nn.LocalResponseNorm(5, 1e-4, 0.75, 2))
                block.add_module("pool_layer", nn.MaxPool2d(3, 2))
            self.add_module(f"block{number}", block)
        self.fc1, self.fc2 = nn.Linear(9216, 4096), nn.Linear(4096, 4096)
        self.classification_layer = nn.Linear(4096, classes)

    def forward(self, x: Tensor) -> Tensor:
        for number in range(1, 6):
            x = self.get_submodule(f"block{number}")(x)
        return self.classification_layer(self.fc2(self.fc1(x.flatten(1))))


def small(variant: Variant) -> Variant:
    """Return the variant with few channels and units; all that it computes stays."""
    widths = (8, 12, 10, 8, 6)
    layers = tuple(replace(layer, out_channels=w) for layer, w in zip(variant.convolutions, widths, strict=True))
    return replace(variant, convolutions=layers, fc_units=16)


def drawn(variant: str | Variant, classes: int = 3) -> Checkpoint:
    model = AlexNet(classes, 3, variant).eval().requires_grad_(False)
    initialise(model, seed=4)
    size = model.variant.input_size
    metadata: dict[str, object] = {
        **{
            "variant": model.variant.name,
            "classes": list(NAMES),
            "input": InputRule(size, short_side=size).to_record(),
        },
        **{"source": "drawn in a test", "epoch": 2, "metrics": {"val_accuracy": 0.5}},
    }
    return Checkpoint("drawn", model, NAMES, model.variant.name, metadata, torch.device("cpu"), None)


def pictures(checkpoint: Checkpoint, count: int = 2) -> Tensor:
    size = checkpoint.model.variant.input_size
    return torch.randn(count, 3, size, size, generator=torch.Generator().manual_seed(1)) * 3


@pytest.mark.parametrize("variant", VARIANTS)
def test_onnxruntime_computes_every_variant(tmp_path: Path, variant: str) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    checkpoint = drawn(small(VARIANTS[variant]))
    path = tmp_path / "a.onnx"
    write_onnx(path, checkpoint.model, {"variant": variant})
    onnx.checker.check_model(onnx.load(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for count in (1, 3):  # N is free
        x = pictures(checkpoint, count)
        theirs = session.run(["logits"], {"image": x.numpy()})[0]
        assert theirs.shape == (count, 3)
        np.testing.assert_allclose(theirs, checkpoint.model(x).numpy(), atol=1e-5)


@pytest.fixture(scope="module")
def article() -> Checkpoint:
    return drawn("seed")


@pytest.mark.slow
def test_a_state_dict_goes_into_the_articles_class(tmp_path: Path, article: Checkpoint) -> None:
    path = tmp_path / "a.pt"
    record = export_checkpoint(path, article, "state-dict")
    assert record == {"path": str(path), "format": "state-dict", "bytes": path.stat().st_size}
    theirs = Article(3).eval()
    theirs.load_state_dict(torch.load(path, weights_only=True), strict=True)  # noqa: TID251 (ours, by torch's own)
    x = pictures(article, 1)
    with torch.no_grad():
        torch.testing.assert_close(theirs(x), article.model(x), atol=1e-5, rtol=1e-5)
    check_comes_back(path, article)


@pytest.mark.slow
def test_safetensors_come_back(tmp_path: Path, article: Checkpoint) -> None:
    export_checkpoint(tmp_path / "a.safetensors", article, "safetensors")
    check_comes_back(tmp_path / "a.safetensors", article)


def check_comes_back(path: Path, before: Checkpoint) -> None:
    again = load_checkpoint(path, "cpu")
    assert again.digest == before.digest
    assert (again.classes, again.variant, again.assumed) == (NAMES, before.variant, ())
    assert again.metadata["metrics"] == {"val_accuracy": 0.5}


@pytest.mark.slow
def test_torchvisions_names_go_into_its_class(tmp_path: Path) -> None:
    models = pytest.importorskip("torchvision.models")
    checkpoint = drawn("torchvision")
    export_checkpoint(tmp_path / "a.pt", checkpoint, "torchvision")
    theirs = models.alexnet(weights=None, num_classes=3).eval()
    theirs.load_state_dict(torch.load(tmp_path / "a.pt", weights_only=True), strict=True)  # noqa: TID251 (as above)
    x = pictures(checkpoint, 1)
    with torch.no_grad():
        torch.testing.assert_close(theirs(x), checkpoint.model(x), atol=1e-5, rtol=1e-5)
    check_comes_back(tmp_path / "a.pt", checkpoint)


def test_other_variants_cannot_have_torchvisions_names(tmp_path: Path, article: Checkpoint) -> None:
    words = r"drawn is of the variant seed .*torchvision's class does not compute; .*choose state-dict"
    with pytest.raises(CheckpointError, match=words):
        export_checkpoint(tmp_path / "a.pt", article, "torchvision")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_a_folder_that_is_not_there_is_said(tmp_path: Path, form: str) -> None:
    checkpoint = drawn(small(VARIANTS["torchvision"]))
    with pytest.raises(CheckpointError, match="cannot be written"):
        export_checkpoint(tmp_path / "none" / "a", checkpoint, form)


@pytest.mark.slow
def test_the_command(tmp_path: Path, article: Checkpoint, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.safetensors"
    export_checkpoint(source, article, "safetensors")
    out = tmp_path / "a.onnx"
    asked = ["export", "--checkpoint", str(source), "--format", "onnx", "--out", str(out), "--json"]
    assert run(asked) == 0
    record = json.loads(capsys.readouterr().out)
    assert record == {"path": str(out), "format": "onnx", "bytes": out.stat().st_size, "opset": OPSET}
    stored = {entry.key: entry.value for entry in onnx.load(out).metadata_props}
    assert (stored["variant"], json.loads(stored["classes"])) == ("seed", list(NAMES))


@pytest.mark.parametrize(("variant", "wrapper"), [("seed-tanh", ""), ("seed-no-lrn", "module"), ("paper", "net")])
@pytest.mark.slow
def test_a_plain_state_dict_says_its_variant(tmp_path: Path, variant: str, wrapper: str) -> None:
    model = AlexNet(3, 3, variant)
    whole = nn.ModuleDict({wrapper: model}) if wrapper else model
    torch.save({"state_dict": whole.state_dict(), "epoch": 1}, tmp_path / "a.pt")
    again = load_checkpoint(tmp_path / "a.pt", "cpu")
    assert again.variant == variant
    assert not any("variant" in each or "Taken for" in each for each in again.assumed)


def test_what_a_state_dict_notes_holds_up_no_plain_load(article: Checkpoint) -> None:
    stream = io.BytesIO()
    torch.save(article.model.state_dict(), stream)
    stream.seek(0)
    state = torch.load(stream, weights_only=True)  # noqa: TID251 (ours, by torch's own)
    assert set(state) == set(Article(3).state_dict())  # no tensor more
    with torch.device("meta"):
        theirs = Article(3)
    assert theirs.load_state_dict(state, strict=True, assign=True).missing_keys == []


def test_a_note_that_fits_no_variant_is_refused_in_words(tmp_path: Path) -> None:
    state = AlexNet(3).state_dict()
    state._metadata[""]["alexnet_viz"]["variant"] = "seed-of-tomorrow"
    torch.save(state, tmp_path / "a.pt")
    with pytest.raises(CheckpointError, match="is of the variant 'seed-of-tomorrow', this version knows seed"):
        load_checkpoint(tmp_path / "a.pt", "cpu")


def test_the_command_names_all_formats() -> None:
    from alexnet_viz import cli

    assert tuple(EXPORT_FORMATS) == cli._EXPORTS
