import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from alexnet_viz.runs import Process, find_process, this_process
from alexnet_viz.runs.process import START_TOLERANCE_SECONDS


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits for its input to end."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def identity(child: subprocess.Popen[bytes]) -> Process:
    import psutil

    return Process(child.pid, psutil.Process(child.pid).create_time())


def test_this_process_is_alive() -> None:
    me = this_process()
    assert me.pid == os.getpid()
    assert me.is_alive()


def test_the_same_number_with_another_start_time_is_another_process(child: subprocess.Popen[bytes]) -> None:
    known = identity(child)
    stranger = Process(known.pid, known.started - 2 * START_TOLERANCE_SECONDS)
    assert known.is_alive()
    assert not stranger.is_alive()


def test_the_clock_may_step(child: subprocess.Popen[bytes]) -> None:
    known = find_process(child.pid)
    assert replace(known, started=known.started - 3600).is_alive()  # its ticks since boot are the same
    assert not replace(known, ticks=known.ticks + 1).is_alive()
    assert not replace(known, boot="another boot").is_alive()
    assert not replace(known, boot="another boot").kill()


def test_an_unrelated_process_is_never_killed(child: subprocess.Popen[bytes]) -> None:
    known = identity(child)
    assert not Process(known.pid, known.started - 2 * START_TOLERANCE_SECONDS).kill()
    assert child.poll() is None


def test_a_killed_process_that_nobody_collected_is_dead(child: subprocess.Popen[bytes]) -> None:
    known = identity(child)
    assert known.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it ended, and stays a zombie
    assert not known.is_alive()
    assert not known.kill()


@pytest.mark.parametrize("pid", [0, -1, 2**22 + 1, "seven"])
def test_numbers_that_no_process_has_are_dead(pid: Any) -> None:
    assert not Process(pid, 0.0).is_alive()
