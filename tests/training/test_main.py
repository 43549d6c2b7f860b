import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from alexnet_viz.errors import CheckpointError, DatasetError
from alexnet_viz.runs import Run, create_run
from alexnet_viz.training.__main__ import failure_in_words, main
from alexnet_viz.training.worker import StoppedError


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DatasetError("cats.zip", "has one class"), "cats.zip has one class"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full; free some space and resume"),
        (CheckpointError("epoch-003.safetensors", "cannot be written: No space left on device"), "the disk is full"),
        (MemoryError(), "not enough memory for this batch; use a smaller batch size"),
        (
            RuntimeError(
                "[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you "
                "tried to allocate 40000000 bytes. Error code 12 (Cannot allocate memory)"
            ),
            "not enough memory for this batch (0.1 GB more were needed",
        ),
        (RuntimeError("std::bad_alloc"), "not enough memory for this batch; use a smaller batch size"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "not enough memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"), "not enough memory for this batch"),
        (FileNotFoundError(errno.ENOENT, "No such file", "cats"), "a file could not be read or written"),
        (ZeroDivisionError("division by zero"), "an unexpected error ended it (ZeroDivisionError: division by zero)"),
    ],
)
def test_a_failure_is_told_in_words(error: Exception, words: str) -> None:
    assert words in failure_in_words(error)


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="sessions are not weighed here")
@pytest.mark.parametrize("own_session", [True, False])
def test_a_trainer_stands_back_with_its_session_and_never_with_anyone_elses(own_session: bool) -> None:
    code = (
        "import os, pathlib; from alexnet_viz.training.__main__ import set_niceness\n"
        "group = pathlib.Path('/proc/self/autogroup'); before = group.read_text()\n"
        "set_niceness(7); print(os.nice(0), before == group.read_text(), group.read_text())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, start_new_session=own_session
    )
    # A process whose session was never weighed, as one started by a service, reads an empty line for its session.
    nice, unchanged, *session = done.stdout.split()
    assert int(nice) == min(19, os.nice(0) + 7)
    assert (session[-1] == "7") if own_session else (unchanged == "True")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_trainer_that_the_system_ends_saves_what_it_has_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def train(run: Run, _report: object) -> str:
        signal.raise_signal(number)
        signal.raise_signal(number)  # a second one, as of a person without patience, changes nothing
        if run.stop_requested:
            raise StoppedError
        return ""

    monkeypatch.setattr("alexnet_viz.training.worker.train_run", train)
    before = signal.getsignal(number)
    run = create_run(tmp_path, "shapes", {"device": "cpu"})
    assert main(str(run.folder)) == 0
    assert run.status().state == "stopped"
    assert signal.getsignal(number) == before
