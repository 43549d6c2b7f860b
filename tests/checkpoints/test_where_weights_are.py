"""Which of a file's dictionaries is the network, how its names are read, and what is said of both."""

from pathlib import Path
from typing import Any

import pytest
import torch

from alexnet_viz.checkpoints import load_checkpoint
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
        (torch.zeros(3), r"does not hold a state dict; save model\.state_dict\(\)"),
        (
            by_name(tiny(network())),
            r"holds an optimiser's numbers and no network's weights; save model\.state_dict\(\)",
        ),
        (list(tiny(network()).values()), r"calls its weights 0, 2, 4 and 5 more; .* rename them"),
    ],
)
def test_what_holds_no_names_of_a_network_is_said_to(tmp_path: Path, held: object, words: str) -> None:
    with pytest.raises(CheckpointError, match=words):
        load_checkpoint(saved(held, tmp_path / "a.pth"), "cpu")


@pytest.mark.parametrize("ending", [".w", ".kernel", "_weight", "/weight"])
def test_other_names_of_weights_are_said_to_be_none_known_here(ending: str) -> None:
    shapes = {name.replace(".weight", ending).replace(".bias", ".b"): shape for name, shape in network().items()}
    with pytest.raises(CheckpointError, match=r"calls its weights features\.0.* \.weight and \.bias: rename them so"):
        read(shapes)


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
