import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from alexnet_viz.cli import run
from alexnet_viz.explain import belief

pytestmark = pytest.mark.usefixtures("untrained_once")


@pytest.fixture
def photo(tmp_path: Path) -> str:
    pixels = np.random.default_rng(1).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize((300, 240), Image.Resampling.BICUBIC).save(tmp_path / "photo.png")
    return str(tmp_path / "photo.png")


def test_an_explanation_as_json_and_as_a_file(
    photo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(belief, "RANDOM_MAPS", 2)  # the numbers are test_belief's; 400 pictures are not
    monkeypatch.setattr(belief, "_STEPS", 4)
    out = tmp_path / "new" / "why.npz"
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
