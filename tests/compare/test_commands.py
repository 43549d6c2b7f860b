"""The command compare, through the command line's own entry."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_viz import checkpoints, cli
from alexnet_viz.checkpoints import Checkpoint, Choice, read_choice
from alexnet_viz.errors import CheckpointError
from alexnet_viz.images import InputRule
from alexnet_viz.training.datasets import labelled
from alexnet_viz.training.datasets.labelled import labelled_pictures
from alexnet_viz.training.datasets.shapes import CLASSES as SHAPES
from alexnet_viz.training.datasets.shapes import unlearnt_drawings
from alexnet_viz.training.evaluation import evaluate
from tests.checkpoints.public_definitions import HALF, published
from tests.compare.test_unlabelled import photos
from tests.support.model_files import saved


@pytest.fixture
def two(tiny_network: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> dict[str, Checkpoint]:
    """Two tiny checkpoints that the command line finds as "one" and "two", of the ten shapes."""
    record = {"input": InputRule().to_record(), "source": "", "variant": "seed", "epoch": 1}
    found = {
        name: Checkpoint(name, tiny_network(10, draw).eval(), SHAPES, "seed", {**record}, torch.device("cpu"), None)
        for draw, name in enumerate(("one", "two"))
    }

    def load(name: str) -> Checkpoint:
        if name not in found:
            raise CheckpointError(f"'{name}'", "is neither a checkpoint nor a file")
        return found[name]

    monkeypatch.setattr(
        checkpoints,
        "resolve_checkpoint",
        lambda name, choice: checkpoints.CheckpointRef(name, None, ("", 0, 0, choice), name),
    )
    monkeypatch.setattr(checkpoints, "load_checkpoint", lambda found, device: load(found.name))
    return found


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"{number}.png" for number in range(5)]
    for path, photo in zip(paths, photos(5), strict=True):
        photo.save(path)
    return [str(path) for path in paths]


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.run(["compare", *map(str, arguments)])
    return code, *capsys.readouterr()


def test_on_pictures(two: dict[str, Checkpoint], pictures: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "one", "two", "--images", *pictures, "--json")
    document = json.loads(out)
    assert code == 0
    assert list(document["per_stage"]) == list(two["one"].model.stage_names)
    assert set(document["per_stage"]["block3.relu"]) == {"cka", "mean_abs_diff"}
    assert 0 <= document["agreement"] <= 1
    assert (document["a"]["name"], document["a"]["variant"], document["a"]["epoch"]) == ("one", "seed", 1)
    assert len(document["b"]["predictions"]) == 5
    code, out, _ = call(capsys, "one", "one", "--images", *pictures)
    assert code == 0
    assert "On 5 pictures A and B give the same answer on every one." in out
    assert "block5.pool  1.00" in out


def test_one_picture_has_no_cka(
    two: dict[str, Checkpoint], pictures: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = call(capsys, "one", "two", "--images", pictures[0], "--json")
    document = json.loads(out)
    assert (code, document["per_stage"]["fc1"]["cka"]) == (0, None)
    assert document["per_stage"]["fc1"]["mean_abs_diff"] > 0
    assert document["remark"] == "CKA takes at least 4 pictures; give more."


def test_on_a_data_set(two: dict[str, Checkpoint], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "report.html"
    code, out, _ = call(capsys, "one", "two", "--dataset", "shapes", "--limit", 24, "--json", "--report", page)
    document = json.loads(out)
    assert code == 0
    assert document["images"] == 24
    expected = evaluate(two["two"], unlearnt_drawings(24), SHAPES).accuracy
    assert document["b"]["accuracy"] == expected
    assert document["b"]["interval"][0] < expected < document["b"]["interval"][1]
    assert set(document["mcnemar"]) == {"only_a", "only_b", "both_right", "both_wrong", "p_value"}
    assert len(document["per_stage"]) == 11
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_where_they_disagree_a_folders_pictures_are_named(
    two: dict[str, Checkpoint], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with torch.no_grad():  # one always says the first class, two never
        for name, sign in (("one", 100.0), ("two", -100.0)):
            two[name].model.classification_layer.bias[0] = sign
    draw = np.random.default_rng(0)
    for number in range(12):
        path = tmp_path / ("disc" if number % 2 else "ring") / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(draw.integers(0, 256, (9, 9, 3), dtype=np.uint8)).resize((60, 60)).save(path)
    code, out, _ = call(capsys, "one", "two", "--dataset", "folder", "--data", tmp_path, "--json")
    found = json.loads(out)["answers"]["disagreements"]
    assert code == 0
    assert len({each["file"] for each in found}) == 12
    for each in found:
        assert each["file"].startswith(f"{each['label']}/"), each


def test_for_people(two: dict[str, Checkpoint], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "one", "two", "--dataset", "shapes", "--limit", 12)
    assert code == 0
    for words in ("A  one, epoch 1", "95 % interval", "stage", "without good partner", "triangle", "fc2", "cosine"):
        assert words in out, words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["one", "nowhere", "--images", "{tmp}/0.png"], "neither a checkpoint"),
        (["one", "two", "--images", "{tmp}/missing.png"], "missing.png"),
        (["one", "two", "--dataset", "mnist"], "choose shapes, cifar10, folder"),
        (["one", "two", "--dataset", "shapes", "--limit", "x"], "limit is 'x'"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(
    two: dict[str, Checkpoint],
    pictures: list[str],
    arguments: list[str],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = call(capsys, *[argument.replace("{tmp}", str(tmp_path)) for argument in arguments], "--json")
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["one", "two"], ["one", "two", "--images", "a.png", "--dataset", "shapes"]])
def test_images_or_a_data_set(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call(capsys, *arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.fixture
def foreign(tmp_path: Path) -> list[str]:
    """Two files that say nothing of themselves, of five classes."""
    files = [tmp_path / "theirs.pth", tmp_path / "others.pth"]
    for file in files:
        saved(published(widths=HALF, padding=2, units=2048, classes=5).state_dict(), file)
    return [str(file) for file in files]


@pytest.mark.slow
def test_what_is_said_of_either_side(
    foreign: list[str], pictures: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("ant\nbee\ncat\ndog\neel\n")
    said = (
        "--normalisation-a",
        "none",
        "--classes-a",
        names,
        "--normalisation-b",
        "imagenet/bgr",
        "--variant-b",
        "half",
    )
    code, out, _ = call(capsys, *foreign, "--images", *pictures[:2], *said, "--json")
    assert code == 0
    a, b = (json.loads(out)[side] for side in "ab")
    assert a["predictions"][0][0]["class"] in {"ant", "bee", "cat", "dog", "eel"}
    assert "mean 0 and deviation 1" in " ".join(a["chosen"])
    assert b["predictions"][0][0]["class"].startswith("class ")
    assert "blue, green, red" in " ".join(b["chosen"])
    assert "names are not known" in " ".join(b["assumed"])
    kept = [read_choice(Path(file)) for file in foreign]
    assert [each.normalisation for each in kept] == ["none", "imagenet/bgr"]
    assert (kept[0].variant, kept[1].variant) == ("", "half")
    code, out, _ = call(capsys, *foreign, "--images", *pictures[:2])
    assert code == 0
    assert f"Chosen for {foreign[0]}: Chosen for pictures: mean 0" in out


def test_one_file_said_to_be_two_networks_is_kept_as_neither(
    foreign: list[str], pictures: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = ("--normalisation-a", "none", "--normalisation-b", "half")
    code, out, _ = call(capsys, foreign[0], foreign[0], "--images", *pictures[:2], *said, "--json")
    assert code == 0
    assert json.loads(out)["per_stage"]["block1.conv"]["mean_abs_diff"] > 0
    assert read_choice(Path(foreign[0])) == Choice()


def test_what_a_side_cannot_be(foreign: list[str], pictures: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, *foreign, "--images", *pictures[:2], "--variant-b", "seed")
    assert code == 2
    assert "others.pth cannot be the variant seed: its layers are those of half" in err
    code, _, err = call(capsys, "untrained", foreign[0], "--images", *pictures[:2], "--normalisation-a", "none")
    assert code == 2
    assert "untrained is drawn by this program" in err


def test_each_side_has_the_score_that_it_has_alone(
    two: dict[str, Checkpoint], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Photographs are fitted to each network's own side, the second's cut out of 259 or squashed: never A's for both.
    for number, photo in enumerate(photos(12)):
        (tmp_path / "pets" / SHAPES[number % 2]).mkdir(parents=True, exist_ok=True)
        photo.resize((400, 260)).save(tmp_path / "pets" / SHAPES[number % 2] / f"{number}.png")
    for changes in ({"short_side": 259}, {"resize": "squash"}):
        two["two"].metadata["input"] = {**InputRule().to_record(), **changes}
        alone = {}
        for name, checkpoint in two.items():
            data = labelled_pictures("folder", tmp_path / "pets", *checkpoint.input_rule.stored)
            alone[name] = pytest.approx(evaluate(checkpoint, data.split, data.classes).loss, abs=1e-6)
        for first, second in (("one", "two"), ("two", "one")):
            options = ("--dataset", "folder", "--data", tmp_path / "pets", "--json")
            code, out, _ = call(capsys, first, second, *options)
            answers = json.loads(out)["answers"]
            assert (code, answers["a"]["loss"], answers["b"]["loss"]) == (0, alone[first], alone[second])
        assert alone["one"] != alone["two"]


def test_pictures_that_are_stored_at_their_own_size_are_read_once(
    two: dict[str, Checkpoint], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    two["two"].metadata["input"] = {**InputRule().to_record(), "short_side": 259}
    read: list[str] = []

    def pictures(name: str, *given: object) -> object:
        read.append(name)
        return labelled_pictures(name, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(labelled, "labelled_pictures", pictures)
    assert call(capsys, "one", "two", "--dataset", "shapes", "--limit", 8, "--json")[0] == 0
    assert read == ["shapes"]
