import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_viz.cli import run
from alexnet_viz.explain import belief, why_commands
from alexnet_viz.explain.ablation import Change

pytestmark = pytest.mark.usefixtures("untrained_once")


@pytest.fixture
def photo(tmp_path: Path) -> str:
    pixels = np.random.default_rng(1).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize((300, 240), Image.Resampling.BICUBIC).save(tmp_path / "photo.png")
    return str(tmp_path / "photo.png")


@pytest.mark.slow
def test_an_explanation_as_json_and_as_a_file(
    photo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(belief, "RANDOM_MAPS", 2)  # the numbers are test_belief's; 400 pictures are not
    monkeypatch.setattr(belief, "_STEPS", 4)
    out = tmp_path / "why.npz"
    asked = ["explain", photo, "--checkpoint", "untrained", "--method", "grad-cam", "--out", str(out)]
    assert run([*asked, "--target", "cat", "--versus", "frog", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert {"deletion", "insertion", "random_deletion", "random_insertion"} <= set(record)
    assert (record["target"], record["versus"], record["stage"]) == ("cat", "frog", "block5.relu")
    assert record["computed_at"] == [13, 13]
    assert all(0 <= record[key] <= 1 for key in record if key.endswith(("deletion", "insertion")))
    assert record["like_untrained"] == pytest.approx(1)  # it is the untrained network itself
    with np.load(out) as file:
        assert file["attribution"].dtype == np.float32
        assert file["attribution"].shape == (227, 227)
        assert float(file["attribution"].max()) == pytest.approx(record["maximum"])
        assert (str(file["method"]), str(file["target"]), str(file["checkpoint"])) == ("grad-cam", "cat", "untrained")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--method", "lime"], "no method 'lime'"),
        (["--method", "saliency", "--target", "unicorn"], "no class 'unicorn'; this network has airplane"),
        (["--method", "saliency", "--target", "cat", "--versus", "cat"], "choose another class"),
        (["--method", "grad-cam", "--stage", "fc2"], "no stage 'fc2'"),
    ],
)
def test_wrong_questions_get_one_line(
    photo: str, tmp_path: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "why.npz")
    assert run(["explain", photo, "--checkpoint", "untrained", "--out", out, *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_a_file_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["explain", "no photo at all", "--method", "saliency", "--out"]  # that is noticed only later
    for out, words in ((tmp_path, "is a folder; name a file"), (tmp_path / "new" / "why.npz", "there is no folder")):
        with pytest.raises(SystemExit, match="2"):
            run([*asked, str(out)])
        assert words in capsys.readouterr().err


def test_ablation_as_json(photo: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["ablate", photo, "--checkpoint", "untrained", "--json", "--set"]
    assert run([*asked, "block2.relu:5=1"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert whole["before"] == whole["after"]
    assert len(whole["before"]) == 10
    assert run([*asked, "block1.relu:0=0", "block1.relu:1=held", "--set", "block1.relu:2=2"]) == 0
    changed = json.loads(capsys.readouterr().out)
    assert changed["before"] == whole["before"] != changed["after"]
    assert run([*asked, "block1.relu:96=0"]) == 2
    assert "no channel 96 at block1.relu" in capsys.readouterr().err


def test_the_altered_answer_stands_in_the_table_and_two_shares_read_differently(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Twelve classes: the last of them wins once a channel is off; the third's share rises by a hair.
    # The first two are called alike, and have each their own share.
    before = torch.tensor([0.3 - 0.02 * k for k in range(12)], dtype=torch.float64)
    after = before.clone()
    after[2], after[11] = before[2] + 0.0001, 0.5
    classes = ["alike", "alike", *(f"class {k}" for k in range(2, 12))]
    why_commands._print_ablation(before, after, classes, [Change("block1.relu", 3, 0.0)])
    lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    assert [line[-1].strip() for line in lines if line[0] == "alike"] == ["30.0 %", "28.0 %"]
    told = {line[0].strip(): [cell.strip() for cell in line[1:] if cell] for line in lines}
    assert told["class 2"] == ["26.00 %", "26.01 %"]
    assert told["class 11"] == ["8.0 %", "50.0 %"]
    assert "class 10" not in told  # of the others the ten likeliest


def explained(**given: object) -> dict[str, object]:
    asked = {"target": "cat", "versus": None, "method": "saliency", "computed_at": [227, 227], "stage": None}
    areas = {"deletion": 0.001, "random_deletion": 0.3, "insertion": 0.9964, "random_insertion": 0.9961}
    return {**asked, **areas, "minimum": -0.0004, "maximum": 0.0, "verdict": "x", "like_untrained": -0.004, **given}


def test_an_explanation_never_reads_as_exact_as_it_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    why_commands._print_explanation(explained())
    out = capsys.readouterr().out
    assert "From −4.00 × 10^−4 to 0." in out
    assert [" ".join(line.split()) for line in out.splitlines()[3:5]] == [
        "covering, low is good < 0.01 0.30", "uncovering, high is good 0.9964 0.9961",
    ]  # fmt: skip
    assert out.endswith("untrained network: > −0.01\n")


def test_of_a_map_without_an_order_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    why_commands._print_explanation(explained(minimum=0.0, maximum=0.0))
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Every value of the map is 0: it has no order, so that nothing is told of it."
    ]
