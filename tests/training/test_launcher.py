"""The life of a run, with real processes."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image
from safetensors import safe_open

import alexnet_viz
from alexnet_viz.errors import AlexNetVizError, CheckpointError, ResumeError, RunError
from alexnet_viz.runs import Run, Status, list_runs, this_process, write_status
from alexnet_viz.runs.locks import START, hold
from alexnet_viz.runs.resuming import note_saved
from alexnet_viz.training import launcher
from alexnet_viz.training.launcher import Launch, kill, resume, start, stop, wait
from alexnet_viz.training.recipe import Recipe
from tests.support.model_files import write_small_checkpoint

pytestmark = pytest.mark.slow

RECIPE = Recipe(small_size=67, small_share=1.0, batch_size=8, epochs=3, limit=24, precision="fp32", learning_rate=0.001)
ENDLESS = replace(RECIPE, epochs=10_000, keep_every=10_000)
LAUNCH = Launch("shapes", RECIPE, threads=1, niceness=0)
PATIENCE = 300.0  # seconds, on a machine that others use too


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "_TRAINER", (str(Path(__file__).with_name("tiny_trainer.py")),))


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "runs"
    for run in list_runs(tmp_path / "runs"):
        kill(run)
    for child in launcher._children.values():
        child.process.wait(PATIENCE)
    launcher.collect_children()


def wait_until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        threading.Event().wait(0.02)


def losses(run: Run) -> list[object]:
    return [point["loss"] for point in run.metrics() if point["kind"] == "step"]


def assert_every_step_once(run: Run) -> None:
    steps = [point["step"] for point in run.metrics() if point["kind"] == "step"]
    assert steps == list(range(1, len(steps) + 1))


def killed_run(runs: Path) -> Run:
    """Return a run that was killed after its first step."""
    run = start(replace(LAUNCH, recipe=ENDLESS), runs)
    wait_until(lambda: losses(run))
    assert kill(run)
    wait_until(lambda: run.status().state == "crashed", seconds=30)
    return run


def test_a_run_trains_to_its_end(runs: Path) -> None:
    started = time.monotonic()
    run = start(replace(LAUNCH, name="mine"), runs)
    assert time.monotonic() - started < 30  # it does not wait for torch
    assert run.is_alive
    wait(run, PATIENCE)
    status = run.status()
    assert (status.state, status.epoch, status.step) == ("finished", 3, 9), (run.folder / "log.txt").read_text()
    assert [file.name for file in run.checkpoints()] == ["epoch-000", "epoch-001", "epoch-002", "epoch-003"]
    kinds = [point["kind"] for point in run.metrics()]
    assert (kinds.count("step"), kinds.count("epoch")) == (9, 3 + 1)  # and the look before the first step
    assert [point["epoch"] for point in run.metrics() if point["kind"] == "epoch"] == [0, 1, 2, 3]
    config = run.config()
    assert (config["name"], config["dataset"], config["device"]) == ("mine", "shapes", "cpu")
    assert config["versions"]["alexnet_viz"] == alexnet_viz.__version__  # type: ignore[index]
    with safe_open(run.checkpoints()[0].path, framework="pt") as file:
        assert json.loads(file.metadata()["epoch"]) == 0
        assert file.metadata()["version"] == alexnet_viz.__version__
        assert len(json.loads(file.metadata()["classes"])) == 10


def test_a_run_is_stopped_and_goes_on_as_if_it_had_not_been(runs: Path) -> None:
    whole = start(LAUNCH, runs)
    wait(whole, PATIENCE)
    broken = start(replace(LAUNCH, recipe=replace(RECIPE, epochs=3)), runs)
    wait_until(lambda: losses(broken))
    stop(broken)
    assert broken.status().state in ("stopped", "finished")
    if broken.status().state == "stopped":
        resume(broken)
        wait(broken, PATIENCE)
    assert broken.status().state == "finished"
    assert losses(broken) == losses(whole)
    assert not [file.name for file in broken.checkpoints() if file.name.startswith("step")]


def test_a_checkpoint_of_a_stop_after_a_resume_has_the_scores_of_the_epoch_before(runs: Path) -> None:
    run = start(replace(LAUNCH, recipe=ENDLESS), runs)
    wait_until(lambda: run.status().epoch > 0)
    stop(run)
    for _ in range(2):
        resume(run)
        reached = len(losses(run))
        wait_until(lambda: len(losses(run)) > reached)  # noqa: B023 - called at once
        stop(run)
        with safe_open(run.checkpoints()[-1].path, framework="pt") as content:
            metrics = json.loads(content.metadata()["metrics"])
        assert metrics["val_accuracy"] == run.last_epoch_metrics()["val_accuracy"]


def test_a_stop_while_a_resume_still_checks_the_files_wins(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = killed_run(runs)
    asked = threading.Event()
    real = launcher.check_resumable

    def check(run: Run, **options: bool) -> None:
        run.request_stop()  # what a stop of the page does, which takes the run for one that starts
        asked.set()
        real(run, **options)

    monkeypatch.setattr(launcher, "check_resumable", check)
    before = len(losses(run))
    resume(run)
    wait(run, PATIENCE)
    assert asked.is_set()
    assert (run.status().state, len(losses(run))) == ("stopped", before)


@pytest.mark.parametrize("is_there", [True, False])
def test_an_interrupt_while_the_trainer_starts_ends_it(
    runs: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(launcher, "_await_first_word" if is_there else "collect_children", interrupted)
    with pytest.raises(KeyboardInterrupt):
        start(replace(LAUNCH, recipe=ENDLESS), runs)
    monkeypatch.undo()
    if not is_there:
        assert list_runs(runs) == []
        return
    (run,) = list_runs(runs)
    wait(run, PATIENCE)
    wait_until(lambda: run.status().state == "stopped")
    assert losses(run) == []


def test_stopping_takes_no_longer_than_a_batch_and_a_checkpoint(runs: Path) -> None:
    run = start(replace(LAUNCH, recipe=ENDLESS), runs)
    wait_until(lambda: len(losses(run)) > 3)
    started = time.monotonic()
    stop(run)
    assert time.monotonic() - started < 30  # seconds; 2 to 3 for the real network on a busy machine
    assert run.status().state == "stopped"
    with pytest.raises(RunError, match="is stopped; there is nothing to stop"):
        stop(run)


def test_killed_trainers_are_crashed_and_go_on(runs: Path) -> None:
    """Killed at a few random moments; `python -m benchmarks.kill_trainer` does it fifty times."""
    moments = random.Random(5)
    run = start(replace(LAUNCH, recipe=ENDLESS), runs)
    reached = -1
    for _ in range(3):
        wait_until(lambda: run.status().epoch > max(0, reached))  # noqa: B023 - called at once
        threading.Event().wait(moments.uniform(0, 0.3))
        assert kill(run)
        wait_until(lambda: run.status().state == "crashed", seconds=30)
        reached = run.status().epoch
        for file in run.checkpoints():
            with safe_open(file.path, framework="pt") as content:  # whole, or this raises
                assert content.keys()
        resume(run)
    wait_until(lambda: run.status().epoch > reached)
    stop(run)
    assert_every_step_once(run)
    epochs = [point["epoch"] for point in run.metrics() if point["kind"] == "epoch"]
    assert epochs == list(range(len(epochs)))


def test_a_second_run_waits_for_its_turn_and_says_so(runs: Path) -> None:
    first = start(replace(LAUNCH, recipe=ENDLESS), runs)
    wait_until(lambda: losses(first))
    second = start(LAUNCH, runs)
    wait_until(lambda: "waits for cpu" in second.status().message)
    third = start(LAUNCH, runs)
    wait_until(lambda: "waits for cpu" in third.status().message)
    assert second.status().state == "queued"
    assert first.id in second.status().message
    stop(third)
    assert third.status().state == "stopped"
    assert not losses(second)
    stop(first)
    wait(second, PATIENCE)
    assert second.status().state == "finished"


def test_data_that_went_away_are_told_in_words(runs: Path, tmp_path: Path) -> None:
    run = start(replace(LAUNCH, dataset="cifar10", data=tmp_path), runs)
    wait(run, PATIENCE)
    status = run.status()
    assert status.state == "failed"
    assert "CIFAR-10 is not in" in status.message
    assert "Traceback" in (run.folder / "log.txt").read_text()


def test_a_stranger_with_a_trainers_number_is_neither_believed_nor_killed(runs: Path) -> None:
    run = launcher.create_run(runs, "shapes", {})
    write_status(run.folder, Status("running", pid=os.getpid(), pid_started=1.0))
    assert run.status().state == "crashed"
    assert not kill(run)
    assert psutil.Process().is_running()


def test_a_living_run_is_not_started_twice(runs: Path) -> None:
    run = start(replace(LAUNCH, recipe=ENDLESS), runs)
    with pytest.raises(RunError, match="nothing to resume"):
        resume(run)


def trainers_of(run: Run) -> list[psutil.Process]:
    folder = str(run.folder.resolve())
    return [process for process in psutil.process_iter(["cmdline"]) if folder in (process.info["cmdline"] or [])]


def test_of_many_who_resume_at_once_one_starts_the_trainer(runs: Path) -> None:
    run = killed_run(runs)
    with ThreadPoolExecutor(4) as askers:
        answers = [askers.submit(resume, run) for _ in range(4)]
    assert [answer.exception() for answer in answers] == [None] * 4
    assert len(trainers_of(run)) == 1
    assert kill(run)
    wait_until(lambda: run.status().state == "crashed", seconds=30)
    assert not trainers_of(run)  # and none comes after
    wait(run, PATIENCE)  # which takes note of how it ended
    assert "SIGKILL" in run.status().message


def test_a_trainer_that_is_still_dying_keeps_nobody_from_resuming(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = launcher.create_run(runs, "shapes", {})
    write_status(run.folder, Status("running"))
    started: list[Run] = []
    seen = iter((True, True, False))  # killed, and its memory not yet taken back
    with monkeypatch.context() as patched:
        patched.setattr(launcher, "_spawn", started.append)
        patched.setattr(launcher, "_DYING_SECONDS", 30.0)
        patched.setattr(launcher, "is_trained", lambda folder: next(seen, False))
        resume(run)
        assert started == [run]
        patched.setattr(launcher, "_DYING_SECONDS", 0.0)
        patched.setattr(launcher, "is_trained", lambda folder: True)
        with pytest.raises(RunError, match="is running; nothing to resume"):
            resume(run)


def test_a_reader_that_asks_for_the_lock_keeps_nobody_from_starting(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "_TRAINER", ("-c", "raise SystemExit(5)"))
    run = launcher.create_run(runs, "shapes", {})
    with ThreadPoolExecutor(1) as asker:
        with hold(run.folder, START, 0):  # as `is_held` does, for a moment
            resumed = asker.submit(resume, run)
            with pytest.raises(TimeoutError):
                resumed.result(0.2)
        assert "exit 5" in str(resumed.exception())  # it was tried


def test_a_second_trainer_started_by_hand_does_nothing(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = start(replace(LAUNCH, recipe=ENDLESS), runs)
    wait_until(lambda: losses(run))
    code = (
        "from alexnet_viz.training import __main__ as m; m._LOCK_SECONDS = 0.1; raise SystemExit(m.main(m.sys.argv[1]))"
    )
    second = subprocess.run([sys.executable, "-c", code, str(run.folder)], capture_output=True, text=True, check=False)
    assert (second.returncode, second.stderr) == (75, "another trainer holds this run; nothing was done\n")
    assert run.status().state == "running"


def test_a_run_left_running_by_another_machine_neither_blocks_the_device_nor_is_killed_here(runs: Path) -> None:
    left = launcher.create_run(runs, "shapes", {"device": "cpu"}, now=1.0)
    me = this_process()
    write_status(left.folder, Status("running", me.pid, me.started, pid_ticks=me.ticks, boot="another boot"))
    assert not kill(left)
    run = start(replace(LAUNCH, recipe=replace(RECIPE, epochs=1)), runs)
    wait(run, PATIENCE)
    assert run.status().state == "finished"


def test_a_damaged_resume_file_is_refused_and_the_last_whole_epoch_gone_on_from(runs: Path) -> None:
    run = start(replace(LAUNCH, recipe=ENDLESS), runs)
    wait_until(lambda: run.status().epoch >= 2)
    stop(run)
    for path in run.checkpoints():
        if path.epoch is None:
            path.path.write_bytes(path.path.read_bytes()[:-64])
    before = losses(run)
    with pytest.raises(ResumeError, match=r"step-\d+\.safetensors is damaged or missing") as refused:
        resume(run)
    assert refused.value.last_whole
    assert (run.status().state, losses(run)) == ("stopped", before)
    resume(run, from_checkpoint=True)
    wait_until(lambda: len(losses(run)) > 6)
    stop(run)
    assert_every_step_once(run)
    assert losses(run)[: int(refused.value.last_whole[-3:]) * 3] == before[: int(refused.value.last_whole[-3:]) * 3]


def test_a_run_does_not_go_on_with_other_data(runs: Path, tmp_path: Path) -> None:
    def picture(name: str, number: int, shade: int) -> None:
        path = tmp_path / "data" / name / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (16, 16), (shade, number, 0)).save(path)

    for number in range(12):
        picture("cat", number, 10)
        picture("dog", number, 200)
    run = start(replace(LAUNCH, dataset="folder", data=tmp_path / "data", recipe=replace(ENDLESS, limit=0)), runs)
    wait_until(lambda: run.status().epoch >= 1)
    stop(run)
    (tmp_path / "data" / "cat").rename(tmp_path / "data" / "elephant")
    resume(run)
    wait(run, PATIENCE)
    assert run.status().state == "failed"
    assert "without cat and with the new elephant" in run.status().message


def test_a_finished_run_is_not_resumed(runs: Path) -> None:
    me = this_process()
    run = launcher.create_run(runs, "shapes", {})
    write_status(run.folder, Status("finished", pid=me.pid, pid_started=me.started))
    with pytest.raises(RunError, match="is finished"):
        resume(run)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"threads": -1}, "threads is -1; it goes from 0 to"),
        ({"niceness": 99}, "niceness is 99; it goes from 0 to 19"),
        ({"recipe": replace(RECIPE, start_from="misspelt")}, "'misspelt' is neither a checkpoint"),
        ({"recipe": replace(RECIPE, start_from="cifar10-fast:7")}, "neither a checkpoint"),
        ({"dataset": "folder", "data": Path(os.fsdecode(b"/caf\xe9"))}, "path that is not UTF-8"),
    ],
)
def test_what_cannot_work_is_told_before_the_start(runs: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(AlexNetVizError, match=words):
        start(replace(LAUNCH, **change), runs)
    assert list_runs(runs) == []


def saved_in(run: Run) -> Path:
    """Put the untrained network among a run's checkpoints, small, as its trainer would have."""
    path = run.folder / "checkpoints" / "epoch-001.safetensors"
    write_small_checkpoint(path)
    note_saved(run, [path])
    return path


def test_what_to_start_from_is_found_in_the_given_folder_of_runs_and_opened_by_its_path(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "_TRAINER", ("-c", "raise SystemExit(5)"))
    path = saved_in(launcher.create_run(runs, "shapes", {"name": "mine"}, now=1.0))
    with pytest.raises(RunError, match="exit 5"):
        start(replace(LAUNCH, recipe=replace(RECIPE, start_from="mine:1", variant="paper")), runs)
    config = list_runs(runs)[0].config()
    assert config["start_path"] == str(path.resolve())
    assert config["variant"] == "seed"  # that of the checkpoint, which is what is trained
    monkeypatch.chdir(path.parent)
    with pytest.raises(RunError, match="exit 5"):
        start(replace(LAUNCH, recipe=replace(RECIPE, start_from=path.name)), runs)
    assert list_runs(runs)[0].config()["start_path"] == str(path.resolve())
    content = bytearray(path.read_bytes())
    content[-64:] = bytes(64)[::-1] if any(content[-64:]) else b"1" * 64
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="is damaged"):
        start(replace(LAUNCH, recipe=replace(RECIPE, start_from="mine:1")), runs)


def test_runs_of_one_preset_have_names_of_their_own(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "_TRAINER", ("-c", "raise SystemExit(5)"))
    for _ in range(2):
        with pytest.raises(RunError, match="exit 5"):
            start(LAUNCH, runs)
    assert sorted(str(run.config()["name"]) for run in list_runs(runs)) == ["fast", "fast 2"]


def test_a_full_disk_is_told_before_the_start(runs: Path) -> None:
    with pytest.raises(RunError, match="needs 1,000,000,000 GB"):
        start(LAUNCH, runs, need_bytes=10**18)
    assert list_runs(runs) == []


def test_a_trainer_that_cannot_start_is_told(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "_TRAINER", ("-c", "raise SystemExit(3)"))
    with pytest.raises(RunError, match=r"did not start \(exit 3\)"):
        start(LAUNCH, runs)
    assert list_runs(runs)[0].status().state == "crashed"


def test_the_trainer_is_told_to_keep_its_memory() -> None:
    environment = launcher._environment({"HOME": "/", "MALLOC_TOP_PAD_": "1"}, Path("/package"))
    assert environment["MALLOC_MMAP_MAX_"] == "0"
    assert environment["MALLOC_TOP_PAD_"] == "1"  # what the person set stays
    assert environment["PYTHONPATH"] == "/package"
