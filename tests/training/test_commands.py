"""The commands of the training, through the command line's own entry."""

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from alexnet_viz import cli
from alexnet_viz.runs import MetricsWriter, Run, Status, create_run, list_runs, this_process, write_status
from alexnet_viz.training import launcher

QUICK = ["--set", "small_size=67", "--set", "small_share=1", "--set", "precision=fp32", "--threads", "1"]


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder of runs whose trainers have a tiny network; ends those left over."""
    monkeypatch.setattr(launcher, "_TRAINER", (str(Path(__file__).with_name("tiny_trainer.py")),))
    yield tmp_path / "runs"
    for run in list_runs(tmp_path / "runs"):
        launcher.kill(run)
    for child in launcher._children.values():
        child.process.wait(300)
    launcher.collect_children()


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, object, str]:
    code = cli.run([*map(str, arguments), "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else None, err


@pytest.mark.slow
def test_a_run_from_launch_to_deletion(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--limit", 16, "--seed", 5, "--runs", runs, "--set", "learning_rate=0.001", *QUICK]
    code, finished, _ = call(capsys, "train", "--dataset", "shapes", "--epochs", 2, "--name", "mine", *options)
    assert code == 0
    assert isinstance(finished, dict)
    assert (finished["name"], finished["state"], finished["epoch"]) == ("mine", "finished", 2)
    assert {"train_loss", "train_accuracy", "val_loss", "val_accuracy", "seconds"} <= set(finished["metrics"])
    code, endless, _ = call(capsys, "train", "--dataset", "shapes", "--epochs", 9999, "--detach", *options)
    assert isinstance(endless, dict)
    assert (code, endless["state"] in ("queued", "running")) == (0, True)
    run = list_runs(runs)[0]
    while run.status().step == 0:
        threading.Event().wait(0.05)
    assert call(capsys, "delete", run.id, "--runs", runs)[0] == 2
    code, stopped, _ = call(capsys, "stop", run.id, "--runs", runs)
    assert isinstance(stopped, dict)
    assert (code, stopped["state"]) == (0, "stopped")
    code, listed, _ = call(capsys, "runs", "--runs", runs)
    assert isinstance(listed, list)
    assert [one["state"] for one in listed] == ["stopped", "finished"]
    assert set(listed[0]) >= {"id", "name", "state", "epoch", "epochs", "step", "metrics", "checkpoints"}
    assert listed[1]["checkpoints"] == ["epoch-000", "epoch-001", "epoch-002"]
    assert call(capsys, "delete", run.id, "--runs", runs)[0] == 0
    assert [run.config()["name"] for run in list_runs(runs)] == ["mine"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--dataset", "cifar10", "--data", "{tmp}"], "CIFAR-10 is not in"),
        (["train", "--dataset", "mnist"], "choose shapes, cifar10, folder"),
        (["train", "--dataset", "folder"], "needs --data"),
        (["train", "--dataset", "folder", "--data", "{tmp}"], "no class folder"),
        (["train", "--dataset", "shapes", "--epochs", "0"], "epochs is 0"),
        (["train", "--dataset", "shapes", "--set", "speed=9"], "speed is no setting"),
        (["train", "--dataset", "shapes", "--set", "speed"], "takes KEY=VALUE"),
        (["train", "--dataset", "shapes", "--set", "=9"], "takes KEY=VALUE, not '=9'"),
        (["train", "--dataset", "shapes", "--preset", "slow"], "choose fast"),
        (["train", "--dataset", "shapes", "--set", "start_from={tmp}/empty.pt"], "empty.pt is empty"),
        (["train", "--dataset", "shapes", "--runs", "{tmp}/" + "n" * 300], "File name too long"),
        (["resume", "mine", "--runs", "{tmp}"], "run mine is not in"),
        (["stop", "mine", "--runs", "{tmp}"], "none yet"),
        (["dataset", "{tmp}/nowhere"], "does not exist"),
        (["evaluate", "--checkpoint", "nowhere", "--dataset", "shapes"], "neither a checkpoint"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "empty.pt").touch()
    code, out, err = call(capsys, *[argument.replace("{tmp}", str(tmp_path)) for argument in arguments])
    assert (code, out) == (2, None)
    assert words in err
    assert err.count("\n") == 1
    assert not caplog.records  # which would be another line


def test_the_folder_of_data_is_that_of_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALEXNET_VIZ_DATA", str(tmp_path / "elsewhere"))
    code, _, err = call(capsys, "train", "--dataset", "cifar10")
    assert code == 2
    assert f"CIFAR-10 is not in {tmp_path / 'elsewhere'}" in err


def test_a_failed_run_is_exit_1_with_its_reason(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = create_run(runs, "shapes", {"name": "mine", "recipe": {"epochs": 1}})
    me = this_process()
    write_status(run.folder, Status("failed", pid=me.pid, pid_started=me.started, message="the disk is full"))
    options = cli._parser().parse_args(["resume", "mine", "--runs", str(runs), "--json"])
    from alexnet_viz.training import run_commands

    assert run_commands._tell(run, options) == 1
    assert "failed: the disk is full" in capsys.readouterr().err


def test_an_interrupt_asks_the_training_to_end_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from alexnet_viz.training import run_commands

    run = create_run(tmp_path, "shapes", {})
    write_status(run.folder, Status("running"))

    def interrupted(run: Run, _timeout: float) -> None:
        if not run.stop_requested:
            raise KeyboardInterrupt
        write_status(run.folder, Status("stopped"))

    monkeypatch.setattr(launcher, "wait", interrupted)
    monkeypatch.setattr(Run, "is_alive", property(lambda run: run.status().state != "stopped"))
    options = cli._parser().parse_args(["resume", run.id, "--runs", str(tmp_path)])
    assert run_commands._follow(run, options) == 0
    out, err = capsys.readouterr()
    assert err.startswith("alexnet_viz: interrupted; the training was asked to save what it has learnt and end")
    assert (out, err.count("\n")) == ("stopped, epoch 0 of None, step 0\n", 1)


def test_the_bar_of_a_run_says_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from alexnet_viz.training import run_commands

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    run = create_run(tmp_path, "shapes", {})
    write_status(run.folder, Status("stopped", message="loads the data"))
    bar = run_commands._RunBar(run, silent=False)
    bar.draw_run()
    assert "[..............................] loads the data" in capsys.readouterr().err
    with MetricsWriter(run.folder / "metrics.jsonl") as metrics:
        metrics.write({"kind": "event", "event": "started", "step": 0, "steps": 9})
        metrics.write({"kind": "step", "step": 3, "loss": 2.25, "images_per_s": 20.0})
        bar.draw_run()
        assert "[##########....................] step 3 of 9, loss 2.250, 20.0 images/s" in capsys.readouterr().err
        metrics.write({"kind": "step", "step": 6, "loss": None, "images_per_s": 20.0})
    bar.draw_run()
    assert "[####################..........] step 6 of 9, loss no number" in capsys.readouterr().err


def test_dataset_says_what_would_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(5):
        for name, shade in (("cats", 0), ("dogs", 100)):
            (tmp_path / name).mkdir(exist_ok=True)
            Image.new("RGB", (8, 8), (shade + number, 0, 0)).save(tmp_path / name / f"{number}.png")
    (tmp_path / "cats" / "notes.txt").write_text("tom")
    code, found, _ = call(capsys, "dataset", tmp_path)
    assert code == 0
    assert isinstance(found, dict)
    assert (found["classes"], found["images"], found["per_class"]) == (["cats", "dogs"], 10, {"cats": 5, "dogs": 5})
    assert [file["file"] for file in found["skipped"]] == ["cats/notes.txt"]


def test_of_many_folders_that_are_left_out_dataset_names_a_few(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(6):
        for shade, kind in enumerate(("images", "images", "masks")):
            path = tmp_path / f"class {number}" / kind / f"{shade}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (8, 8), (40 * number, 80 * shade, 9)).save(path)
    assert cli.run(["dataset", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    folders = ", ".join(f"class {number}/masks/" for number in range(4))
    assert lines[6:8] == ["12 pictures of 6 classes, 6 files skipped", f"{folders} and 2 more: 0 pictures, left out"]


@pytest.mark.slow
def test_without_json_the_run_is_named_first(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.run(["train", "--dataset", "shapes", "--epochs", "1", "--limit", "8", "--runs", str(runs), *QUICK])
    lines = capsys.readouterr().out.splitlines()
    run = list_runs(runs)[0]
    assert code == 0
    assert lines[:2] == [f"run {run.id}", str(run.folder)]
    assert lines[3].startswith("finished, epoch 1 of 1")


def two_classes(folder: Path) -> Path:
    """Make folders of two classes with four pictures each and a link in one of them."""
    for name, red in (("cat", 0), ("dog", 128)):
        (folder / name).mkdir(parents=True)
        for number in range(4):
            Image.new("RGB", (30, 30), (red, 40 * number, 0)).save(folder / name / f"{number}.png")
    (folder / "dog/linked.png").symlink_to(folder / "dog/0.png")
    return folder


NOT_USED = "1 file of pets is not used: dog/linked.png is a link; put the picture itself there."


@pytest.mark.slow
def test_a_training_says_what_of_its_folder_is_not_used(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--runs", runs, "--data", two_classes(tmp_path / "pets"), "--epochs", 1, *QUICK]
    code, _, err = call(capsys, "train", "--dataset", "folder", *options)
    assert (code, err) == (0, f"alexnet_viz: {NOT_USED}\n")


@pytest.mark.slow
def test_a_measurement_says_what_of_its_folder_is_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = two_classes(tmp_path / "pets")
    code, document, err = call(
        capsys, "evaluate", "--checkpoint", "cifar10-fast-epoch-1", "--dataset", "folder", "--data", data
    )
    assert isinstance(document, dict)
    assert (code, document["notes"], NOT_USED in err) == (0, [NOT_USED], True)
