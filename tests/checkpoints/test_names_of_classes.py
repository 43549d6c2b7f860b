"""Class names as people have them: the right name for each class, or a refusal; never a piece of punctuation."""

import json
from pathlib import Path

import pytest
import torch

from alexnet_viz.checkpoints import Choice, class_names, read_class_names
from alexnet_viz.checkpoints.names_of_classes import names_of
from alexnet_viz.errors import CheckpointError

FLOWERS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
BY_NAME = {"tulips": 4, "daisy": 0, "roses": 2, "dandelion": 1, "sunflowers": 3}
BY_NUMBER = {str(number): name for number, name in sorted(enumerate(FLOWERS), reverse=True)}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(BY_NAME),
        json.dumps(BY_NAME, indent=1),
        json.dumps(BY_NUMBER),
        json.dumps(BY_NUMBER, indent=4),
        json.dumps(FLOWERS, indent=1),
        json.dumps({number: ["n0001", name] for number, name in BY_NUMBER.items()}),
        json.dumps({"model": "alexnet", "classes": 5, "id2label": BY_NUMBER}),
        str(BY_NAME),
        str({int(number): name for number, name in BY_NUMBER.items()}),
        f"classes = {FLOWERS!r}",
        f"class_to_idx = {BY_NAME!r}\n",
        "names: list[str] = [\n  'daisy',  # 0\n  \"dandelion\",\n  'roses',\n  # the large ones\n"
        "  'sunflowers',\n  'tulips',\n]",
        "names: ['daisy', 'dandelion', 'roses', 'sunflowers', 'tulips']",
        "names:\n  0: daisy\n  1: dandelion\n  2: roses\n  3: sunflowers\n  4: tulips",
        "names:\n- daisy\n- dandelion\n- roses\n- sunflowers\n- tulips\n",
        "0 daisy\n1 dandelion\n2 roses\n3 sunflowers\n4 tulips",
        "1. daisy\n2. dandelion\n3. roses\n4. sunflowers\n5. tulips",
        "4: tulips\n3: sunflowers\n0: daisy\n1: dandelion\n2: roses",
        "daisy: 0, tulips: 4, roses: 2, dandelion: 1, sunflowers: 3",
        "name,index\n" + "\n".join(f"{name},{number}" for name, number in BY_NAME.items()),
        "id;class\n" + "\n".join(f"{number};{name}" for name, number in BY_NAME.items()),
        ",name\r\n" + "\r\n".join(f"{number},{name}" for number, name in enumerate(FLOWERS)),
        "class_name\n" + "\n".join(FLOWERS),
        "\n".join(f'"{name}",' for name in FLOWERS),
        "[daisy, dandelion, roses, sunflowers, tulips]",
        "\ufeffdaisy, dandelion, roses, sunflowers, tulips",
    ],
)
def test_names_are_those_of_their_classes(text: str) -> None:
    assert class_names(text) == FLOWERS


def test_imagenets_well_known_list_has_commas_and_quotes_in_its_names() -> None:
    text = "{0: 'tench, Tinca tinca',\n 1: \"jack-o'-lantern\",\n 2: 'crane',}"
    assert class_names(text) == ("tench, Tinca tinca", "jack-o'-lantern", "crane")


@pytest.mark.parametrize(
    "names",
    [
        ("0", "1", "2"),
        ("10 euro", "20 euro", "50 euro"),
        ("1 euro", "2 euro"),
        ("class 0", "class 1"),
        ("route, 66", "highway, 1"),
        ("(none)", "cat"),
        ("boys' shoes", "rock 'n' roll"),
        ("tabby, tabby cat", "lynx, catamount"),
        ("3D", "2D"),
        ("C:\\cats", "C:\\dogs"),
    ],
)
def test_names_that_only_look_like_more_stay_as_they_are(names: tuple[str, ...]) -> None:
    assert class_names("\n".join(names)) == names
    assert class_names(json.dumps(names)) == names
    assert class_names(str(names)) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[\n'daisy',\n'roses'", "brackets or quotes are left over"),
        ("{0: 'daisy',\n 1: ", "brackets or quotes are left over"),
        ('"0": "daisy", "1": "tulips"', "brackets or quotes are left over"),
        ("classes = ('daisy', 'roses'", "brackets or quotes are left over"),
        ("[1, 2, 3]", "not of one name for each class"),
        ('["daisy", 3]', "not of one name for each class"),
        ('{"daisy": 0, "roses": 2}', "not of one name for each class; give names, or names with numbers from 0 on"),
        ('{"daisy": 0, "roses": 0}', "not of one name for each class"),
        ('{"daisy": true}', "not of one name for each class"),
        ('[["daisy"]]', "not of one name for each class"),
        ("[" * 100_000 + "]" * 100_000, "left over|not of one"),
        ("[" * 100_000, "left over"),
    ],
)
def test_what_is_no_list_of_names_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CheckpointError, match=rf"^The list of classes .*({words})"):
        class_names(text)
    file = tmp_path / "names.txt"
    file.write_text(text)
    with pytest.raises(CheckpointError, match=r"^names\.txt "):
        read_class_names(file)


def test_names_of_a_record() -> None:
    assert names_of({"x": "daisy"}) == names_of(3) == names_of([torch.zeros(1)]) == names_of({}) == ()
    assert names_of({0: "a", 1: "b"}) == names_of(("a", "b")) == names_of({"a": 0, "b": 1}) == ("a", "b")
    assert names_of({"0": "0", "1": "1"}) == names_of({"0": 0, "1": 1}) == ("0", "1")  # MNIST's


def test_names_that_two_classes_have_are_told() -> None:
    chosen = Choice(classes=("crane", "crane", "maillot", "a", "maillot")).sentences({})
    assert chosen[-1] == "More than one class is called crane, maillot."
    assert len(Choice(classes=("a", "b")).sentences({})) == 1
