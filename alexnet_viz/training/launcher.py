"""Start, stop and resume trainings; each is a separate process that outlives this one."""

import contextlib
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from filelock import Timeout

import alexnet_viz
from alexnet_viz.errors import CheckpointError, DatasetError, RecipeError, RunError
from alexnet_viz.language import said
from alexnet_viz.number_words import gigabytes_beyond, gigabytes_free
from alexnet_viz.runs import Run, Status, create_run, find_run_checkpoint, free_name, read_status
from alexnet_viz.runs.ending import ALREADY_TRAINED, DISK_FULL, NOT_WRITABLE, memory_kills, note_ending, takes_nothing
from alexnet_viz.runs.locks import START, hold
from alexnet_viz.runs.resuming import check_resumable, is_whole
from alexnet_viz.runs.status import is_trained
from alexnet_viz.strict_json import whole_letters
from alexnet_viz.training.recipe import Recipe

_START_SECONDS = 30.0  # a trainer says that it lives within a fraction of a second; a loaded machine gets patience
_PATIENCE_SECONDS = 10.0
_DYING_SECONDS = 1.0  # a killed process is seen until the system has taken back its gigabyte
_POLL_SECONDS = 0.05
_MOST_THREADS = 4 * (os.cpu_count() or 1)
_TRAINER: tuple[str, ...] = ("-m", "alexnet_viz.training")
# glibc gives freed buffers back to the system and takes them again at every step; on virtual machines the page faults
# cost more than the arithmetic: 21 -> 36 images/s at batch 64 on two cores once it keeps them.
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "1099511627776", "MALLOC_TOP_PAD_": "268435456"}
# A thread that has done its part sleeps until the others have: with one of two cores taken by another program, a niced
# training of two threads went at 24 images/s while its threads span for each other, and at 46 once they slept.
_YIELD_CORES = {"OMP_WAIT_POLICY": "PASSIVE"}


@dataclass(frozen=True)
class _Child:
    """A trainer that this process started, the run's folder, and how many processes memory had cost by then."""

    process: subprocess.Popen[bytes]
    folder: Path
    memory_kills: int


_children: dict[int, _Child] = {}  # collected when they end, so that none stays a zombie
_collecting = threading.Lock()


@dataclass(frozen=True)
class Launch:
    """What to train and where.

    Attributes:
        dataset: "shapes", "cifar10" or "folder".
        recipe: How.
        data: Folder or archive of the data, where it has one.
        name: For the person; the run's id where empty.
        device: "cpu", "cuda", "mps".
        threads: Of the arithmetic; 0 for torch's own number. A resumed run keeps it: sums depend on it.
        niceness: How far the trainer stands back for others, 0 … 19.
    """

    dataset: str
    recipe: Recipe
    data: Path | None = None
    name: str = ""
    device: str = "cpu"
    threads: int = 0
    niceness: int = 5


def start(launch: Launch, runs: Path, need_bytes: int = 0) -> Run:
    """Create a run and start its trainer; return when the trainer has reported that it is alive.

    Args:
        launch: What to train.
        runs: The folder of all runs.
        need_bytes: Disk space the run will take, checked here.
    Raises:
        RunError: Not enough disk space, or the trainer did not start.
        RecipeError: More threads or another niceness than there are.
        CheckpointError: What it is to start from is no checkpoint, or damaged.
        DatasetError: Where the data are cannot be written down.
        KeyboardInterrupt: It came while the trainer was starting, which is asked to end then.
    """
    _check_ranges(launch)
    launch = launch if launch.name else replace(launch, name=free_name(runs, launch.recipe.preset))
    launch, source = _with_source(launch, runs)
    _check_written_down(launch, source)
    runs.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(runs).free
    if free < need_bytes:
        raise RunError(
            launch.name or launch.dataset,
            said(
                "needs {needed} GB, {runs} has {free} GB left; keep fewer checkpoints (keep_every) or free some space",
                needed=gigabytes_beyond(need_bytes),
                runs=runs,
                free=gigabytes_free(free),
            ),
        )
    run = create_run(runs, launch.dataset, {**_config(launch), "start_path": source})
    try:
        with _starting(run):
            _spawn(run)
    except KeyboardInterrupt:
        if not run.stop_requested:  # no trainer was there yet that could be asked to end
            shutil.rmtree(run.folder)
        raise
    return run


def resume(run: Run, *, from_checkpoint: bool = False) -> None:
    """Start a trainer that goes on from the run's last complete checkpoint.

    Of several who ask at once, one starts it and the others wait for that: they get the same trainer, or none.

    Args:
        run: The run.
        from_checkpoint: Where its resume file is damaged, go on from the last whole epoch with a new optimiser.
    Raises:
        RunError: The run is being trained, or finished, or the trainer did not start.
        KeyboardInterrupt: As in `start`.
        ResumeError: What there is to go on from is damaged; it names the last whole epoch.
    """
    fault = run.fault or (NOT_WRITABLE if takes_nothing(run.folder) else "")
    if fault:
        raise RunError(run.id, said("cannot go on: {fault}", fault=fault))
    before = read_status(run.folder)
    with _starting(run) as waited:
        status = read_status(run.folder)
        if waited and status != before:
            return  # a trainer was started meanwhile: that is the answer, even if somebody has ended it since
        if status is not None and _stays_trained(run):
            raise RunError(run.id, said("is {state}; nothing to resume", state=said(status.state)))
        if status is not None and status.state == "finished":
            raise RunError(run.id, said("is finished; start a new one to train on"))
        run.withdraw_stop()  # an old one; whoever asks from now on, while files are checked, is heard
        check_resumable(run, from_checkpoint=from_checkpoint)
        _spawn(run)


@contextlib.contextmanager
def _starting(run: Run) -> Iterator[bool]:
    """Prevent others from starting a trainer of the run within the block; yield whether another held the lock before.

    Raises:
        RunError: The run was deleted, or somebody has been starting a trainer for too long.
    """
    with contextlib.ExitStack() as stack:
        waited = False
        try:
            try:
                stack.enter_context(hold(run.folder, START, 0))
            except Timeout:
                waited = True
                stack.enter_context(hold(run.folder, START, _START_SECONDS + _PATIENCE_SECONDS))
        except Timeout as error:
            raise RunError(run.id, said("is being started by another process; look again in a minute")) from error
        except FileNotFoundError as error:
            raise RunError(run.id, said("is no longer there; it was deleted")) from error
        yield waited


def ask_to_stop(run: Run) -> None:
    """Ask a run's trainer to write a checkpoint and end; raises RunError where none is at work."""
    if not run.is_alive:
        raise RunError(run.id, said("is {state}; there is nothing to stop", state=said(run.status().state)))
    run.request_stop()


def stop(run: Run, timeout: float = 60.0) -> None:
    """Ask a run's trainer to write a checkpoint and end, and wait until it has.

    Raises:
        RunError: No trainer is at work, or it did not end in time.
    """
    ask_to_stop(run)
    if run.status().is_paused:
        raise RunError(run.id, said("was asked to stop, and will once it goes on: {why}", why=run.status().message))
    wait(run, timeout)
    if run.is_alive:
        raise RunError(
            run.id,
            said(
                "did not stop within {timeout} s; it will after its batch, or kill it",
                timeout=round(timeout),
            ),
        )


def kill(run: Run) -> bool:
    """End a run's trainer at once; return False where none lives. No other process is ever signalled.

    Raises:
        RunError: The trainer is a process of another machine or container.
    """
    with _starting(run):
        status = read_status(run.folder)
        if status is None or not is_trained(run.folder):
            return False
        is_ended = status.is_here and status.process.kill()
        if not is_ended and is_trained(run.folder):  # on another machine, or in another container of this one
            raise RunError(
                run.id, said("is trained on {host}; end it there, or stop it, which works from here", host=status.host)
            )
        return is_ended


def wait(run: Run, timeout: float) -> None:
    """Return when no trainer works on the run any more, or after `timeout` seconds."""
    end = time.monotonic() + timeout
    while run.is_alive and time.monotonic() < end:
        threading.Event().wait(_POLL_SECONDS)
    collect_children()


def _stays_trained(run: Run) -> bool:
    """Return whether a trainer works on the run, and is none that was killed and has yet to give its memory back."""
    end = time.monotonic() + _DYING_SECONDS
    while is_trained(run.folder) and time.monotonic() < end:
        threading.Event().wait(_POLL_SECONDS)
    return is_trained(run.folder)


def collect_children() -> None:
    """Forget the trainers of this process that ended."""
    with _collecting:
        for pid, child in list(_children.items()):
            if (code := child.process.poll()) is not None:
                del _children[pid]
                with contextlib.suppress(OSError):  # on a full disk nobody is told how it ended, but everything else
                    note_ending(child.folder, pid, code, memory_kills() - child.memory_kills)


def _check_ranges(launch: Launch) -> None:
    for name, value, most in (("threads", launch.threads, _MOST_THREADS), ("niceness", launch.niceness, 19)):
        if not 0 <= value <= most:
            raise RecipeError(name, said("is {value}; it goes from 0 to {most}", value=str(value), most=str(most)))


def _with_source(launch: Launch, runs: Path) -> tuple[Launch, str]:
    """Return the launch with the variant of what it starts from, and the file of that, which the trainer then opens.

    Names are resolved here, where the person's folders are: the trainer works in another one.
    """
    wanted = launch.recipe.start_from
    if not wanted:
        return launch, ""
    from alexnet_viz.checkpoints import find_checkpoint, load_checkpoint, stored_metadata  # torch takes seconds

    path = find_run_checkpoint(wanted, runs) or find_checkpoint(wanted)
    if path is None:
        return launch, ""
    path = path.resolve()
    if not is_whole(path):
        raise CheckpointError(wanted, said("is damaged: it is not what its trainer wrote; choose another checkpoint"))
    variant = stored_metadata(path).get("variant") or load_checkpoint(path, device="cpu").variant  # or it says why not
    return replace(launch, recipe=replace(launch.recipe, variant=str(variant))), str(path)


def _check_written_down(launch: Launch, source: str) -> None:
    """Refuse places that the configuration cannot name: the trainer, and whoever resumes, would look elsewhere."""
    data = str(launch.data and launch.data.resolve())
    reason = said("has a path that is not UTF-8, which a run cannot keep; rename it")
    if data != whole_letters(data):
        raise DatasetError(data, reason)
    if source != whole_letters(source):
        raise CheckpointError(source, reason)


def _config(launch: Launch) -> dict[str, object]:
    return {
        "name": launch.name,
        "dataset": launch.dataset,
        "data": str(launch.data.resolve()) if launch.data else None,
        "recipe": launch.recipe.to_record(),
        "seed": launch.recipe.seed,
        "variant": launch.recipe.variant,
        "device": launch.device,
        "threads": launch.threads,
        "niceness": launch.niceness,
        "versions": {
            "alexnet_viz": alexnet_viz.__version__,
            "python": platform.python_version(),
            "torch": version("torch"),
        },
        "command": sys.argv,
    }


def _spawn(run: Run) -> None:
    collect_children()
    before, kills = read_status(run.folder), memory_kills()
    package = Path(alexnet_viz.__file__).parent.parent
    with (run.folder / "log.txt").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603 (our own Python and module; the folder is one argument)
            [sys.executable, *_TRAINER, str(run.folder.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=_environment(os.environ, package),
            cwd=package,
            start_new_session=True,  # a Ctrl-C in the terminal is the caller's to translate
        )
    _children[child.pid] = _Child(child, run.folder, kills)
    try:
        _await_first_word(run, child, before)
    except KeyboardInterrupt:
        run.request_stop()
        raise


def _environment(given: Mapping[str, str], package: Path) -> dict[str, str]:
    path = os.pathsep.join([str(package), *filter(None, [given.get("PYTHONPATH")])])
    return {**KEEP_MEMORY, **_YIELD_CORES, **given, "PYTHONPATH": path}


def _await_first_word(run: Run, child: subprocess.Popen[bytes], before: Status | None) -> None:
    end, code = time.monotonic() + _START_SECONDS, None
    while code is None and time.monotonic() < end:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = child.wait(_POLL_SECONDS)
        if _has_spoken(run, child, before):
            return
    log = run.folder / "log.txt"
    if code is not None:
        raise RunError(run.id, said("did not start ({why}); {log} says why", why=_exit_in_words(code), log=log))
    raise RunError(
        run.id, said("said nothing for {seconds} s; {log} may say why", seconds=int(_START_SECONDS), log=log)
    )


def _has_spoken(run: Run, child: subprocess.Popen[bytes], before: Status | None) -> bool:
    status = read_status(run.folder)
    return status is not None and status != before and status.pid == child.pid


def _exit_in_words(code: int) -> str:
    if code == ALREADY_TRAINED:
        return said("another trainer is at work on it")
    if code == DISK_FULL:
        return said("the disk is full; free some space")
    return said("exit {code}", code=code) if code >= 0 else said("ended by the signal {number}", number=-code)
