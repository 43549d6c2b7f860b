"""Files of a run that are torn, garbled, half, empty or gone: each costs a sentence at most, and nothing unsaid."""

import itertools
import os
import random
import shutil
from pathlib import Path
from unittest import mock

from alexnet_viz.errors import ResumeError
from alexnet_viz.runs import Run
from alexnet_viz.runs.resuming import check_resumable
from alexnet_viz.training import launcher
from alexnet_viz.training.checkpoint_retention import find_resumable
from alexnet_viz.ui.train.runs import TrainingService
from tests.support.faults.found import Found, wait_for
from tests.support.faults.toy import launch, toy_trainers

KINDS = ("torn", "garbled", "half", "empty", "gone", "mixed")


def damaged_files(folder: Path, times: int, seed: int) -> list[Found]:
    """Damage one or two files of a run that was stopped, in copies; list it and go on with it."""
    found = {kind: Found(f"files {kind}") for kind in KINDS}
    moments, runs, seconds = random.Random(seed), folder / "damaged", itertools.count()
    runs.mkdir()
    sound = _stopped_run(folder / "sound")
    page = TrainingService(clock=lambda: next(seconds))
    with mock.patch.dict(os.environ, ALEXNET_VIZ_RUNS=str(runs)):
        for number in range(times):
            kind = KINDS[number % len(KINDS)]
            found[kind].times += 1
            run = Run(Path(shutil.copytree(sound.folder, runs / f"copy-{number}")))
            damaged = {_damage(run, kind, moments) for _ in range(moments.randint(1, 2))}
            _look(page, run, found[kind], f"{kind} {damaged}")
            shutil.rmtree(run.folder)
    return list(found.values())


def _stopped_run(runs: Path) -> Run:
    with toy_trainers(runs):
        run = launcher.start(launch(), runs)
        wait_for(lambda: run.status().epoch > 6)
        launcher.stop(run, 120)
    return run


def _damage(run: Run, kind: str, moments: random.Random) -> str:
    names = [path for path in sorted(run.folder.rglob("*")) if path.is_file() and path.suffix != ".lock"]
    file = moments.choice(names)
    content = bytearray(file.read_bytes())
    if kind == "gone":
        file.unlink()
    elif kind == "mixed":  # as a copy that was made of two
        file.write_bytes(content[: len(content) * 9 // 10] + content[:100])
    elif kind == "garbled":
        place = moments.randrange(len(content) or 1)
        content[place : place + 16] = moments.randbytes(16)
        file.write_bytes(content)
    else:
        keep = {"torn": moments.randrange(len(content) or 1), "half": len(content) // 2, "empty": 0}[kind]
        file.write_bytes(content[:keep])
    return file.name


def _look(page: TrainingService, run: Run, found: Found, damage: str) -> None:
    """List a damaged run, and go on with it as far as a trainer would before its first step."""
    if not (run.folder / "config.json").exists():
        return  # no run any more
    rows = [row for row in page.runs() if row["id"] == run.id]
    found.check(len(rows) == 1, f"{damage}: not listed")
    row = rows[0]
    found.check(row["state"] in ("stopped", "failed", "crashed"), f"{damage}: is {row['state']}")
    run.summary()
    try:
        check_resumable(run)
        left = find_resumable(run)
    except ResumeError as error:
        found.check("damaged or missing" in str(error), f"{damage}: {error}")
        return
    found.check(left is not None, f"{damage}: would start from nothing, unsaid")
