"""Whether a trainer is at work is asked of its lock: no clock, host name or number of a process is believed."""

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alexnet_viz.errors import RunError
from alexnet_viz.runs import Run, Status, create_run, delete_run, find_process, list_runs, this_process, write_status
from alexnet_viz.runs.locks import START, TRAINER, hold, is_held
from alexnet_viz.runs.process import boot_id
from alexnet_viz.training.device_queue import device_turn
from alexnet_viz.training.launcher import kill, stop

HOLDER = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("holds", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return create_run(tmp_path / "runs", "shapes", {"device": "cpu"})


@pytest.fixture
def trainer(run: Run) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the run's lock as a trainer does."""
    command = [sys.executable, "-c", HOLDER, str(run.folder / TRAINER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        yield process
        process.kill()


def status_of(pid: int, state: str = "running") -> Status:
    known = find_process(pid)
    return Status(state, pid, known.started, pid_ticks=known.ticks, boot=known.boot)


def test_a_held_lock_is_seen_and_goes_with_its_process(run: Run, trainer: subprocess.Popen[str]) -> None:
    assert is_held(run.folder, TRAINER)
    trainer.kill()
    trainer.wait()
    assert is_held(run.folder, TRAINER) is False
    assert is_held(run.folder, START) is None  # nobody ever held it


def test_a_paused_trainer_is_told_and_not_waited_for(run: Run, trainer: subprocess.Popen[str]) -> None:
    write_status(run.folder, status_of(trainer.pid))
    waiting = create_run(run.folder.parent, "shapes", {"device": "cpu"})
    trainer.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, trainer.pid, os.WSTOPPED | os.WNOWAIT)
    assert run.status().state == "running"
    assert f"is paused (SIGSTOP); kill -CONT {trainer.pid} lets it go on" in run.status().message
    with pytest.raises(RunError, match="was asked to stop, and will once it goes on: its trainer's process is paused"):
        stop(run)
    turn = device_turn(waiting, "cpu", 0.0, end_waiting)
    with pytest.raises(EndOfWaitError, match=f"which {run.id} uses, and that is paused"), turn:
        pass
    trainer.send_signal(signal.SIGCONT)
    os.waitid(os.P_PID, trainer.pid, os.WCONTINUED)
    assert run.status().message == ""


class EndOfWaitError(Exception):
    pass


def end_waiting(words: str) -> None:
    raise EndOfWaitError(words)


def test_the_clock_may_step_while_a_run_is_trained(run: Run, trainer: subprocess.Popen[str]) -> None:
    known = status_of(trainer.pid)
    for seconds in (-3600.0, 3.0, 7200.0):
        stepped = Status("running", known.pid, known.pid_started + seconds, pid_ticks=known.pid_ticks, boot=known.boot)
        write_status(run.folder, stepped)
        assert run.status().state == "running"
        with pytest.raises(RunError, match="stop it first"):
            delete_run(run.folder.parent, run.id)


def test_a_trainer_that_another_container_holds_is_alive(run: Run, trainer: subprocess.Popen[str]) -> None:
    """Its process has no number here; the lock is the kernel's."""
    write_status(run.folder, Status("running", pid=2**22 + 1, pid_started=1.0, boot=boot_id()))
    assert run.status().state == "running"
    with pytest.raises(RunError, match=f"is trained on {platform.node()}; end it there, or stop it"):
        kill(run)


def test_a_copied_folder_names_the_trainer_of_the_original_and_is_not_trained(
    run: Run, trainer: subprocess.Popen[str]
) -> None:
    write_status(run.folder, status_of(trainer.pid))
    copy = create_run(run.folder.parent, "shapes", {})
    (copy.folder / "status.json").write_bytes((run.folder / "status.json").read_bytes())
    assert copy.status().state == "crashed"
    (copy.folder / TRAINER).touch()  # whether that was copied or not
    assert run.status().state == "running"
    assert copy.status().state == "crashed"


def of_another_machine(run: Run) -> None:
    """Write what another machine's trainer left, whose number and start are those of a process that lives here."""
    me = this_process()
    record = Status("running", me.pid, me.started, epoch=3, step=9, pid_ticks=me.ticks, boot="another boot")
    write_status(run.folder, record)
    text = (run.folder / "status.json").read_text()
    (run.folder / "status.json").write_text(text.replace(f'"{platform.node()}"', '"laptop"'))


@pytest.mark.parametrize("has_lock", [True, False])
def test_a_run_left_by_another_machine_is_told_and_can_be_deleted(run: Run, has_lock: bool) -> None:
    of_another_machine(run)
    if has_lock:
        (run.folder / TRAINER).touch()
    status = run.status()
    assert (status.state, status.epoch, status.step) == ("crashed", 3, 9)
    assert "left running on laptop" in status.message
    assert "resumed or deleted" in status.message
    delete_run(run.folder.parent, run.id)
    assert list(run.folder.parent.iterdir()) == []


def test_a_run_of_a_boot_before_is_told(run: Run) -> None:
    write_status(run.folder, Status("running", os.getpid(), 1.0, boot="another boot"))
    assert run.status().message.startswith("the machine was restarted")


def test_a_run_that_is_being_started_is_queued_not_crashed(run: Run) -> None:
    assert run.status().state == "crashed"
    with hold(run.folder, START, 0):
        assert (run.status().state, run.status().message) == ("queued", "starts")


def test_a_broken_off_deletion_is_no_run_and_goes_with_the_next(run: Run) -> None:
    runs = run.folder.parent
    run.folder.rename(runs / f".deleted-{run.id}")
    assert list_runs(runs) == []
    delete_run(runs, create_run(runs, "shapes", {}).id)
    assert list(runs.iterdir()) == []


def test_nobody_waits_for_a_run_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), hold(tmp_path / "gone", START, 0):
        pass
    assert not (tmp_path / "gone").exists()
