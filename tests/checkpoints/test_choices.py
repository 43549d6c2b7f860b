"""What a file does not say is said by a person: for the same tensors another network, kept beside the file."""

import json
from pathlib import Path

import pytest
import torch

from alexnet_viz.checkpoints import (
    Choice,
    available_checkpoints,
    choices_file,
    class_names,
    identify,
    keep_choice,
    load_checkpoint,
    read_choice,
    read_class_names,
    resolve_checkpoint,
    save_described,
    stored_metadata,
)
from alexnet_viz.checkpoints.choices import normalisation_of
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from tests.support.model_files import article_shapes, described, saved, tiny

LETTERS = ("a", "b", "c")


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    return saved(tiny(article_shapes(3)), tmp_path / "theirs.pth")


@pytest.mark.slow
def test_what_is_chosen_is_kept_beside_the_file_and_holds_wherever_it_is_opened(
    theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path))
    assumed = load_checkpoint(theirs, "cpu")
    assert (assumed.variant, assumed.classes[0], assumed.chosen) == ("seed", "class 0", ())
    assert assumed.undecided == ("variant", "normalisation", "classes")
    keep_choice(theirs, Choice("paper", "half", LETTERS))
    beside = json.loads((tmp_path / "theirs.pth.choices.json").read_text())
    assert (beside["variant"], beside["normalisation"], beside["classes"]) == ("paper", "half", list(LETTERS))
    chosen = load_checkpoint(theirs, "cpu")
    assert (chosen.variant, chosen.classes) == ("paper", LETTERS)
    assert (chosen.input_rule.mean, chosen.input_rule.std) == ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    assert chosen.assumed == ()  # nothing is left to assume
    assert len(chosen.chosen) == 3
    assert "CIFAR" not in str(chosen.metadata["source"])
    entry = next(entry for entry in available_checkpoints() if entry.name == "theirs")
    assert (entry.variant, entry.classes, entry.chosen) == ("paper", LETTERS, chosen.chosen)
    assert stored_metadata(theirs)["variant"] == "paper"
    assert identify(theirs) == (*identify(theirs)[:3], Choice("paper", "half", LETTERS))
    keep_choice(theirs, Choice())
    assert not choices_file(theirs).exists()
    assert load_checkpoint(theirs, "cpu").assumed == assumed.assumed


@pytest.mark.slow
def test_the_variant_chosen_is_the_one_that_computes(theirs: Path) -> None:
    # One unit of fc1 is −2 and reaches the logits through weights −1 and 1: as 2, or as 0 where a ReLU follows it.
    state = {name: torch.zeros(shape) for name, shape in article_shapes(3).items()}
    state["fc1.bias"][0] = -2.0
    state["fc2.weight"][0, 0] = -1.0
    state["classification_layer.weight"][0, 0] = 1.0
    saved(state, theirs)
    x = torch.zeros(1, 3, 227, 227)
    for variant, logit in (("seed", 2.0), ("paper", 0.0)):
        found = resolve_checkpoint(theirs, choice=Choice(variant))
        assert load_checkpoint(found, "cpu").model(x)[0].tolist() == [logit, 0.0, 0.0]


@pytest.mark.slow
def test_what_is_chosen_in_part_leaves_the_rest_assumed(theirs: Path) -> None:
    def assumed(choice: Choice) -> str:
        return " ".join(load_checkpoint(resolve_checkpoint(theirs, choice=choice), "cpu").assumed)

    assert "Taken for seed" in assumed(Choice(classes=LETTERS))
    assert "names are not known" not in assumed(Choice(classes=LETTERS))
    assert "Taken for" not in assumed(Choice("paper"))
    assert "CIFAR-10's mean" in assumed(Choice("paper"))
    assert "mean" not in assumed(Choice(normalisation="0.1,0.2,0.3/1,1,2"))


def test_a_variant_of_another_size_brings_it_along(theirs: Path) -> None:
    found = load_checkpoint(resolve_checkpoint(theirs, choice=Choice("torchvision-wide", "none")), "cpu")
    assert found.input_rule == InputRule(224, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def test_what_a_file_says_gives_way_to_what_a_person_says(tmp_path: Path) -> None:
    rule = json.dumps(InputRule(227, (0.1, 0.1, 0.1), (0.2, 0.2, 0.2)).to_record())
    file = described(tmp_path, variant="seed", input=rule, classes=json.dumps([f"c{n}" for n in range(10)]))
    assert load_checkpoint(file, "cpu").undecided == ()
    found = load_checkpoint(resolve_checkpoint(file, choice=Choice("torchvision-wide")), "cpu")
    assert found.input_rule == InputRule(224, (0.1, 0.1, 0.1), (0.2, 0.2, 0.2))
    assert found.classes[0] == "c0"


@pytest.mark.slow
def test_a_file_written_anew_says_what_was_chosen_and_what_is_still_open(theirs: Path, tmp_path: Path) -> None:
    keep_choice(theirs, Choice("paper", classes=LETTERS))
    first = load_checkpoint(theirs, "cpu")
    save_described(tmp_path / "mine.safetensors", first)
    again = load_checkpoint(tmp_path / "mine.safetensors", "cpu")
    assert (again.variant, again.classes, again.assumed) == ("paper", LETTERS, first.assumed)
    assert again.undecided == ("variant", "normalisation", "classes")
    keep_choice(tmp_path / "mine.safetensors", Choice(normalisation="imagenet"))
    third = load_checkpoint(tmp_path / "mine.safetensors", "cpu")
    assert not any("normalised" in each for each in third.assumed)
    assert (third.input_rule.size, third.input_rule.short_side) == (227, 256)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"variant": "torchvision"}, "cannot be the variant torchvision: its layers are those of seed, paper"),
        ({"classes": ("a", "b")}, "has 3 classes, and 2 names were given"),
        ({"classes": ("a", "b", "c\x07")}, "cannot take the name in line 3"),
    ],
)
def test_what_it_cannot_be_is_refused(theirs: Path, choice: dict[str, object], words: str) -> None:
    with pytest.raises(CheckpointError, match=words):
        load_checkpoint(resolve_checkpoint(theirs, choice=Choice(**choice)), "cpu")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["whatever", "0.5,0.5/0.5", "1,2,3", "0.5/0", "nan/1", "1/1/1", "a/b", "/bgr", "bgr", "caffe/bgr/bgr"]
)
def test_a_normalisation_is_a_known_one_or_usable_numbers(text: str) -> None:
    with pytest.raises(
        CheckpointError, match=r"is none of cifar10, imagenet, half, none, caffe, and not two times three"
    ):
        Choice(normalisation=text)


def test_a_normalisation_is_called_in_a_choice_as_it_was_chosen() -> None:
    for text in ("cifar10", "imagenet", "half", "none", "0.1,0.2,0.3/1,1,2"):
        assert normalisation_of(Choice(normalisation=text).rule(227)) == text
        grey = Choice(normalisation=text).rule(227, channels=1)
        assert normalisation_of(grey) == (text if "," not in text else "0.1815/1.114")  # 0.299 · 0.1 + 0.587 · 0.2 + …
    assert Choice(normalisation="0.5/0.25").rule(227).std == (0.25, 0.25, 0.25)


@pytest.mark.parametrize(
    "text",
    [
        *("{", "[]", "{}", '{"format": "x", "variant": "paper"}'),
        '{"format": "alexnet_viz-choices/1", "variant": "other"}',
        '{"format": "alexnet_viz-choices/1", "classes": "abc"}',
        '{"format": "alexnet_viz-choices/1", "normalisation": 3}',
    ],
)
def test_what_lies_beside_a_file_and_is_no_choice_is_told(
    theirs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_CHECKPOINTS", str(tmp_path))
    choices_file(theirs).write_text(text)
    with pytest.raises(CheckpointError, match=r"theirs\.pth\.choices\.json beside .* used: .*; remove that file"):
        load_checkpoint(theirs, "cpu")
    assert "theirs" not in [entry.name for entry in available_checkpoints()]


@pytest.mark.parametrize(
    ("old", "words"),
    [
        (Choice(classes=("a", "b", "c", "d", "e")), "has 3 classes, and 5 names were given"),
        (Choice("torchvision"), "cannot be the variant torchvision"),
    ],
)
def test_a_choice_for_the_file_that_was_there_before_is_named(theirs: Path, old: Choice, words: str) -> None:
    keep_choice(theirs, old)
    with pytest.raises(CheckpointError, match=rf"{words}.*chosen before and is kept in theirs\.pth\.choices\.json"):
        load_checkpoint(theirs, "cpu")
    with pytest.raises(CheckpointError, match=r"kept in theirs\.pth\.choices\.json"):
        load_checkpoint(resolve_checkpoint(theirs, choice=Choice(normalisation="half")), "cpu")
    given = Choice("paper-groups" if old.variant else "", classes=("a",) if old.classes else ())
    with pytest.raises(CheckpointError) as caught:  # what is said now is not the old choice's fault
        load_checkpoint(resolve_checkpoint(theirs, choice=given), "cpu")
    assert "choices.json" not in str(caught.value)


def test_names_of_classes_in_a_text(tmp_path: Path) -> None:
    assert class_names("\ufeffcat\r\n\n  dog \n") == ("cat", "dog")
    assert class_names("tabby, tabby cat\nlynx, catamount") == ("tabby, tabby cat", "lynx, catamount")
    assert class_names("['cat', 'dog', \"frog\"]") == class_names("cat, dog, frog") == ("cat", "dog", "frog")
    assert class_names("") == class_names(" \n") == ()
    file = tmp_path / "names.txt"
    unusable = {b"\n": "holds no names", b"\xff\xfe": "is not a text in UTF-8", b"x" * 2_000_001: "larger than 2 MB"}
    for content, words in unusable.items():
        file.write_bytes(content)
        with pytest.raises(CheckpointError, match=words):
            read_class_names(file)
    with pytest.raises(CheckpointError, match=r"gone\.txt cannot be read"):
        read_class_names(tmp_path / "gone.txt")


def test_a_folder_that_cannot_be_written_is_told(theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("alexnet_viz.checkpoints.choices.replace_json", refuse)
    with pytest.raises(CheckpointError, match="cannot be written beside the model file: Permission denied"):
        keep_choice(theirs, Choice("paper"))
    assert read_choice(theirs) == Choice()
