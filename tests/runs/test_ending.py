import re
from pathlib import Path

import pytest

from alexnet_viz.runs import Status, create_run, write_status
from alexnet_viz.runs.ending import note_ending


@pytest.mark.parametrize(
    ("code", "memory_kills", "words"),
    [
        (-9, 1, "for want of memory"),
        (-9, 0, r"ended from outside \(SIGKILL\)"),
        (-11, 0, r"signal 11 \(SIGSEGV\)"),
        (1, 0, "without a word"),
    ],
)
def test_a_kill_is_told_as_its_parent_saw_it(tmp_path: Path, code: int, memory_kills: int, words: str) -> None:
    run = create_run(tmp_path, "shapes", {})
    write_status(run.folder, Status("running", pid=2**22 + 1, pid_started=1.0))
    note_ending(run.folder, 2**22 + 1, code, memory_kills)
    assert run.status().state == "crashed"
    assert re.search(words, run.status().message)


def test_how_an_earlier_trainer_ended_is_not_told_of_this_one(tmp_path: Path) -> None:
    run = create_run(tmp_path, "shapes", {})
    note_ending(run.folder, 2**22 + 2, -9, 0)
    write_status(run.folder, Status("running", pid=2**22 + 1, pid_started=1.0))
    assert "without a word" in run.status().message


def test_the_ending_of_a_deleted_run_is_kept_nowhere(tmp_path: Path) -> None:
    note_ending(tmp_path / "gone", 7, -9, 0)
    assert list(tmp_path.iterdir()) == []
