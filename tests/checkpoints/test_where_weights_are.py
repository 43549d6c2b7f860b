"""Which of a file's dictionaries is the network, how its names are read, and what is said of both."""

from pathlib import Path
from typing import Any

import pytest
import torch

from alexnet_viz.checkpoints import load_checkpoint
from alexnet_viz.checkpoints.contents import describe
from alexnet_viz.checkpoints.pickle_inventory import Inventory, read_inventory
from alexnet_viz.errors import CheckpointError
from tests.checkpoints.test_beside import SPOKEN, assumed, network, read
from tests.support.model_files import TORCHVISION, saved, tiny

RESNET = tiny({"conv1.weight": (64, 3, 7, 7), "fc.weight": (10, 512)})


def found_in(path: Path) -> Inventory:
    with path.open("rb") as stream:
        return read_inventory(stream, path.name)


@pytest.mark.parametrize(
    ("wrap", "key", "others"),
    [
        (lambda state: {"teacher": RESNET, "student": state}, "student", ("teacher",)),
        (lambda state: {"model": RESNET, "net": state}, "net", ("model",)),
        (lambda state: {"a": {"b": {"c": {"state_dict": state}}}}, "a.b.c.state_dict", ()),
        (lambda state: {0: state}, "0", ()),
        (lambda state: [[state]], "0.0", ()),
        (lambda state: {"model": state, "optimizer": by_name(state)}, "model", ()),
        (lambda state: {"m": [*state.values()], "mine": state}, "mine", ("m",)),
        (lambda state: {**state, "ema": dict(state)}, "", ("ema",)),
    ],
)
def test_the_alexnet_of_a_file_is_found(tmp_path: Path, wrap: Any, key: str, others: tuple[str, ...]) -> None:
    inventory = found_in(saved(wrap(tiny(network())), tmp_path / "a.pth"))
    assert (inventory.key, inventory.others) == (key, others)
    assert set(inventory.tensors) == set(network())


def half(state: dict[str, torch.Tensor], part: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(f"{part}."): tensor for name, tensor in state.items() if name.startswith(part)}


@pytest.mark.parametrize(("wrap", "key"), [(dict, ""), (lambda halves: {"model": halves, "epoch": 3}, "model")])
def test_a_network_in_two_halves(tmp_path: Path, wrap: Any, key: str) -> None:
    state = tiny(network())
    halves = {part: half(state, part) for part in ("features", "classifier")}
    inventory = found_in(saved(wrap(halves), tmp_path / "a.pth"))
    assert (set(inventory.tensors), inventory.key, inventory.others) == (set(network()), key, ())
    others = {"features": halves["features"], "projection": tiny({"weight": (8, 8)}), **halves}
    assert set(found_in(saved(wrap(others), tmp_path / "a.pth")).tensors) == set(halves["features"])


def by_name(state: dict[str, torch.Tensor]) -> dict[str, object]:
    """Return an optimiser's state as it is kept of a network in pieces on several devices."""
    moments = {name: {"exp_avg": tensor, "exp_avg_sq": tensor} for name, tensor in state.items()}
    return {"state": moments, "param_groups": [{"lr": 0.1, "params": list(moments)}]}


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (
            tiny({**network(), "features.0.weight": (64, 11, 11, 3)}),
            r"has features\.0\.weight of 64 × 11 × 11 × 3, its channels last, as MLX",
        ),
        (tiny({"features.0.weight": (64, 3, 11, 11)}), r"holds features\.0\.weight; .* in one file"),
        (torch.zeros(3), r"does not hold a state dict; save model\.state_dict\(\)"),
        (
            by_name(tiny(network())),
            r"holds an optimiser's numbers and no network's weights; save model\.state_dict\(\)",
        ),
        (list(tiny(network()).items()), r"calls its weights 0\.1, 2\.1, 4\.1 and 5 more; .* rename them"),
    ],
)
def test_what_holds_no_names_of_a_network_is_said_to(tmp_path: Path, held: object, words: str) -> None:
    with pytest.raises(CheckpointError, match=words):
        load_checkpoint(saved(held, tmp_path / "a.pth"), "cpu")


def renamed(weight: str, bias: str, names: list[str] | None = None) -> dict[str, tuple[int, ...]]:
    """Return torchvision's shapes, a layer's name in place of each "*"."""
    parts = {"weight": weight, "bias": bias}
    whole = ((*name.rpartition("."), shape) for name, shape in network("", names).items())
    return {parts[part].replace("*", layer): shape for layer, _, part, shape in whole}


@pytest.mark.parametrize("sort", [sorted, list])
@pytest.mark.parametrize(
    ("weight", "bias"),
    [
        *[("*.w", "*.b"), ("*.kernel", "*.bias"), ("*_weight", "*_bias"), ("*/weights", "*/biases")],
        *[("*.weight_1", "*.bias_1"), ("W_*", "b_*"), ("*.WEIGHT", "*.BIAS"), ("*/kernel:0", "*/bias:0")],
        *[("*W", "*b"), ("weights.*", "biases.*"), ("*.0", "*.1")],
    ],
)
def test_weights_and_biases_under_other_words(weight: str, bias: str, sort: Any) -> None:
    shapes = renamed(weight, bias, [*SPOKEN[:5], "fc6", "fc7", "fc8"])
    contents = read({name: shapes[name] for name in sort(shapes)})
    assert contents.names["block4.conv_layer.weight"] == weight.replace("*", "conv4")
    assert contents.names["classification_layer.bias"] == bias.replace("*", "fc8")
    assert set(contents.names.values()) == set(shapes)
    assert "Its layers are named as in Caffe's AlexNet" in assumed(contents)


def test_what_numbers_say_is_heard_under_other_words() -> None:
    wide = ["96 3 11 11", "256 96 5 5", "384 256 3 3", "384 384 3 3", "256 384 3 3", "4096 9216", "4096 4096", "9 4096"]
    layers = [*(f"features.{place}" for place in (0, 3, 6, 8, 10)), *(f"classifier.{place}" for place in (1, 4, 6))]
    sides = [tuple(map(int, shape.split())) for shape in wide]
    shapes = {f"{layer}.w": shape for layer, shape in zip(layers, sides, strict=True)}
    shapes |= {f"{layer}.b": shape[:1] for layer, shape in zip(layers, sides, strict=True)}
    assert "no room for LRN in blocks 1 and 2, and room for a ReLU" in assumed(read(shapes))
    assert read(shapes).variant.name == "torchvision-wide"


@pytest.mark.parametrize(
    "shapes",
    [
        renamed("*.v", "*.g"),  # a direction and a length
        renamed("*.w", "*.scale"),
        renamed("*.w", "*.b") | {"bn1.gamma": (64,)},
        {name: shape for name, shape in renamed("*.w", "*.b").items() if name != "features.3.b"},
        {str(place): shape for place, shape in enumerate(reversed(network().values()))},
    ],
)
def test_what_no_word_and_no_order_tells_is_said_to_be_unknown(shapes: dict[str, tuple[int, ...]]) -> None:
    with pytest.raises(CheckpointError, match=r"calls its weights .* \.weight and \.bias: rename them so"):
        read(shapes)


@pytest.mark.parametrize(
    ("wrap", "first"),
    [
        (lambda state: list(state.values()), "0"),
        (lambda state: {"epoch": 3, "params": tuple(state.values())}, "0"),
        (lambda state: layer_by_layer(state, dict), "features.0.weight"),
        (lambda state: {"net": layer_by_layer(state, lambda layer: list(layer.values()))}, "features.0.0"),
        (lambda state: {"momentum": dict(state), "mine": state}, "features.0.weight"),
    ],
    ids=["list", "tuple", "layers", "pairs", "momentum"],
)
def test_layers_in_lists_and_in_dictionaries_of_their_own(tmp_path: Path, wrap: Any, first: str) -> None:
    inventory = found_in(saved(wrap(tiny(network())), tmp_path / "a.pth"))
    contents = describe(inventory.tensors, None, "a.pth")
    assert contents.variant.name == "torchvision"
    assert contents.names["block1.conv_layer.weight"] == first
    assert inventory.others == (("momentum",) if inventory.key == "mine" else ())


def layer_by_layer(state: dict[str, torch.Tensor], as_kept: Any) -> dict[str, object]:
    layers: dict[str, dict[str, torch.Tensor]] = {}
    for name, tensor in state.items():
        layer, _, part = name.rpartition(".")
        layers.setdefault(layer, {})[part] = tensor
    return {layer: as_kept(parts) for layer, parts in layers.items()}


@pytest.mark.parametrize("last", ["classifier.6.0", "classifier.4"])
def test_only_what_stands_before_names_is_said_to_be_left_off(last: str) -> None:
    linears = ["classifier.0", "classifier.2"] if last == "classifier.4" else ["classifier.1", "classifier.4"]
    said = assumed(read(network("", [*list(TORCHVISION)[:5], *linears, last])))
    assert f"names of their own (features.0 … {last}) and are told by their order and shapes" in said
    assert "without" not in said
    said = assumed(read(network("module.")))
    assert "Names are read without their 'module.'. Torchvision's names are translated." in said


def test_that_the_middle_is_cut_out_is_said_to_be_assumed() -> None:
    shapes = network("", SPOKEN) | {"conv1.weight": (64, 1, 11, 11), "fc3.weight": (10, 4096), "fc3.bias": (10,)}
    assert "Their middle square is cut out; whether training squashed whole pictures" in assumed(read(shapes))
    assert "after their short side is fitted to 256 pixels" in assumed(read(network()))


@pytest.mark.parametrize(
    ("names", "last", "words"),
    [
        (["fc6", "fc7", "classifier"], "classifier", ""),
        (["fc6", "fc7", "fc8"], "fc8", ""),
        (["head.a", "head.b", "head.cls"], "head.cls", ""),
        (["dense", "hidden", "prediction"], "prediction", ""),
        (["a", "b", "c"], "c", "c is taken for the last, by its place"),
    ],
)
@pytest.mark.parametrize("sort", [sorted, list])
def test_of_two_layers_of_the_same_shapes_the_name_tells_the_last(
    names: list[str], last: str, words: str, sort: Any
) -> None:
    shapes = network("", [*SPOKEN[:5], *names])
    shapes |= {f"{names[2]}.weight": (4096, 4096), f"{names[2]}.bias": (4096,)}
    contents = read({name: shapes[name] for name in sort(shapes)})
    assert contents.names["classification_layer.weight"] == f"{last}.weight"
    assert contents.names["classification_layer.bias"] == f"{last}.bias"
    assert contents.names["fc2.weight"] == f"{names[1]}.weight"
    assert ("the same shapes:" in assumed(contents)) == bool(words)
    assert words in assumed(contents)
