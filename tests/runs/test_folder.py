import json
from pathlib import Path

import pytest

from alexnet_viz.errors import RunError
from alexnet_viz.runs import (
    MetricsWriter,
    Run,
    Status,
    create_run,
    delete_run,
    find_run,
    find_run_checkpoint,
    list_runs,
    runs_folder,
    this_process,
    write_status,
)


def make(runs: Path, now: float = 1_795_000_000.0, name: str = "") -> Run:
    return create_run(runs, "shapes", {"name": name, "recipe": {"epochs": 3}}, now=now)


def add_checkpoints(run: Run, *names: str) -> None:
    for name in names:
        (run.folder / "checkpoints" / f"{name}.safetensors").touch()


def test_an_id_says_when_and_what(tmp_path: Path) -> None:
    run = make(tmp_path / "runs", now=1_795_447_812.0)
    # 2026-11-23 15:30:12 UTC is 20,780 days and 55,812 s after 1970: 20,780 * 86,400 + 55,812 = 1,795,447,812.
    assert run.id.startswith("20261123-153012-shapes-")
    assert json.loads((run.folder / "config.json").read_text())["recipe"] == {"epochs": 3}


def test_two_runs_of_one_second_have_two_folders(tmp_path: Path) -> None:
    assert len({make(tmp_path).folder for _ in range(20)}) == 20


def test_a_word_of_the_id_stays_inside_the_folder(tmp_path: Path) -> None:
    run = create_run(tmp_path, "../../My Photos é", {})
    assert run.folder.parent == tmp_path
    assert "my-photos" in run.id


def test_runs_are_listed_newest_first(tmp_path: Path) -> None:
    old, new = make(tmp_path, now=1000.0), make(tmp_path, now=2000.0)
    (tmp_path / "something else").mkdir()
    assert [run.id for run in list_runs(tmp_path)] == [new.id, old.id]
    assert list_runs(tmp_path / "nowhere") == []


def test_a_run_is_found_by_id_and_by_name(tmp_path: Path) -> None:
    make(tmp_path, now=1000.0, name="mine")
    newer = make(tmp_path, now=2000.0, name="mine")
    assert find_run(tmp_path, newer.id).id == newer.id
    assert find_run(tmp_path, "mine").id == newer.id
    with pytest.raises(RunError, match=r"is not in .*; the runs there are"):
        find_run(tmp_path, "yours")


def test_a_run_without_a_status_is_crashed(tmp_path: Path) -> None:
    assert make(tmp_path).status().state == "crashed"


def test_epochs_come_before_a_step_inside_one(tmp_path: Path) -> None:
    run = make(tmp_path)
    add_checkpoints(run, "step-000123", "epoch-010", "epoch-000", "epoch-002", "resume-epoch-010", "epoch-x")
    assert [file.name for file in run.checkpoints()] == ["epoch-000", "epoch-002", "epoch-010", "step-000123"]


def test_checkpoints_are_named_by_run_and_epoch(tmp_path: Path) -> None:
    run = make(tmp_path, name="mine")
    add_checkpoints(run, "epoch-000", "epoch-001", "epoch-002")
    with MetricsWriter(run.folder / "metrics.jsonl") as metrics:
        for epoch, accuracy in ((0, 0.9), (1, 0.5), (2, 0.4)):  # that of epoch 0 is of fewer pictures
            metrics.write({"kind": "epoch", "epoch": epoch, "val_accuracy": accuracy})
    found = {which: find_run_checkpoint(f"mine:{which}", tmp_path) for which in ("0", "last", "best", "epoch-002")}
    stems = {which: path.stem for which, path in found.items() if path}
    assert stems == {"0": "epoch-000", "last": "epoch-002", "best": "epoch-001", "epoch-002": "epoch-002"}
    assert find_run_checkpoint("cat.safetensors", tmp_path) is None
    assert find_run_checkpoint("yours:last", tmp_path) is None
    with pytest.raises(RunError, match="has no checkpoint '7'; give 0, 1, 2, last or best"):
        find_run_checkpoint("mine:7", tmp_path)


def test_the_best_epoch_is_no_other_checkpoint(tmp_path: Path) -> None:
    run = make(tmp_path, name="mine")
    add_checkpoints(run, "epoch-000", "step-000004")  # stopped inside the first epoch: nothing was validated
    for word in ("best", "None"):
        with pytest.raises(
            RunError, match="no best epoch yet" if word == "best" else "no checkpoint 'None'; give 0, st"
        ):
            find_run_checkpoint(f"mine:{word}", tmp_path)
    with MetricsWriter(run.folder / "metrics.jsonl") as metrics:
        metrics.write({"kind": "epoch", "epoch": 3, "val_accuracy": 0.5})
    with pytest.raises(RunError, match="has no checkpoint '3'; give 0, step-000004, last or best"):
        find_run_checkpoint("mine:best", tmp_path)  # somebody has removed its file


def test_a_thousand_epochs_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    run = make(tmp_path, name="long")
    add_checkpoints(run, "step-099999", "epoch-1000", "epoch-900", "step-1000000", "epoch-200", "epoch-000")
    epochs = [0, 200, 900, 1000]
    assert [file.epoch for file in run.checkpoints()] == [*epochs, None, None]
    assert [file.name for file in run.checkpoints()][-2:] == ["step-099999", "step-1000000"]
    (run.folder / "checkpoints/step-099999.safetensors").unlink()
    (run.folder / "checkpoints/step-1000000.safetensors").unlink()
    last = find_run_checkpoint("long:last", tmp_path)
    assert last is not None
    assert last.stem == "epoch-1000"


def test_the_summary_has_what_a_list_shows(tmp_path: Path) -> None:
    run = make(tmp_path, name="mine")
    add_checkpoints(run, "epoch-000")
    write_status(run.folder, Status("finished", epoch=3, step=9))
    with MetricsWriter(run.folder / "metrics.jsonl") as metrics:
        metrics.write({"kind": "epoch", "epoch": 3, "val_accuracy": 0.5})
        metrics.write({"kind": "step", "step": 9})
    summary = run.summary()
    assert (summary["name"], summary["state"], summary["epoch"], summary["epochs"]) == ("mine", "finished", 3, 3)
    assert summary["metrics"] == {"epoch": 3, "val_accuracy": 0.5}
    assert summary["checkpoints"] == ["epoch-000"]


def test_a_deleted_run_is_gone_and_only_it(tmp_path: Path) -> None:
    first, second = make(tmp_path, now=1000.0), make(tmp_path, now=2000.0)
    delete_run(tmp_path, first.id)
    assert [run.id for run in list_runs(tmp_path)] == [second.id]


def test_nothing_outside_the_folder_of_runs_is_deleted(tmp_path: Path) -> None:
    outside = make(tmp_path / "elsewhere")
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "link").symlink_to(outside.folder)
    for run_id in ("link", "../elsewhere/" + outside.id, str(outside.folder), "..", ""):
        with pytest.raises(RunError):
            delete_run(runs, run_id)
    assert outside.config()


def test_a_run_in_training_is_not_deleted(tmp_path: Path) -> None:
    run, me = make(tmp_path), this_process()
    write_status(run.folder, Status("running", pid=me.pid, pid_started=me.started))
    with pytest.raises(RunError, match="stop it first"):
        delete_run(tmp_path, run.id)


def test_a_stop_can_be_asked_for_and_withdrawn(tmp_path: Path) -> None:
    run = make(tmp_path)
    assert not run.stop_requested
    run.request_stop()
    assert run.stop_requested
    run.withdraw_stop()
    assert not run.stop_requested


def test_a_note_is_kept(tmp_path: Path) -> None:
    run = make(tmp_path)
    assert run.note == ""
    run.write_note("größere Rate")
    assert run.note == "größere Rate"


def test_the_folder_of_runs_is_given_or_set_or_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALEXNET_VIZ_RUNS", raising=False)
    assert runs_folder() == Path("runs")
    monkeypatch.setenv("ALEXNET_VIZ_RUNS", str(tmp_path))
    assert runs_folder() == tmp_path
    assert runs_folder(Path("mine")) == Path("mine")


def test_reading_runs_imports_no_torch() -> None:
    import subprocess
    import sys

    code = "import sys, alexnet_viz.runs; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
