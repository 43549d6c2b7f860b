"""Disks that are full, slow, or take nothing, and folders that close or vanish.

A disk that is full is a small one in memory, where one may be mounted; a slow one lies in a file.
"""

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from alexnet_viz.errors import AlexNetVizError
from alexnet_viz.runs import Run, delete_run, list_runs
from alexnet_viz.training import launcher
from tests.support.faults.found import Found, NotPossibleHereError, wait_for
from tests.support.faults.kills import PHASES, Killing, check_left
from tests.support.faults.toy import launch, steps, toy_trainers

_DISK = "1m"
_SLOW_DISK = 64_000_000
_SLOW = 100_000  # bytes a second
_SLOWED = Path("/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device")
_MOST_FREE = 500_000  # bytes, of which a trainer keeps 65,536 in reserve; the toy network's pair of files takes 150,000
_BETWEEN = 60.0  # seconds until a trainer has noticed that its folder is gone: a batch, or all of its start-up


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Yield a folder that is a disk of its own; raises NotPossibleHereError where nobody may mount one."""
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", folder], capture_output=True).returncode:
        raise NotPossibleHereError
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def slow_disk(folder: Path) -> Iterator[Path]:
    """Yield a folder on a disk that writes slowly; raises NotPossibleHereError where nobody may mount or slow one."""
    folder.mkdir()
    image = folder.with_suffix(".image")
    image.write_bytes(b"")
    os.truncate(image, _SLOW_DISK)
    for command in (("mkfs.ext4", "-q", image), ("mount", "-o", "loop", image, folder)):
        if subprocess.run(command, capture_output=True, check=False).returncode:
            raise NotPossibleHereError
    device = folder.stat().st_dev
    try:
        _let_write(device, _SLOW)
        try:
            yield folder
        finally:
            _let_write(device, 0)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _let_write(device: int, most: int) -> None:
    """Let a device write at most so many bytes a second; 0 for as many as it can."""
    try:
        _SLOWED.write_text(f"{os.major(device)}:{os.minor(device)} {most}")
    except OSError as error:
        raise NotPossibleHereError from error


def slow_disks(folder: Path, times: int, seed: int) -> Found:
    """Kill trainers on a disk on which a checkpoint takes seconds: nothing is lost, and the state is right in time."""
    found = Found("disk slow")
    try:
        with slow_disk(folder / "slow") as disk, toy_trainers(disk / "runs"):
            (disk / "runs").mkdir()
            killing = Killing(disk / "runs", random.Random(seed), dict.fromkeys(PHASES, found))
            for number in range(times):
                killing.kill_in(PHASES[number % len(PHASES)])
            killing.finish(found)
    except NotPossibleHereError:
        found.why_not = "no disk may be slowed down here"
    return found


def full_disks(folder: Path, times: int, seed: int) -> Found:
    """Let disks fill up at random moments of a run; free them, and go on."""
    found, moments = Found("disk full"), random.Random(seed)
    try:
        with small_disk(folder / "full") as disk, toy_trainers(disk / "runs"):
            for _ in range(times):
                _fill(disk, moments.randrange(_MOST_FREE), found)
    except NotPossibleHereError:
        found.why_not = "no disk may be mounted here"
    return found


def _fill(disk: Path, free: int, found: Found) -> None:
    found.times += 1
    runs, filler = disk / "runs", disk / "filler"
    runs.mkdir(exist_ok=True)
    with filler.open("wb") as stream:
        stream.write(bytes(max(0, shutil.disk_usage(disk).free - free)))
    run = _launched(runs, found)
    if run is not None:
        found.check(wait_for(lambda: not run.is_alive), "a run on a full disk did not end")
        launcher.collect_children()
        state = run.status()
        told = state.state == "failed" and "disk is full" in state.message
        found.check(told or state.state == "crashed", f"with {free} bytes a run is {state.state}: {state.message}")
        filler.unlink()
        _goes_on(run, found)
        delete_run(runs, run.id)
    filler.unlink(missing_ok=True)
    found.check(list_runs(runs) == [], "a run that was deleted is listed")


def _launched(runs: Path, found: Found) -> Run | None:
    """Launch a run; where the disk has no room for one, that is said in words."""
    try:
        return launcher.start(launch(), runs)
    except OSError as error:
        found.check("No space left" in str(error), f"not launched: {error}")
        return None
    except AlexNetVizError as error:
        found.check("disk is full" in str(error), f"not launched: {error}")
        return next(iter(list_runs(runs)), None)


def closed_disk(folder: Path) -> Found:
    """Make a disk with a run on it read-only, and writable again: nothing is lost, and what is asked for is refused."""
    found = Found("folder read-only", times=1)
    try:
        with small_disk(folder / "closed") as disk, toy_trainers(disk):
            run = launcher.start(launch(), disk)
            wait_for(lambda: run.status().epoch > 1)
            launcher.stop(run, 120)
            before = _content(run)
            wait_for(lambda: _mounted("ro", disk), 60)  # the trainer's process still has its log open
            found.check(run.status().state == "stopped", f"on a closed disk it is {run.status().state}")
            for act in (lambda: launcher.resume(run), lambda: delete_run(disk, run.id), lambda: run.write_note("seen")):
                with suppress(OSError, AlexNetVizError):
                    act()
                    found.broken.append("something was written onto a closed disk")
            _mounted("rw", disk)
            found.check(_content(run) == before, "files have changed on a closed disk")
            launcher.resume(run)
            reached = len(steps(run))
            found.check(wait_for(lambda: len(steps(run)) > reached), "did not go on when it could be written again")
    except NotPossibleHereError:
        found.times, found.why_not = 0, "no disk may be mounted here"
    return found


@contextmanager
def closed(*folders: Path) -> Iterator[None]:
    """Let nothing be written into the folders for the block; raises NotPossibleHereError where that cannot be done."""
    how = ("chattr", "+i", "-i") if os.geteuid() == 0 else ("chmod", "a-w", "u+w")  # root may write whatever the mode
    if subprocess.run([how[0], how[1], *folders], capture_output=True, check=False).returncode:
        raise NotPossibleHereError
    try:
        yield
    finally:
        subprocess.run([how[0], how[2], *folders], check=True)


def closed_folders(folder: Path, times: int, seed: int) -> Found:
    """Close a run's folder while it is trained: it ends and says why, and goes on once it may be written."""
    found, moments, runs = Found("folder closed under its trainer"), random.Random(seed), folder / "closing"
    runs.mkdir()
    with toy_trainers(runs):
        for _ in range(times):
            run = launcher.start(launch(), runs)
            try:
                _close(run, moments.randrange(8), found)
            except NotPossibleHereError:
                found.why_not = "no folder can be closed here"
                break
            delete_run(runs, run.id)
    return found


def _close(run: Run, after: int, found: Found) -> None:
    """Let nothing be written into a run's folder after so many steps."""
    wait_for(lambda: len(steps(run)) >= after)
    with closed(run.folder, run.folder / "checkpoints"):
        found.times += 1
        found.check(wait_for(lambda: not run.is_alive, _BETWEEN), "a run goes on that can write nothing")
        launcher.collect_children()
        told = run.status()
        found.check("nothing can be written into its folder" in str(told.message), f"{told.state}: {told.message}")
        with suppress(AlexNetVizError):
            launcher.resume(run)
            found.broken.append("a run was resumed that can write nothing")
    check_left(run, found)
    _goes_on(run, found)


def _goes_on(run: Run, found: Found) -> None:
    """Resume a run; see that it makes further steps, end it and see that all is as it should be."""
    launcher.resume(run)
    reached = len(steps(run))
    found.check(wait_for(lambda: len(steps(run)) > reached + 1), f"did not go on: {run.status().message}")
    launcher.kill(run)
    launcher.wait(run, 30)
    check_left(run, found)


def _mounted(how: str, disk: Path) -> bool:
    return subprocess.run(["mount", "-o", f"remount,{how}", disk], capture_output=True, check=False).returncode == 0


def _content(run: Run) -> dict[str, bytes]:
    files = (file for file in run.folder.rglob("*") if file.is_file() and file.suffix != ".lock")
    return {str(file): file.read_bytes() for file in files}


def vanished_folders(folder: Path, times: int, seed: int) -> Found:
    """Take a run's folder away while it is trained: the trainer ends, and makes no new one."""
    found, moments, runs = Found("folder vanished"), random.Random(seed), folder / "vanishing"
    runs.mkdir()
    with toy_trainers(runs):
        for _ in range(times):
            _lose(launcher.start(launch(), runs), moments.randrange(8), found)
    return found


def _lose(run: Run, after: int, found: Found) -> None:
    """Take a run's folder away after so many steps."""
    found.times += 1
    wait_for(lambda: len(steps(run)) >= after)
    trainer = psutil.Process(run.status().pid)
    away = run.folder.parent.with_name(f"away-{run.id}")
    run.folder.rename(away)
    shutil.rmtree(away)
    ended = wait_for(lambda: not trainer.is_running() or trainer.status() == psutil.STATUS_ZOMBIE, _BETWEEN)
    found.check(ended, "a trainer goes on whose folder is gone")
    if not ended:
        trainer.kill()
    launcher.collect_children()
    found.check(not run.folder.exists(), "the folder of a run that vanished was made anew")
    found.check(run.id not in [each.id for each in list_runs(run.folder.parent)], "a run that vanished is listed")
