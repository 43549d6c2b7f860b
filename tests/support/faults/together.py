"""Two servers on one folder of runs, each doing at random what a page may ask for."""

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import psutil

from alexnet_viz.errors import AlexNetVizError
from alexnet_viz.runs import list_runs
from alexnet_viz.training import launcher
from tests.support.faults.found import Found, pause, wait_for
from tests.support.faults.toy import SETTINGS, TINY, end_all, steps

_MOST_RUNS = 5


def two_servers(folder: Path, rounds: int, seed: int) -> Found:
    """Have two processes launch, stop, end, resume, delete and annotate the same runs; return what was found."""
    found, runs = Found("two servers on one folder", times=2 * rounds), folder / "shared"
    runs.mkdir()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as servers:
        working = [servers.submit(serve, runs, rounds, seed + number) for number in range(2)]
        while not all(each.done() for each in working):
            found.check(not _doubled(runs), "two trainers worked on one run")
            pause(0.2)
        for each in working:
            found.broken += each.result()
        _agree(found, servers, runs)
        ids = [run.id for run in list_runs(runs)]
        found.check(len(ids) == len(set(ids)), "a run is listed twice")
        end_all(runs)
        found.check(wait_for(lambda: not _trainers(runs), 10), "a trainer goes on that was ended")
        for run in list_runs(runs):
            numbers = steps(run)
            found.check(numbers == list(range(1, len(numbers) + 1)), f"steps are not each there once: {numbers}")
    return found


def _agree(found: Found, servers: ProcessPoolExecutor, runs: Path) -> None:
    """Both servers come to say the same of each run, that a trainer lives where one does, in time."""
    told: list[dict[str, str]] = []

    def same() -> bool:
        asked: list[Future[dict[str, str]]] = [servers.submit(states, runs) for _ in range(2)]
        told[:] = [each.result() for each in asked]
        alive = {run.id for run in list_runs(runs) if run.is_alive}
        return told[0] == told[1] and alive == {Path(path).name for path in _trainers(runs)}

    found.settled(same, lambda: f"two servers do not agree: {told}, trainers {_trainers(runs)}")


def serve(runs: Path, rounds: int, seed: int) -> list[str]:
    """Do what pages ask for, in a process of its own; return what failed otherwise than in a sentence."""
    from alexnet_viz.ui.train.runs import TrainingService

    os.environ["ALEXNET_VIZ_RUNS"] = str(runs)
    launcher._TRAINER = (TINY,)
    service, chance, failed = TrainingService(), random.Random(seed), list[str]()
    for _ in range(rounds):
        ids = [str(row["id"]) for row in service.runs()]
        act, deed = _chosen(service, ids, chance)
        try:
            deed()
        except AlexNetVizError as error:
            if "None" in str(error):
                failed.append(f"{act}: {error}")
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            failed.append(f"{act}: {type(error).__name__}: {error}")
        pause(chance.uniform(0, 0.3))
    launcher.collect_children()
    return failed


def _chosen(service: "object", ids: list[str], chance: random.Random) -> tuple[str, Callable[[], object]]:
    from alexnet_viz.ui.train.runs import TrainingService

    assert isinstance(service, TrainingService)
    if not ids or (len(ids) < _MOST_RUNS and chance.random() < 0.3):
        asked = {"dataset": "shapes", "preset": "fast", "settings": {**SETTINGS, "epochs": "500"}}
        return "launch", lambda: service.launch(asked)
    run_id = chance.choice(ids)
    deeds: dict[str, Callable[[], object]] = {
        "stop": lambda: service.stop(run_id),
        "kill": lambda: service.kill(run_id),
        "resume": lambda: service.resume(run_id),
        "delete": lambda: service.delete(run_id),
        "note": lambda: service.write_note(run_id, "seen"),
    }
    act = chance.choice(sorted(deeds))
    return act, deeds[act]


def states(runs: Path) -> dict[str, str]:
    """Return the state of each run as a server of its own says it."""
    launcher.collect_children()
    return {run.id: run.status().state for run in list_runs(runs)}


def _trainers(runs: Path) -> Counter[str]:
    """Return how many trainers live of each run's folder."""
    found: Counter[str] = Counter()
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        if TINY in words and words[-1].startswith(str(runs.resolve())) and process.info["status"] != "zombie":
            found[words[-1]] += 1
    return found


def _doubled(runs: Path) -> bool:
    """Return whether two trainers say that they work on the same run; one that finds the lock held ends by itself."""
    twice = [folder for folder, count in _trainers(runs).items() if count > 1]
    return bool(twice) and not wait_for(lambda: not [f for f in twice if _trainers(runs)[f] > 1], 15)
