"""Files of other programs: told by order and shapes, and what was assumed of them is said."""

import argparse
import math
from collections import Counter, OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.models import alexnet

from alexnet_viz.checkpoints import MOST_FILE_BYTES, available_checkpoints, load_checkpoint, save_described
from alexnet_viz.checkpoints import formats as formats_module
from alexnet_viz.checkpoints.contents import describe
from alexnet_viz.checkpoints.hints import Hints, hints
from alexnet_viz.checkpoints.shapes import StoredTensor
from alexnet_viz.errors import CheckpointError
from alexnet_viz.explain.arithmetic import softmax
from alexnet_viz.inference import trace
from tests.support.model_files import (
    TORCHVISION,
    article_shapes,
    safetensors_header,
    saved,
    tiny,
    write_safetensors,
)

PARTS = ("weight", "bias")
OURS = [f"block{number}.conv_layer" for number in range(1, 6)] + ["fc1", "fc2", "classification_layer"]
IN_ONE = ["net.0", "net.4", "net.8", "net.10", "net.12", "classifier.1", "classifier.4", "classifier.6"]
POSITIONS = ["features.0", "features.3", "features.6", "features.8", "features.10", *IN_ONE[5:]]
SPOKEN = [f"ConvBlock{number}.0" for number in range(1, 6)] + ["fc1", "fc2", "classification"]
NUMBERED = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"]
LAYERS = ["layer1.0", "layer2.0", "layer3.0", "layer4.0", "layer5.0", "fc.1", "fc1.1", "fc2.0"]


def renamed(names: list[str], classes: int = 10, **changes: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """Return the article's shapes under other names of the eight layers."""
    shapes = article_shapes(classes)
    return {
        f"{theirs}.{part}": changes.get(f"{ours.replace('.', '_')}_{part}", shapes[f"{ours}.{part}"])
        for ours, theirs in zip(OURS, names, strict=True)
        for part in ("weight", "bias")
    }


def torchvision_shapes(prefix: str = "") -> dict[str, tuple[int, ...]]:
    return {
        f"{prefix}{name}.{kind}": shape if kind == "weight" else shape[:1]
        for name, shape in TORCHVISION.items()
        for kind in ("weight", "bias")
    }


@pytest.mark.parametrize(
    ("names", "variant", "size", "words"),
    [
        (
            SPOKEN,
            "seed",
            227,
            "Nothing in the file says which variant it is. Taken for seed, but paper, .* have",
        ),
        (LAYERS, "seed", 227, "Its layers have names of their own (layer1.0 … fc2.0) and are told by their order"),
        (
            IN_ONE,
            "paper",
            227,
            "room for LRN or another layer in blocks 1 and 2.* Taken for paper, but torchvision-wide, .*paper-k1",
        ),
        (NUMBERED, "paper", 227, "Caffe's AlexNet, which has a ReLU after fc1 and fc2. .*Taken for paper, but seed, "),
        (
            POSITIONS,
            "torchvision-wide",
            224,
            "leave no room for LRN in blocks 1 and 2, .*Taken for torchvision-wide, but paper-no-lrn has",
        ),
    ],
)
@pytest.mark.slow
def test_layers_are_told_by_order_and_shapes(
    tmp_path: Path, names: list[str], variant: str, size: int, words: str
) -> None:
    checkpoint = load_checkpoint(saved(tiny(renamed(names)), tmp_path / "theirs.pth"), "cpu")
    assert (checkpoint.variant, checkpoint.input_rule.size) == (variant, size)
    state = checkpoint.model.state_dict()
    assert [float(state[f"{layer}.weight"].flatten()[0]) for layer in OURS] == list(range(1, 16, 2))
    said = " ".join(checkpoint.assumed)
    assert all(part in said for part in words.split(".*"))


@pytest.mark.slow
def test_a_wide_torchvision_network_computes_what_its_own_code_does(tmp_path: Path) -> None:
    torch.manual_seed(0)
    windows = [(3, 96, 11, 4, 2), (96, 256, 5, 1, 2), (256, 384, 3, 1, 1), (384, 384, 3, 1, 1), (384, 256, 3, 1, 1)]
    features: list[nn.Module] = []
    for number, window in enumerate(windows):
        features += [nn.Conv2d(*window), nn.ReLU(), *([nn.MaxPool2d(3, 2)] if number in (0, 1, 4) else [])]
    units = [nn.Linear(9216, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 4)]
    theirs = nn.ModuleDict({"features": nn.Sequential(*features), "classifier": nn.Sequential(nn.Dropout(), *units)})
    theirs.eval()
    checkpoint = load_checkpoint(saved({"net": theirs.state_dict(), "epoch": 3}, tmp_path / "a.ckpt"), "cpu")
    x = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        expected = theirs["classifier"](theirs["features"](x).flatten(1))
        torch.testing.assert_close(checkpoint.model(x), expected)


@pytest.mark.parametrize("names", [("classifier.1", "classifier.4", "classifier.6"), ("head.0", "head.2", "head.4")])
@pytest.mark.slow
def test_fully_connected_layers_that_are_written_as_convolutions(tmp_path: Path, names: tuple[str, ...]) -> None:
    torch.manual_seed(0)
    features = alexnet().features
    units = [nn.Conv2d(256, 4096, 6), nn.Conv2d(4096, 4096, 1), nn.Conv2d(4096, 4, 1)]
    state = {f"features.{name}": tensor for name, tensor in features.state_dict().items()}
    state |= {f"{name}.{part}": getattr(each, part) for name, each in zip(names, units, strict=True) for part in PARTS}
    checkpoint = load_checkpoint(saved(state, tmp_path / "a.pth"), "cpu")
    assert (checkpoint.variant, len(checkpoint.classes)) == ("torchvision", 4)
    assert checkpoint.assumed[0] == "Its fully connected layers are written as convolutions, which computes the same."
    x = torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        expected = nn.Sequential(features, units[0], nn.ReLU(), units[1], nn.ReLU(), units[2])(x)
        torch.testing.assert_close(checkpoint.model(x), expected.flatten(1))


@pytest.mark.parametrize("key", ["net", "weights", "model_state", "ema", "network", "params"])
def test_weights_under_the_keys_of_training_scripts(tmp_path: Path, key: str) -> None:
    path = saved({key: tiny(torchvision_shapes()), "epoch": 3}, tmp_path / "last.pth.tar")
    checkpoint = load_checkpoint(path, "cpu")
    assert checkpoint.variant == "torchvision"
    assert checkpoint.assumed[0] == f"Its weights are those under '{key}'."


def test_of_two_sets_of_weights_the_one_shown_is_named(tmp_path: Path) -> None:
    file = {"ema": tiny(article_shapes(3)), "model": {"state_dict": tiny(article_shapes(4))}}
    checkpoint = load_checkpoint(saved(file, tmp_path / "a.pt"), "cpu")
    assert len(checkpoint.classes) == 3
    assert checkpoint.assumed[0] == (
        "It holds several sets of weights: those under 'ema' are shown, not 'model.state_dict'."
    )


def test_an_averaged_model_and_a_parallel_half(tmp_path: Path) -> None:
    averaged = {"n_averaged": torch.tensor(5), **tiny({f"module.{k}": s for k, s in renamed(SPOKEN).items()})}
    assert load_checkpoint(saved(averaged, tmp_path / "swa.pt"), "cpu").variant == "seed"
    parallel = [name.replace("features.", "features.module.") for name in POSITIONS]
    assert load_checkpoint(saved(tiny(renamed(parallel)), tmp_path / "half.pt"), "cpu").variant == "torchvision-wide"


def test_safetensors_are_put_in_the_order_of_the_network(tmp_path: Path) -> None:
    # With 4,096 classes the last two layers are alike; by the alphabet 10 comes before 9.
    names = [*IN_ONE[:5], "head.1", "head.9", "head.10"]
    header, size = safetensors_header(dict(sorted(renamed(names, 4096).items())))
    with formats_module.opened(write_safetensors(tmp_path / "a.safetensors", header, size)) as file:
        contents = describe(file.tensors, file.metadata, "a.safetensors")
    assert (contents.names["fc2.weight"], contents.names["classification_layer.bias"]) == (
        "head.9.weight",
        "head.10.bias",
    )
    assert contents.variant.name == "seed"
    assert "Taken for seed, but paper, torchvision-wide, seed-no-lrn, seed-tanh" in str(contents.metadata)


def test_an_optimisers_state_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parameter = nn.Parameter(torch.zeros(3_000_000))
    adam = torch.optim.Adam([parameter])
    parameter.grad = torch.ones_like(parameter)
    adam.step()
    notes: dict[str, Any] = {
        "milestones": Counter([30, 60]),
        "shape": torch.Size([3, 224]),
        "dtype": torch.float16,
        "best": np.float64(0.5),
        "args": argparse.Namespace(lr=0.1, out=Path("x")),
        "device": torch.device("cpu"),
    }
    file = {"state_dict": tiny(article_shapes(3)), "optimizer": adam.state_dict(), **notes}
    path = saved(file, tmp_path / "checkpoint.pth.tar")
    assert path.stat().st_size > 24_000_000
    read: list[str] = []
    original = formats_module.read_record
    monkeypatch.setattr(formats_module, "read_record", lambda *asked: read.append(asked[-1]) or original(*asked))
    assert len(load_checkpoint(path, "cpu").classes) == 3
    assert len(read) == 16  # one storage a tensor; the optimiser has three more


def test_the_limit_is_on_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved({"state_dict": tiny(article_shapes(3)), "other": torch.zeros(1000)}, tmp_path / "a.pt")
    monkeypatch.setattr(formats_module, "MOST_BYTES", 1000)
    assert len(load_checkpoint(path, "cpu").classes) == 3
    monkeypatch.setattr(formats_module, "MOST_BYTES", 60)
    with pytest.raises(CheckpointError, match="save them as float32"):
        load_checkpoint(path, "cpu")


def test_endings_that_people_use_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path))
    for file in ("a.pt", "b.pth", "c.ckpt", "d.pth.tar", "e.bin"):
        saved(tiny(article_shapes(3)), tmp_path / file)
    names = {entry.name for entry in available_checkpoints()}
    assert {"a", "b", "c", "d", "e"} <= names


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (
            renamed(POSITIONS, fc1_weight=(4096, 6400)),
            r"has classifier\.1\.weight for 6,400 = 256 × 5 × 5 numbers, where .* takes 256 × 6 × 6 = 9,216",
        ),
        (
            renamed(IN_ONE, fc1_weight=(4096, 6400)),
            r"has classifier\.1\.weight for 6,400 = 256 × 5 × 5 numbers, where .* takes 256 × 6 × 6 = 9,216",
        ),
        (
            {**renamed(IN_ONE), "net.1.weight": (96,), "net.1.running_mean": (96,)},
            r"has batch normalisation \(net\.1\.running_mean\), which no AlexNet here has",
        ),
        (
            renamed(IN_ONE, block1_conv_layer_weight=(96, 3, 3, 3)),
            r"begins with windows of 3 × 3 \(net\.0\.weight\), AlexNet's are 11 × 11",
        ),
        ({k: s for k, s in torchvision_shapes().items() if "classifier.4" not in k}, r"lacks classifier\.4\.weight, "),
        (torchvision_shapes() | {"features.0.bias": (65,)}, r"has features\.0\.bias of 65, AlexNet \(variant torch"),
        ({"encoder.weight": (3, 3)}, r"holds encoder\.weight; AlexNet has five convolutions"),
        (
            {k: s for k, s in renamed(IN_ONE).items() if "classifier.4" not in k},
            "has 5 convolutions and 2 fully connected layers, AlexNet 5 and 3",
        ),
        (
            renamed(["x.0", "x.4", "x.7", "x.9", "x.11", *IN_ONE[5:]]),
            r"LRN or another layer in block 1 alone, and .* after fc1 and fc2; no variant here is so: if it is one",
        ),
    ],
)
def test_refusals_name_what_is_in_the_file(tmp_path: Path, shapes: dict[str, tuple[int, ...]], words: str) -> None:
    with pytest.raises(CheckpointError, match=words) as caught:
        load_checkpoint(saved(tiny(shapes), tmp_path / "a.pt"), "cpu")
    assert "block1" not in str(caught.value)


def test_numbers_in_names() -> None:
    def of(names: list[str]) -> Hints:
        return hints({f"{ours}.weight": f"{theirs}.weight" for ours, theirs in zip(OURS, names, strict=True)})

    assert of(POSITIONS) == Hints((False, False), True)
    assert of(IN_ONE) == Hints((True, True), True)
    assert of(OURS) == of(SPOKEN) == Hints(None, None)
    assert of(NUMBERED) == of([name.upper() for name in NUMBERED]) == Hints(of_caffe=True)
    assert of([f"convs.{n}" for n in range(5)] + [f"fcs.{n}" for n in range(3)]) == Hints(None, None)
    assert of([*IN_ONE[:5], "head.0", "head.1", "head.2"]) == Hints((True, True), None)
    assert of([*IN_ONE[:5], "head.0", "head.2", "head.4"]) == Hints((True, True), None)  # dropout, or a ReLU


def assumed_of(names: list[str], shapes: Iterable[tuple[int, ...]]) -> str:
    """Return what is assumed of a network with these names and shapes of its eight layers' weights."""
    tensors = {}
    for name, shape in zip(names, shapes, strict=True):
        tensors[f"{name}.weight"] = StoredTensor(shape, "float32")
        tensors[f"{name}.bias"] = StoredTensor(shape[:1], "float32")
    return " ".join(cast(list[str], describe(tensors, None, "a.pth").metadata["assumed"]))


HALF = [
    *((48, 3, 11, 11), (128, 48, 5, 5), (192, 128, 3, 3), (192, 192, 3, 3), (128, 192, 3, 3)),
    *((2048, 4608), (2048, 2048), (10, 2048)),
]
ARTICLES = [shape for name, shape in article_shapes().items() if name.endswith("weight")]


@pytest.mark.parametrize(("shapes", "variant"), [(TORCHVISION.values(), "torchvision"), (HALF, "half")])
def test_what_no_name_says_is_assumed_in_words(shapes: Iterable[tuple[int, ...]], variant: str) -> None:
    for names in (SPOKEN, LAYERS):
        assert (
            "Nothing in the file says whether it has LRN, a ReLU after fc1 and fc2, or another activation. "
            f"Taken for {variant}: "
        ) in assumed_of(names, shapes)
    said = assumed_of([*POSITIONS[:5], "classifier.0", "classifier.2", "classifier.4"], shapes)
    assert "leave no room for LRN" in said
    assert "Nothing in the file says whether it has a ReLU after fc1 and fc2, or another activation" in said
    said = assumed_of(NUMBERED, shapes)
    assert "named as in Caffe's AlexNet, which has a ReLU" in said
    assert "whether it has LRN, or another activation" in said


def test_room_in_the_numbering_is_said_to_be_room() -> None:
    said = assumed_of(POSITIONS, TORCHVISION.values())
    assert (
        "leave no room for LRN in blocks 1 and 2, and room for a ReLU or another activation after fc1 and fc2" in said
    )
    assert "Which activation it has is not in the file. Taken for torchvision: " in said
    assert "torchvision's AlexNet, with pictures of 224 pixels and a padding of 2." in said
    said = assumed_of(IN_ONE, ARTICLES)  # Conv, ReLU, MaxPool, Dropout2d has the numbers of one with LRN
    assert all(each in said for each in ("torchvision-wide", "paper-no-lrn", "which activation it has"))
    assert not any(each in said for each in ("seed", "paper-groups"))  # no room for a ReLU there, other shapes


@pytest.mark.parametrize("names", [NUMBERED, [name.upper() for name in NUMBERED]])
def test_names_of_caffe_are_a_convention_and_leave_every_variant_open(names: list[str]) -> None:
    said = assumed_of(names, ARTICLES)
    assert "numbers" not in said
    others = ["seed", "torchvision-wide", "seed-no-lrn", "seed-tanh", "seed-separate-pooling", "paper-no-lrn"]
    assert "Taken for paper, but " + ", ".join([*others, "paper-k1", "paper-pool-first", "paper-padded have"]) in said


def test_a_dictionary_that_holds_itself_is_passed_over(tmp_path: Path) -> None:
    loop: dict[str, object] = {}
    loop["again"] = loop
    state = OrderedDict(tiny(article_shapes(3)))
    assert len(load_checkpoint(saved({"a": loop, "state_dict": state}, tmp_path / "a.pt"), "cpu").classes) == 3


def test_the_pages_limit_of_a_file_is_the_readers() -> None:
    from alexnet_viz.ui.explore import routes

    assert routes._MOST_CHECKPOINT_BYTES == MOST_FILE_BYTES


def test_one_output_is_shown_as_its_sigmoid(tmp_path: Path) -> None:
    # All weights 0 but the last bias: the logit is −ln 3 for every picture, whose sigmoid is a quarter.
    state = {name: torch.zeros(1).expand(shape) for name, shape in article_shapes(1).items()}
    state["classification_layer.bias"] = torch.tensor([-math.log(3)])
    checkpoint = load_checkpoint(saved(state, tmp_path / "a.pth"), "cpu")
    assert [each for each in checkpoint.assumed if each.startswith("It has one output, of which a softmax would")]
    assert trace(checkpoint, torch.zeros(3, 227, 227)).probabilities.tolist() == pytest.approx([0.25])
    made = softmax(torch.tensor([-math.log(3)]), checkpoint.classes, 0)
    assert made["terms"][0]["exponential"] / made["total"] == pytest.approx(0.25) == made["probability"]
    save_described(tmp_path / "kept.safetensors", checkpoint)
    assert load_checkpoint(tmp_path / "kept.safetensors", "cpu").assumed == checkpoint.assumed
