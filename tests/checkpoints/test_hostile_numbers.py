"""Numbers in a stranger's file that are longer than any machine's, or no numbers at all: refused in a sentence."""

import pickle
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from alexnet_viz.checkpoints import Choice, available_checkpoints, load_checkpoint, registry
from alexnet_viz.checkpoints import formats as formats_module
from alexnet_viz.checkpoints.formats import ModelFile
from alexnet_viz.errors import CheckpointError
from tests.support.model_files import article_shapes, saved, tiny


class _Sides:
    """Pickles as a tensor of one number with these sides, each step 0."""

    def __init__(self, *sides: int) -> None:
        self.sides = sides

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        storage = torch.zeros(1).untyped_storage()
        typed = torch.storage.TypedStorage(wrap_storage=storage, dtype=torch.float32, _internal=True)
        steps = (0,) * len(self.sides)
        return torch._utils._rebuild_tensor_v2, (typed, 0, self.sides, steps, False, OrderedDict())


HUGE = 10**600


@pytest.mark.parametrize(
    ("name", "sides"),
    [
        ("fc1.weight", (4096, HUGE)),
        ("fc1.weight", (HUGE, 9216)),
        ("classification_layer.weight", (HUGE, 4096)),
        ("block1.conv_layer.weight", (96, HUGE, 11, 11)),
        ("fc1.weight", (4096, 2**63)),
    ],
)
@pytest.mark.parametrize("prefix", ["", "other."])
def test_a_side_that_no_machine_counts(tmp_path: Path, name: str, sides: tuple[int, ...], prefix: str) -> None:
    state: Mapping[str, object] = {**tiny(article_shapes()), name: _Sides(*sides)}
    path = saved({f"{prefix}{key}": value for key, value in state.items()}, tmp_path / "a.pt")
    with pytest.raises(CheckpointError, match=r"^a\.pt is damaged: it describes numbers that it does not hold$"):
        load_checkpoint(path)


@pytest.mark.parametrize("name", ["1²2.weight", "a" + "9" * 5000, "٣.weight", "9" * 5000 + ".bias"])
def test_names_with_numbers_that_are_none(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.safetensors"
    save_file({name: torch.zeros(1)}, path)
    with pytest.raises(CheckpointError, match=r"^a\.safetensors has no classification_layer|^a\.safetensors holds"):
        load_checkpoint(path)


def test_numbers_in_names_go_by_their_size() -> None:
    names = ["net.10.bias", "net.9.bias", "net.100.bias", "net.bias", "net.09.weight"]
    assert sorted(names, key=formats_module._natural) == [
        *("net.9.bias", "net.09.weight", "net.10.bias", "net.100.bias", "net.bias"),
    ]


def test_a_file_that_nobody_foresaw_takes_no_other_from_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path))
    for name in ("good", "odd"):
        saved(tiny(article_shapes(3)), tmp_path / f"{name}.pt")
    described = registry.described

    def fails_on_one(file: ModelFile, path: Path, choice: Choice) -> object:
        if path.name == "odd.pt":
            raise OverflowError("integer division result too large for a float")
        return described(file, path, choice)

    monkeypatch.setattr(registry, "described", fails_on_one)
    names = [entry.name for entry in available_checkpoints()]
    assert "good" in names
    assert "odd" not in names
    assert "left out of the list" in caplog.text
    assert "odd.pt" in caplog.text


def test_the_pickled_sides_are_as_long_as_they_are_written(tmp_path: Path) -> None:
    path = saved({"a": _Sides(HUGE)}, tmp_path / "a.pt")
    assert pickle.dumps(HUGE, 2)[2:-1] in path.read_bytes()
