"""A trainer that is killed: in its start-up, its steps, while it saves, stops, goes on, or waits for its turn."""

import json
import os
import platform
import random
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from safetensors import safe_open
from safetensors.torch import load_file

from alexnet_viz.errors import RunError
from alexnet_viz.runs import Run, list_runs, read_status
from alexnet_viz.runs.left_behind import sweep_runs
from alexnet_viz.runs.resuming import is_whole, read_checksums, what_is_left
from alexnet_viz.runs.status import ALIVE
from alexnet_viz.training import launcher
from alexnet_viz.training.device_queue import _plain
from tests.support.faults.found import Found, pause, wait_for
from tests.support.faults.toy import ENDLESS, launch, steps, toy_trainers

PHASES = ("start-up", "steps", "saving", "stopping", "resuming", "queueing")
_START_SECONDS = 5.0  # of a trainer on a quiet machine; a moment is drawn from a little more
_HOUR = 3600.0


@dataclass
class Killing:
    """Kills trainers of one folder, each time going on with the run that was killed before.

    Args:
        runs: The folder.
        moments: Where the moments come from.
        found: By phase.
    """

    runs: Path
    moments: random.Random
    found: dict[str, Found]

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._run: Run | None = None

    def kill_in(self, phase: str) -> None:
        """Begin or go on with a run, kill its trainer in a phase, and look at what is left."""
        found = self.found[phase]
        found.times += 1
        with FileLock(self.runs / f".cpu-{_plain(platform.node())}.lock") if phase == "queueing" else nullcontext():
            process, begun = self._begin(is_new=phase == "start-up" or self._run is None)
            assert self._run is not None
            self._await(phase, self._run)
            os.kill(process, signal.SIGKILL)
            _outcome(begun)
            launcher.collect_children()
            check_left(self._run, found)

    def _begin(self, *, is_new: bool) -> tuple[int, "Future[Run | None]"]:
        """Have a trainer started; return its number, before it has said a word, and what will come of it."""
        known, before = set(launcher._children), {run.id for run in list_runs(self.runs)}
        wanted: Callable[[], Run | None]
        if is_new or self._run is None:
            wanted = lambda: launcher.start(launch(), self.runs)  # noqa: E731
        else:
            run = self._run
            wanted = lambda: launcher.resume(run)  # noqa: E731
        begun = self._pool.submit(wanted)
        if not wait_for(lambda: begun.done() or set(launcher._children) - known, every=0.001):
            raise RuntimeError("no trainer was started")
        new = set(launcher._children) - known
        if not new:
            raise begun.exception() or RuntimeError("no trainer was started")
        if is_new or self._run is None:
            self._run = next(run for run in list_runs(self.runs) if run.id not in before)
        return new.pop(), begun

    def _await(self, phase: str, run: Run) -> None:
        """Wait for the moment."""
        if phase in ("start-up", "resuming"):
            pause(self.moments.uniform(0, _START_SECONDS))
            return
        if phase == "queueing":
            pause(self.moments.uniform(0, 1.0))
            return
        so_far = len(steps(run))
        if not wait_for(lambda: run.status().state == "running" and len(steps(run)) > so_far):
            self.found[phase].broken.append(f"did not go on: {run.status().state}, {run.status().message}")
        if phase == "saving":
            wait_for(lambda: any(_unfinished(run)), 20, every=0)
        elif phase == "stopping":
            run.request_stop()
            pause(self.moments.uniform(0, 0.2))
        else:
            pause(self.moments.uniform(0, 0.4))

    def set_clock_back(self, found: Found) -> None:
        """Have everything look as if it had been written an hour from now, and the last run's state still be right."""
        assert self._run is not None
        found.times += 1
        file = self._run.folder / "status.json"
        if file.exists():
            file.write_text(json.dumps({**json.loads(file.read_text()), "updated": time.time() + _HOUR}))
        for path in (self.runs, *self.runs.rglob("*")):
            os.utime(path, (time.time() + _HOUR,) * 2)
        check_left(self._run, found)

    def finish(self, found: Found) -> None:
        """Go on with the last run once more, to see that it does, and stop it; nothing unfinished is left of any."""
        assert self._run is not None
        run = self._run
        found.times += 1
        launcher.resume(run)
        so_far = len(steps(run))
        found.check(wait_for(lambda: len(steps(run)) > so_far + 2), "a run did not go on after all its kills")
        launcher.stop(run, 120)
        found.check(run.status().state == "stopped", f"a stopped run is {run.status().state}")
        check_left(run, found)
        sweep_runs(self.runs)
        left = [path.name for run in list_runs(self.runs) for path in _unfinished(run)]
        found.check(not left, f"left behind: {left}")
        self._pool.shutdown()


def check_left(run: Run, found: Found) -> None:
    """Look at a run whose trainer has just ended: its state, its curves, and that what it reported saved is there."""
    found.settled(
        lambda: run.status().state not in ALIVE, lambda: f"a killed run is {run.status().state}: {run.status().message}"
    )
    state = run.status()
    found.check(state.state in ("crashed", "stopped"), f"a killed run is {state.state}: {state.message}")
    found.check(state.message, "a killed run does not say why")
    told, numbers = read_status(run.folder), steps(run)
    found.check(numbers == list(range(1, len(numbers) + 1)), f"steps are not each there once: {numbers}")
    for file in run.checkpoints():
        load_file(file.path)  # whole, or it raises
    known = [run.folder / "checkpoints" / name for name in read_checksums(run.folder)]
    broken = [file.name for file in known if file.exists() and not is_whole(file)]
    found.check(not broken, f"reported saved and not what was written: {broken}")
    if told is not None and told.epoch:
        _check_reported(run, told.epoch, told.step if told.state == "stopped" else 0, found)


def _check_reported(run: Run, epoch: int, step: int, found: Found) -> None:
    left = what_is_left(run)
    found.check(left.pair, f"epoch {epoch} was reported and nothing is there to go on from: {left}")
    if left.pair:
        saved = _progress(run, left.pair)
        found.check(saved["epochs_reported"] >= epoch, f"epoch {epoch} was reported; saved is {saved}")
        found.check(saved["step"] >= step, f"stopped at step {step}; saved is {saved}")
    kept = {file.epoch for file in run.checkpoints()}
    every = ENDLESS.keep_every
    missing = {0, *range(every, epoch + 1, every)} - kept
    found.check(not missing, f"the checkpoints of epochs {sorted(missing)} were kept and are gone")
    told = {point["epoch"] for point in run.metrics() if point["kind"] == "epoch"}
    found.check(set(range(epoch + 1)) <= told, f"epoch {epoch} was reported; the curves have {sorted(map(str, told))}")


def _progress(run: Run, pair: str) -> dict[str, int]:
    with safe_open(run.folder / "checkpoints" / f"resume-{pair}.safetensors", framework="pt") as file:
        progress: dict[str, int] = json.loads(file.metadata()["resume"])["progress"]
    return progress


def _unfinished(run: Run) -> list[Path]:
    return [*run.folder.rglob("*.partial"), *run.folder.rglob(".tmp*")]


def _outcome(begun: "Future[Run | None]") -> None:
    """Take what became of a start; that its trainer ended is what was wanted."""
    try:
        begun.result(60)
    except RunError as error:
        if "signal 9" not in str(error):
            raise


def killed_trainers(folder: Path, phases: Sequence[str], seed: int) -> list[Found]:
    """Kill a trainer at a random moment of each phase, the clock set back in between; return what was found."""
    runs = folder / "runs"
    found = {phase: Found(f"trainer killed: {phase}") for phase in dict.fromkeys(phases)}
    clock, after = Found("clock set back an hour"), Found("gone on with after all kills")
    moments = random.Random(seed)
    runs.mkdir()
    with toy_trainers(runs):
        killing = Killing(runs, moments, found)
        for number, phase in enumerate(moments.sample(phases, len(phases))):
            killing.kill_in(phase)
            if number % 10 == 1:
                killing.set_clock_back(clock)
        killing.finish(after)
    return [*found.values(), clock, after]
