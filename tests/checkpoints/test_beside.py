"""What a file holds beside a network: left out where it is known to compute nothing, else the reason of a refusal."""

from typing import cast

import pytest

from alexnet_viz.checkpoints.contents import Contents, describe
from alexnet_viz.checkpoints.shapes import StoredTensor
from alexnet_viz.errors import CheckpointError
from tests.support.model_files import TORCHVISION

Shapes = dict[str, tuple[int, ...]]
SPOKEN = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc1", "fc2", "fc3"]


def network(prefix: str = "", names: list[str] | None = None) -> Shapes:
    """Return the shapes of torchvision's network, by its names or others of the eight layers."""
    shapes: Shapes = {}
    for name, shape in zip(names or TORCHVISION, TORCHVISION.values(), strict=True):
        shapes |= {f"{prefix}{name}.weight": shape, f"{prefix}{name}.bias": shape[:1]}
    return shapes


def bare(shapes: Shapes) -> Shapes:
    return {name: shape for name, shape in shapes.items() if not name.endswith("bias")}


def normalised(layers: list[str], also: tuple[str, ...] = ()) -> Shapes:
    return {f"{layer}.{part}": (64,) for layer in layers for part in ("weight", "bias", *also)}


def read(shapes: Shapes) -> Contents:
    return describe({name: StoredTensor(shape, "float32") for name, shape in shapes.items()}, None, "a.pth")


def assumed(contents: Contents) -> str:
    return " ".join(cast(list[str], contents.metadata["assumed"]))


RESNET = {"teacher.conv1.weight": (64, 3, 7, 7), "teacher.bn1.running_mean": (64,), "teacher.fc.weight": (10, 512)}


@pytest.mark.parametrize("names", [None, SPOKEN])
@pytest.mark.parametrize(
    ("prefix", "beside"),
    [
        ("model.", {"ema_model.n_averaged": (), **network("ema_model.module.")}),
        ("", network("ema.")),
        ("student.", RESNET),
        ("student.", network("teacher.")),
        ("", {"criterion.weight": (1000,)}),
        ("model.", {"train_loss_fn.pos_weight": (1000,), "class_weights": (1000,)}),
        ("", {"train_acc.tp": (), "train_acc.fp": (), "val.confmat": (10, 10)}),
        ("net.", {"seen.mean_value": (), "seen.weight": ()}),
    ],
)
def test_what_computes_nothing_is_left_out_and_said(prefix: str, beside: Shapes, names: list[str] | None) -> None:
    if names and any("ema" in name for name in beside):
        beside = {"ema.n_averaged": (), **network("ema.module.", names)}
    contents = read({**network(prefix, names), **beside})
    assert contents.variant.name == "torchvision"
    assert set(contents.names.values()) == set(network(prefix, names))
    assert next(name for name in beside if not name.endswith("n_averaged")) in assumed(contents)


def test_the_only_weights_are_the_network_whatever_they_are_called() -> None:
    assert set(read({"n_averaged": (), **network("ema.")}).names.values()) == set(network("ema."))
    assert set(read(network("teacher.model.")).names.values()) == set(network("teacher.model."))
    beside = {"ema.n_averaged": (), **bare(network("ema.module."))}
    assert len(read({**bare(network()), **beside}).made) == 8


@pytest.mark.parametrize("names", [None, SPOKEN])
@pytest.mark.parametrize(
    ("prefix", "beside", "words"),
    [
        (
            "backbone.",
            {"classifier.weight": (2, 1000)},
            r"classifier\.weight of 2 × 1000, a further layer on the 1,000",
        ),
        ("0.", {"2.weight": (2, 1000), "2.bias": (2,)}, r"has 2\.weight of 2 × 1000, a further layer on the 1,000 out"),
        ("model.", {"norm.mu": (3,), "norm.sigma": (3,)}, r"holds norm\.mu, norm\.sigma besides .*cannot be shown"),
        ("", {"gn1.weight": (64,), "gn1.bias": (64,)}, r"has layers of normalisation \(gn1\.weight\)"),
        ("model.", {"lora.fc1.A": (8, 9216), "lora.fc1.B": (4096, 8)}, r"holds lora\.fc1\.A, lora\.fc1\.B besides"),
        ("", {"bn1.moving_mean": (64,), "bn1.gamma": (64,)}, r"has batch normalisation \(bn1\.moving_mean\)"),
        ("model.", {"temperature": ()}, r"holds temperature besides"),
        ("model.", {"criterion.weight": (100, 1000)}, r"criterion\.weight of 100 × 1000, a further layer"),  # ArcFace's
        (
            "model.",
            {"ema.conv1x1.weight": (8, 8, 1, 1)},
            r"ema\.conv1x1\.weight besides|6 convolutions",
        ),  # an attention
        ("a.", {**network("b."), "fuse.weight": (2, 2000)}, r"10 convolutions|holds [ab]\."),
        ("a.", network("b."), r"holds 2 networks whole \(a, b\), .*save the state_dict\(\) of one"),
        ("m.online.", network("m.target.x."), r"holds 2 networks whole \(m\.online, m\.target\)"),
    ],
)
def test_what_could_be_computed_with_is_refused_by_name(
    prefix: str, beside: Shapes, words: str, names: list[str] | None
) -> None:
    with pytest.raises(CheckpointError, match=words):
        read({**network(prefix, names), **beside})


NUMBERED = ["features.0", "features.4", "features.8", "features.11", "features.14", *list(TORCHVISION)[5:]]


@pytest.mark.parametrize("prefix", ["", "module."])
@pytest.mark.parametrize(
    ("names", "norms", "words"),
    [
        (NUMBERED, ["features.1", "features.5"], r"has batch normalisation \((module\.)?features\.1\.running_mean"),
        (NUMBERED, ["features.1", "features.5"], r"has layers of normalisation \((module\.)?features\.1\.weight"),
        (
            [*NUMBERED[:5], "classifier.0", "classifier.3", "classifier.6"],
            ["classifier.1", "classifier.4"],
            r"has batch normalisation \((module\.)?classifier\.1\.running_mean",
        ),
    ],
)
def test_normalisation_is_the_reason_that_is_said(prefix: str, names: list[str], norms: list[str], words: str) -> None:
    also = ("running_mean", "running_var") if "batch" in words else ()
    layers = normalised([f"{prefix}{norm}" for norm in norms], also)
    with pytest.raises(CheckpointError, match=words):
        read({**network(prefix, names), **layers})


@pytest.mark.parametrize(
    "parts",
    [
        ("parametrizations.weight.original", "parametrizations.weight.0._u", "bias"),
        ("base_layer.weight", "base_layer.bias", "lora_A.default.weight", "lora_B.default.weight"),
    ],
)
def test_weights_in_parts_are_the_reason_that_is_said(parts: tuple[str, ...]) -> None:
    shapes = {name: shape for name, shape in network().items() if not name.startswith("classifier.1")}
    inner = {f"classifier.1.{part}": (4096, 9216) for part in parts}
    with pytest.raises(CheckpointError, match=r"keeps its weights in parts \(classifier\.1\..*save it again"):
        read({**shapes, **inner})


def test_an_average_keeps_names_without_points_and_its_own_count() -> None:
    average = {f"model_ema.{name.replace('.', '')}": shape for name, shape in network().items()}
    counts: Shapes = {"model_ema.decay": (), "model_ema.num_updates": ()}
    contents = read({**network("model."), **average, **counts})
    assert set(contents.names.values()) == set(network("model."))
    assert "It holds model_ema.features0weight" in assumed(contents)


@pytest.mark.parametrize("shapes", [network(), network("model."), network("", SPOKEN)])
def test_a_network_for_smaller_pictures_is_said_to_be_one(shapes: Shapes) -> None:
    first, *others = shapes
    small = {first: (*shapes[first][:2], 3, 3), **{name: shapes[name] for name in others}}
    with pytest.raises(
        CheckpointError, match=r"begins with windows of 3 × 3 .*: another network, for smaller pictures"
    ):
        read(small)
    zfnet = {**small, first: (*shapes[first][:2], 7, 7)}
    with pytest.raises(CheckpointError, match=r"begins with windows of 7 × 7 .*: another network, which cannot be"):
        read(zfnet)
