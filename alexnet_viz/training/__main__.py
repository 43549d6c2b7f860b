"""The trainer's process: `python -m alexnet_viz.training RUN_FOLDER`. It imports torch when its turn has come."""

import contextlib
import errno
import os
import re
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import psutil
from filelock import Timeout

from alexnet_viz.errors import AlexNetVizError
from alexnet_viz.language import said
from alexnet_viz.memory import is_out_of_memory
from alexnet_viz.number_words import gigabytes_beyond, gigabytes_free
from alexnet_viz.runs import Run, Status, this_process, write_status
from alexnet_viz.runs.ending import ALREADY_TRAINED, DISK_FULL, is_refused
from alexnet_viz.runs.locks import TRAINER, hold
from alexnet_viz.training.device_queue import device_turn, queue_time

_POLL_SECONDS = 0.3
_LOCK_SECONDS = 10.0  # a trainer that has just ended gives its lock back in a moment
_RESERVED_BYTES = 65_536  # to be given back when the disk is full: the last status and the traceback fit in
_STATUS_SECONDS = 1.0  # between two status files of a running training


class _Log:
    """Writes the run's status, with a limited rate."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._me = this_process()
        before = run.status()
        self._epoch, self._step, self._written = before.epoch, before.step, 0.0
        self._last = ("", "")

    def progress(self, epoch: int, step: int) -> None:
        """Say where a running training is."""
        grown = epoch != self._epoch
        self._epoch, self._step = epoch, step
        if grown or time.monotonic() - self._written > _STATUS_SECONDS:
            self.state("running")

    def state(self, state: str, message: str = "") -> None:
        """Say what the run does."""
        me = self._me
        status = Status(
            state, me.pid, me.started, self._epoch, self._step, message=message, pid_ticks=me.ticks, boot=me.boot
        )
        write_status(self._run.folder, status)
        self._written, self._last = time.monotonic(), (state, message)

    def waiting(self, message: str) -> None:
        """Say whom the run waits for, once, and pass some time; raises _EndedWaitingError when asked to end."""
        if self._last != ("queued", message):
            self.state("queued", message)
        if self._run.stop_requested:
            raise _EndedWaitingError
        threading.Event().wait(_POLL_SECONDS)


class _EndedWaitingError(Exception):
    """The run was asked to end before its turn."""


def main(folder: str) -> int:
    """Train the run of a folder; return the process's exit code."""
    run = Run(Path(folder))
    try:
        with _saved_when_told_to_end(run), hold(run.folder, TRAINER, _LOCK_SECONDS):
            return _work(run)
    except Timeout:
        sys.stderr.write("another trainer holds this run; nothing was done\n")
        return ALREADY_TRAINED
    except OSError as error:
        if _is_full(error):
            return DISK_FULL  # not even that could be written down; whoever started this process says it
        if not is_refused(error):
            raise
        sys.stderr.write(f"nothing can be written into the run's folder: {error}\n")  # into the log, opened long ago
        return 1


@contextlib.contextmanager
def _saved_when_told_to_end(run: Run) -> Iterator[None]:
    """Handle the system's signals to end, as at shutdown, like a request to stop: what was learnt is saved."""

    def end(number: int, _frame: object) -> None:
        try:
            run.request_stop()
        except OSError:  # nothing can be saved
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    before = [(number, signal.signal(number, end)) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _work(run: Run) -> int:
    (run.folder / "queued").touch()
    log = _Log(run)
    reserve = run.folder / "reserve"
    reserve.write_bytes(bytes(_RESERVED_BYTES))
    try:
        return _in_turn(run, log)
    finally:
        _free(reserve)


def _in_turn(run: Run, log: _Log) -> int:
    log.state("queued", said("starts"))
    config = run.config()
    set_niceness(int(str(config.get("niceness") or 0)))
    try:
        with device_turn(run, str(config.get("device")), queue_time(run.folder), log.waiting):
            log.state("running", said("loads the data"))
            return _train(run, log)
    except _EndedWaitingError:
        log.state("stopped", said("stopped while it waited"))
        return 0


def set_niceness(niceness: int) -> None:
    """Let other processes go first; where the system has no such thing, nothing happens.

    Args:
        niceness: 0 to 19.
    """
    if hasattr(os, "nice"):
        os.nice(niceness)
    # Linux weighs sessions against each other by a niceness of their own, and processes only within one (man 7 sched).
    autogroup = Path("/proc/self/autogroup")
    if autogroup.exists() and os.getsid(0) == os.getpid():  # nobody else's session
        with contextlib.suppress(OSError):  # a courtesy: containers forbid it, and a system may be too busy for it
            autogroup.write_text(str(niceness))


def _train(run: Run, log: _Log) -> int:
    from alexnet_viz.training.worker import StoppedError, train_run

    try:
        log.state("finished", train_run(run, log.progress))
    except StoppedError:
        log.state("stopped", said("stopped on request; resume to go on"))
    except Exception as error:  # noqa: BLE001 - whatever ends a run is told in its status, the traceback in its log
        _free(run.folder / "reserve")  # on a full disk, room for saying so
        traceback.print_exc()
        log.state("failed", failure_in_words(error))
        return 1
    return 0


def _free(reserve: Path) -> None:
    try:
        reserve.unlink(missing_ok=True)
    except OSError as error:
        if not is_refused(error):  # of a folder that takes nothing any more; the next start writes it anew
            raise


def failure_in_words(error: BaseException) -> str:
    """Return why a training failed, for the person."""
    if _is_full(error):
        return said("the disk is full; free some space and resume")
    if isinstance(error, AlexNetVizError):
        return str(error.args[0]) if not isinstance(error.args[0], str) else error.args[0]
    if is_out_of_memory(error):
        return _memory_in_words(error)
    if isinstance(error, OSError):
        return said("a file could not be read or written ({problem}); the log has the details", problem=error)
    problem = f"{type(error).__name__}: {error}"
    return said("an unexpected error ended it ({problem}); the log has the details", problem=problem)


def _is_full(error: BaseException) -> bool:
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or "No space left" in str(error)  # safetensors wraps the system's error


def _memory_in_words(error: BaseException) -> str:
    wanted = re.search(r"tried to allocate (\d+) bytes", str(error))
    free = psutil.virtual_memory().available
    if not wanted:
        return said("the device has not enough memory for this batch; use a smaller batch size, or end other programs")
    return said(
        "the device has not enough memory for this batch ({wanted} GB more were needed, {free} GB are free); use a "
        "smaller batch size, or end other programs",
        wanted=gigabytes_beyond(int(wanted[1])),
        free=gigabytes_free(free),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
