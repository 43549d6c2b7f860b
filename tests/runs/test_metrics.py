import json
import math
from pathlib import Path
from types import SimpleNamespace

import pytest

from alexnet_viz.runs import MetricsReader, MetricsWriter, read_metrics
from alexnet_viz.runs.metrics import best_epoch, clock_of


def steps(records: list[dict[str, object]]) -> list[object]:
    return [record["step"] for record in records if record["kind"] == "step"]


def step(number: int, loss: float = 2.5) -> dict[str, object]:
    return {"kind": "step", "step": number, "loss": loss}


def test_half_written_last_line_is_not_a_point(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"kind": "step", "step": 1, "loss": 2.5}\n{"kind": "step", "st')
    assert steps(read_metrics(path)) == [1]


def test_a_reader_takes_only_what_was_appended(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    reader = MetricsReader(path)
    assert reader.read() == []  # no file yet
    with MetricsWriter(path) as metrics:
        metrics.write(step(1))
        assert steps(reader.read()) == [1]
        metrics.write(step(2))
        metrics.write(step(3))
        assert steps(reader.read()) == [2, 3]
        assert reader.read() == []
    assert steps(reader.points) == [1, 2, 3]


def test_a_line_is_read_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    line = json.dumps(step(1)) + "\n"
    path.write_text(line[:9])
    reader = MetricsReader(path)
    assert reader.read() == []
    path.write_text(line)
    assert steps(reader.read()) == [1]


def test_a_killed_trainers_torn_line_swallows_no_later_one(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text(json.dumps(step(1)) + '\n{"kind": "st')
    with MetricsWriter(path) as metrics:
        metrics.write(step(2))
    assert steps(read_metrics(path)) == [1, 2]


def test_steps_gone_through_again_after_a_resume_count_once(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    with MetricsWriter(path) as metrics:
        for number in (1, 2, 3, 4):
            metrics.write(step(number, loss=9.0))
        metrics.write({"kind": "event", "event": "resumed", "step": 2})
        metrics.write(step(3, loss=1.0))
    points = [record for record in read_metrics(path) if record["kind"] == "step"]
    assert [(point["step"], point["loss"]) for point in points] == [(1, 9.0), (2, 9.0), (3, 1.0)]


def test_a_training_that_starts_anew_leaves_nothing_of_the_first_try(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    with MetricsWriter(path) as metrics:
        for loss in (9.0, 1.0):
            metrics.write({"kind": "event", "event": "started", "step": 0})
            metrics.write({"kind": "epoch", "epoch": 0, "step": 0, "val_loss": loss})
    assert [record.get("val_loss") for record in read_metrics(path)] == [None, 1.0]


def test_a_look_before_the_first_step_survives_a_resume_from_there(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    with MetricsWriter(path) as metrics:
        metrics.write({"kind": "event", "event": "started", "step": 0})
        metrics.write({"kind": "epoch", "epoch": 0, "step": 0, "val_loss": 2.3})
        metrics.write(step(1))
        metrics.write({"kind": "event", "event": "resumed", "step": 0})
    assert [record["kind"] for record in read_metrics(path)] == ["event", "epoch", "event"]


def test_an_epoch_that_is_validated_again_after_a_resume_counts_once(tmp_path: Path) -> None:
    # Stopped after the epoch's last step, gone on with, and killed between its record and its checkpoint.
    path = tmp_path / "metrics.jsonl"
    with MetricsWriter(path) as metrics:
        metrics.write({"kind": "epoch", "epoch": 0, "step": 0, "val_loss": 2.3})
        metrics.write(step(1))
        for loss in (2.0, 1.0):
            metrics.write({"kind": "event", "event": "resumed", "step": 1, "epochs": 0})
            metrics.write({"kind": "epoch", "epoch": 1, "step": 1, "val_loss": loss})
    assert [record["val_loss"] for record in read_metrics(path) if record["kind"] == "epoch"] == [2.3, 1.0]
    with MetricsWriter(path) as metrics:
        metrics.write({"kind": "event", "event": "resumed", "step": 0, "epochs": None})  # before the first look
        metrics.write({"kind": "epoch", "epoch": 0, "step": 0, "val_loss": 2.4})
    assert [record["val_loss"] for record in read_metrics(path) if record["kind"] == "epoch"] == [2.4]


def test_a_loss_that_is_no_number_is_stored_as_null(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    with MetricsWriter(path) as metrics:
        metrics.write(step(1, loss=float("nan")))
    assert read_metrics(path)[0]["loss"] is None
    assert "NaN" not in path.read_text()


def test_the_best_epoch_is_chosen_among_validations_at_full_size() -> None:
    records = [{"kind": "epoch", "epoch": 0, "val_accuracy": 0.9, "size": 227}]
    small = {"kind": "epoch", "epoch": 1, "val_accuracy": 0.746, "size": 131}
    full = {"kind": "epoch", "epoch": 2, "val_accuracy": 0.664, "size": 227}
    assert best_epoch([*records, small]) is None
    assert best_epoch([*records, small, full, {**full, "epoch": 3}]) == 2
    assert best_epoch([{"epoch": 4, "val_accuracy": 0.5}]) == 4  # a run of the first version, always at full size


def test_a_line_says_how_long_its_trainer_has_been_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter((50.0, 50.5, 53.0))  # when it began, and at each line
    monkeypatch.setattr("alexnet_viz.runs.metrics.time", SimpleNamespace(monotonic=lambda: next(ticks)))
    path = tmp_path / "metrics.jsonl"
    with MetricsWriter(path) as metrics:
        metrics.write({"kind": "event", "event": "started", "time": 7200.0})
        metrics.write({"kind": "step", "step": 1, "time": 3.0})  # the clock was set back by two hours
    assert [clock_of(point) for point in read_metrics(path)] == [0.5, 3.0]
    assert clock_of({"kind": "step", "time": 9.0}) == 9.0  # of an earlier version
    assert math.isnan(clock_of({"kind": "step", "time": None}))
