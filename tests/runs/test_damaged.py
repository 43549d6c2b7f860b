"""One run whose folder is damaged costs one row, which says what is wrong."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alexnet_viz.cli import run as command
from alexnet_viz.runs import Run, Status, create_run, list_runs, write_status
from alexnet_viz.ui.train.runs import TrainingService

PARTS = ("config.json", "status.json", "metrics.jsonl", "note.txt", "ending.json", "checksums.json", "checkpoints")
CONTENTS = [
    b'{"created": NaN, "recipe": {}}',
    b'{"created": 1e999}',
    b'{"created": "yesterday"}',
    b'{"recipe": [1]}',
    b'{"recipe": {"epochs": "\\ud800"}}',
    b'{"state": "running", "pid": "1"}',
    b'{"state": "running", "pid": 1e300, "epoch": -1}',
    b'{"state": {"a": []}}',
    b'{"kind": "epoch", "epoch": 1, "val_accuracy": {}, "doctor": [[]]}\n',
    b'{"kind": "step", "step": 1, "loss": 1' + b"0" * 400 + b"}\n",
    b"[" * 100_000,
    b"\xff\xfe\x00",
    b"",
    b"null",
]


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one whole run."""
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", str(tmp_path))
    whole = create_run(tmp_path, "shapes", {"name": "whole", "recipe": {"epochs": 3}}, now=2e9)
    write_status(whole.folder, Status("stopped", epoch=1, step=9))
    return tmp_path


def damage(folder: Path, part: str, content: bytes | None) -> None:
    """Put a content, or a folder, in the place of one of a run's files."""
    path = folder / part
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)


def listed(runs: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What the page and the command line list; both as JSON that a browser takes."""
    page = TrainingService().listing()["runs"]
    assert isinstance(page, list)
    json.dumps(page, allow_nan=False, ensure_ascii=False).encode()
    assert command(["runs", "--runs", str(runs), "--json"]) == 0
    told: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    assert len(told) == len([record for record in page if record["state"] != "shipped"])
    return told


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.slow
def test_a_damaged_file_costs_one_row(runs: Path, part: str, capsys: pytest.CaptureFixture[str]) -> None:
    for content in [*CONTENTS, None]:
        bad = create_run(runs, "bad", {"name": "bad", "recipe": {"epochs": 3}})
        damage(bad.folder, part, content)
        assert listed(runs, capsys)[0]["name"] == "whole", content
        assert command(["stop", bad.id, "--runs", str(runs)]) == 2, content
        assert command(["delete", bad.id, "--runs", str(runs)]) == 0, content
        assert "Traceback" not in capsys.readouterr().err
        assert [run.config()["name"] for run in list_runs(runs)] == ["whole"]


def test_a_run_whose_settings_cannot_be_read_is_not_resumed(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = create_run(runs, "bad", {})
    damage(bad.folder, "config.json", b'{"recipe": NaN}')
    assert command(["resume", bad.id, "--runs", str(runs)]) == 2
    assert "config.json cannot be read" in capsys.readouterr().err


def test_a_row_says_what_is_wrong(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = create_run(runs, "bad", {})
    damage(bad.folder, "config.json", b'{"created": "yesterday"}')
    [_, row] = listed(runs, capsys)
    assert "config.json cannot be read (Expected `float | null`, got `str`" in str(row["message"])


def test_a_name_that_is_no_utf8_costs_one_row(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = create_run(runs, "bad", {})
    os.rename(os.fsencode(bad.folder), os.fsencode(runs) + b"/bad\xff")
    rows = listed(runs, capsys)
    assert "is no UTF-8" in str(rows[1]["message"])


def test_names_with_half_a_letter_are_written_so_that_they_can_be_read(runs: Path) -> None:
    made = create_run(runs, "shapes", {"name": "a\ud800"})
    made.write_note("b\udfff")
    assert (made.config()["name"], made.note) == ("a?", "b?")


def test_a_note_that_is_no_utf8_is_shown_as_far_as_it_goes(runs: Path) -> None:
    made = create_run(runs, "shapes", {})
    (made.folder / "note.txt").write_bytes(b"good\xff")
    assert made.note == "good\ufffd"


@given(part=st.sampled_from(PARTS[:-1]), content=st.binary(max_size=300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_lies_in_a_run_is_listed(tmp_path: Path, part: str, content: bytes) -> None:
    folder = tmp_path / "run"
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text("{}")
    damage(folder, part, content)
    summary = Run(folder).summary()
    json.dumps(summary, allow_nan=False, ensure_ascii=False).encode()
