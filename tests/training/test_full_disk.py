"""A training on a disk that fills up: it says so, and gives back what it kept in reserve for that."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alexnet_viz.errors import RunError
from alexnet_viz.runs import Run, Status, create_run, write_status
from alexnet_viz.runs import folder as run_folder
from alexnet_viz.runs.ending import DISK_FULL
from alexnet_viz.training import __main__ as trainer
from alexnet_viz.training import launcher


@pytest.fixture
def made(tmp_path: Path) -> Run:
    return create_run(tmp_path, "shapes", {"device": "cpu"})


def test_on_a_full_disk_room_for_the_last_word_is_given_back(made: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    reserved: list[int] = []

    def train(run: Run, _report: object) -> str:
        reserved.append((run.folder / "reserve").stat().st_size)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("alexnet_viz.training.worker.train_run", train)
    assert trainer.main(str(made.folder)) == 1
    assert (made.status().state, made.status().message) == ("failed", "the disk is full; free some space and resume")
    assert reserved == [65_536]
    assert not (made.folder / "reserve").exists()


def test_a_trainer_that_can_write_nothing_ends_with_a_code_for_it(made: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(trainer, "write_status", write)
    assert trainer.main(str(made.folder)) == DISK_FULL


def test_a_trainer_whose_folder_takes_nothing_says_so_in_its_log(
    made: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def write(*_arguments: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(trainer, "write_status", write)
    assert trainer.main(str(made.folder)) == 1
    assert "nothing can be written into the run's folder: [Errno 30] Read-only file system" in capfd.readouterr().err


def test_a_run_whose_folder_takes_nothing_says_so_and_is_not_resumed(
    made: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_status(made.folder, Status("running", pid=2**22 + 1, boot="another"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    words = "nothing can be written into its folder; allow it, then resume to go on"
    assert (made.status().state, made.status().message) == ("crashed", words)
    with pytest.raises(RunError, match=f"cannot go on: {words}"):
        launcher.resume(made)


def test_a_launch_on_a_full_disk_leaves_no_run_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_folder, "replace_json", write)
    with pytest.raises(OSError, match="No space left"):
        create_run(tmp_path, "shapes", {})
    assert not list(tmp_path.iterdir())


def test_how_a_trainer_ended_is_not_kept_on_a_full_disk_and_nobody_stumbles(
    made: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(launcher, "note_ending", write)
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    monkeypatch.setitem(launcher._children, child.pid, launcher._Child(child, made.folder, 0))
    launcher.collect_children()
    assert child.pid not in launcher._children
