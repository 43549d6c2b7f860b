"""What a file says of its own classes and of its pictures is taken, where it fits and nobody says otherwise."""

from pathlib import Path
from typing import Any

import pytest
import torch

from alexnet_viz.checkpoints import (
    Checkpoint,
    Choice,
    available_checkpoints,
    formats,
    load_checkpoint,
    resolve_checkpoint,
    save_described,
)
from alexnet_viz.checkpoints.choices import NO_CHOICE
from alexnet_viz.checkpoints.described import described
from alexnet_viz.checkpoints.notes import notes_in_texts
from alexnet_viz.images import InputRule
from tests.support.model_files import article_shapes, safetensors_header, saved, tiny, write_safetensors

NAMES = ("ant", "bee", "cow")


def opened(tmp_path: Path, notes: dict[str, Any], choice: Choice | None = None, classes: int = 3) -> Checkpoint:
    path = saved({**notes, "state_dict": tiny(article_shapes(classes))}, tmp_path / "a.pth")
    return load_checkpoint(resolve_checkpoint(path, choice=choice) if choice else path, "cpu")


@pytest.mark.parametrize(
    "notes",
    [
        {"classes": list(NAMES)},
        {"class_to_idx": {"cow": 2, "ant": 0, "bee": 1}},
        {"idx_to_class": {1: "bee", 0: "ant", 2: "cow"}, "epoch": 3},
        {"config": {"labels": NAMES, "lr": 0.1}},
        {"meta": {"CLASSES": NAMES}},
        {"meta": {"dataset_meta": {"classes": NAMES}}},
        {"class_names": ["too", "few"], "labels": [0, 1, 2], "names": list(NAMES)},
    ],
)
def test_the_names_are_the_files_own(tmp_path: Path, notes: dict[str, Any]) -> None:
    checkpoint = opened(tmp_path, notes)
    assert checkpoint.classes == NAMES
    assert [each for each in checkpoint.assumed if each.startswith("The file names its classes itself, under '")]
    assert not any("not known" in each for each in (*checkpoint.assumed, str(checkpoint.metadata["source"])))
    assert any("Taken for seed" in each for each in checkpoint.assumed)  # of the variant it says nothing
    assert checkpoint.undecided == ("variant", "normalisation", "classes")


@pytest.mark.parametrize(
    "metadata",
    [
        {"format": "pt", "classes": '["ant", "bee", "cow"]'},
        {"class_names": "ant, bee, cow"},
        {"names": "['ant', 'bee', 'cow']"},
        {"id2label": '{"0": "ant", "2": "cow", "1": "bee"}'},
        {"class_to_idx": '{"cow": 2, "ant": 0, "bee": 1}', "classes": "3"},
        {"config": '{"labels": ["ant", "bee", "cow"], "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}'},
    ],
)
def test_the_names_are_those_of_a_safetensors_file(tmp_path: Path, metadata: dict[str, str]) -> None:
    header, size = safetensors_header(article_shapes(3), metadata, "F16", 2)
    with formats.opened(write_safetensors(tmp_path / "a.safetensors", header, size)) as file:
        contents = described(file, tmp_path / "a.safetensors", NO_CHOICE)
    assert contents.classes == NAMES
    assert any("The file names its classes itself" in str(each) for each in contents.metadata["assumed"])
    assert ("0.5,0.5,0.5/" in str(contents.metadata["assumed"])) == ("config" in metadata)
    odd = {"classes": "[" * 400_000, "names": "3", "id2label": '{"0": 5}', "label": "ant, bee, cow"}
    assert notes_in_texts(odd).told(3, InputRule(), NO_CHOICE) == ({}, [])


def test_ten_classes_that_have_names_are_not_cifar10s(tmp_path: Path) -> None:
    names = [f"flower {number}" for number in range(10)]
    checkpoint = opened(tmp_path, {"classes": names}, classes=10)
    assert checkpoint.classes == tuple(names)
    assert "CIFAR-10's, as in" not in " ".join([*checkpoint.assumed, str(checkpoint.metadata["source"])])


@pytest.mark.parametrize(
    "notes",
    [
        {"classes": ["ant", "bee"]},
        {"classes": 3, "labels": torch.tensor([0, 1, 2])},
        {"class_to_idx": {"ant": 0, "bee": 1, "cow": 1}},
        {"class_to_idx": {"ant": 0, "bee": 1, "cow": 5}},
        {"classes": ["ant", "bee", "\u202ecow"]},
        {"classes": ["ant", "bee", "c" * 101]},
        {"mean": [0.5], "std": [0.5, 0.5]},
        {"mean": [0.5] * 3, "std": [0.0, 0.5, 0.5]},
        {"mean": [float("nan")] * 3, "std": [0.5] * 3},
        {"mean": torch.zeros(3), "std": torch.zeros(3)},
        {"mean": [10**600] * 3, "std": [1, 1, 1]},
        {"mean": [123.0, 117.0, 104.0], "std": [1.0, 1.0, 1.0]},
    ],
)
def test_what_does_not_fit_is_passed_over(tmp_path: Path, notes: dict[str, Any]) -> None:
    checkpoint = opened(tmp_path, notes)
    assert checkpoint.classes == ("class 0", "class 1", "class 2")
    assert "Its classes' names are not known." in checkpoint.assumed
    assert "Pictures are normalised with CIFAR-10's mean and deviation" in " ".join(checkpoint.assumed)


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ({"classes": ["ant", "bee"]}, "'classes' are not used. This checkpoint has 3 classes, and 2 names were given"),
        ({"labels": ["ant"], "names": ["a", "b"]}, "'labels' are not used. This checkpoint has 3 classes, and 1 name"),
        ({"classes": ["ant", "bee", ""]}, "'classes' are not used. This checkpoint cannot take the name in line 3"),
    ],
)
def test_names_that_do_not_fit_are_said_not_to_be_used(tmp_path: Path, notes: dict[str, Any], words: str) -> None:
    said = " ".join(opened(tmp_path, notes).assumed)
    assert f"The names that the file notes under {words}" in said
    assert said.count("are not used") == 1
    assert "are not used" not in " ".join(opened(tmp_path, {**notes, "class_names": list(NAMES)}).assumed)
    assert "are not used" not in " ".join(opened(tmp_path, notes, Choice(classes=NAMES)).assumed)


def test_one_number_is_that_of_a_grey_picture(tmp_path: Path) -> None:
    grey = {**article_shapes(3), "block1.conv_layer.weight": (96, 1, 11, 11)}
    path = saved({"mean": [0.1307], "std": (0.3081,), "state_dict": tiny(grey)}, tmp_path / "a.pth")
    checkpoint = load_checkpoint(path, "cpu")
    assert (checkpoint.input_rule.mean, checkpoint.input_rule.std) == ((0.1307,), (0.3081,))
    assert any("that the file notes, 0.1307/0.3081." in each for each in checkpoint.assumed)


def test_a_mean_and_a_deviation_in_the_file_are_its_pictures(tmp_path: Path) -> None:
    checkpoint = opened(tmp_path, {"mean": [0.5, 0.5, 0.5], "std": (0.5, 0.5, 0.5)})
    assert (checkpoint.input_rule.mean, checkpoint.input_rule.std) == ((0.5,) * 3, (0.5,) * 3)
    words = "Pictures are normalised with the mean and deviation that the file notes, 0.5,0.5,0.5/0.5,0.5,0.5."
    assert words in checkpoint.assumed
    assert not any("CIFAR" in each for each in checkpoint.assumed)
    of_bytes = opened(tmp_path, {"mean": (123.7, 116.3, 103.5), "std": [58.4, 57.1, 57.4]})
    assert of_bytes.normalisation == "cifar10"
    assert any("123.7,116.3,103.5/58.4,57.1,57.4: they are not of pictures from 0 to 1" in x for x in of_bytes.assumed)
    imagenets = {"transform": {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}}
    assert opened(tmp_path, imagenets).normalisation == "imagenet"


def test_a_persons_choice_goes_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = {"classes": list(NAMES), "mean": [0.5] * 3, "std": [0.5] * 3}
    chosen = opened(tmp_path, notes, Choice("paper", "none", ("x", "y", "z")))
    assert (chosen.classes, chosen.input_rule.mean, chosen.assumed) == (
        ("x", "y", "z"),
        (0.0, 0.0, 0.0),
        ("Its weights are those under 'state_dict'.",),
    )
    other = opened(tmp_path, notes, Choice("paper"))
    assert (other.classes, other.input_rule.mean) == (NAMES, (0.5,) * 3)
    save_described(tmp_path / "kept.safetensors", other)
    assert load_checkpoint(tmp_path / "kept.safetensors", "cpu").classes == NAMES
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path))
    assert next(each for each in available_checkpoints() if each.name == "a").classes == NAMES
