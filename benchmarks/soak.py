"""An hour of mixed use: do memory, threads, descriptors and temporary files stay as they are?

    python -m benchmarks.soak [--seconds 3600] [--people 4]

People come, upload marked photos, look at stages, alter the network, follow the runs and go; a run is launched
and stopped now and then. Once a minute the server's process is looked at. Ends with 1 where anything has grown since
the first tenth: memory by more than 15 %, threads, descriptors or temporary files by more than a few.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path

import psutil

from benchmarks.machine import machine
from tests.support.real_app import App, running_app
from tests.support.visitor import STAGES, Visitor

pause = threading.Event().wait
_LOOKS = 30  # at the process, over the whole time
_MOST_GROWTH = {"memory": 1.15, "threads": 1.0, "descriptors": 1.0, "files": 1.0}
_FEW = {"memory": 30.0, "threads": 8.0, "descriptors": 24.0, "files": 4.0}


@dataclass(frozen=True)
class Look:
    """The server's process at a moment: MB, threads, descriptors, temporary files beside those of photos."""

    memory: float
    threads: float
    descriptors: float
    files: float


def look_at(server: psutil.Process, temporary: Path) -> Look:
    left = [path for path in temporary.rglob("*") if path.is_file() and "photos-" not in str(path)]
    return Look(server.memory_info().rss / 1e6, server.num_threads(), server.num_fds(), len(left))


def grown(looks: list[Look]) -> list[str]:
    """Return what has grown, in words: the least of the last tenth against the most of the first."""
    tenth = max(1, len(looks) // 10)
    found = []
    for each in fields(Look):
        first = max(getattr(look, each.name) for look in looks[tenth : 2 * tenth] or looks[:1])
        last = min(getattr(look, each.name) for look in looks[-tenth:])
        if last > first * _MOST_GROWTH[each.name] + _FEW[each.name]:
            found.append(f"{each.name} grew from {first:.0f} to {last:.0f}")
    return found


def use(app: App, number: int, over: threading.Event, failed: list[str]) -> None:
    """Come, look around and go, again and again."""
    chance, turn = random.Random(number), 0
    while not over.is_set() and not failed:
        turn += 1
        try:
            with Visitor(app, number) as visitor:
                for _ in range(chance.randint(1, 5)):
                    subject = visitor.show(turn)
                    for stage in STAGES:
                        visitor.switch(subject, stage)
                    visitor.get("trace", **subject, altered=f"block1.relu:{chance.randrange(96)}=0")
                    visitor.follow("")
                    over.wait(chance.uniform(0, 2))
                if visitor.mixed_up:
                    failed.append(f"{visitor.mixed_up} answers were of another photo")
                if number == 0 and turn % 5 == 0:
                    _train_a_moment(visitor, over)
        except Exception as error:  # noqa: BLE001 - told at the end
            failed.append(f"{type(error).__name__}: {error}")


def _train_a_moment(visitor: Visitor, over: threading.Event) -> None:
    run = visitor.post("runs/launch", {"dataset": "shapes", "preset": "fast", "settings": {"limit": "16"}})["id"]
    over.wait(20)
    visitor.post(f"runs/{run}/kill", {})
    visitor.post(f"runs/{run}/delete", {})


def soak(app: App, temporary: Path, seconds: float, people: int) -> tuple[list[Look], list[str]]:
    """Use the app for so long; return what its process looked like, and what failed."""
    server, over, failed, looks = psutil.Process(app.process.pid), threading.Event(), list[str](), list[Look]()
    with ThreadPoolExecutor(people) as pool:
        for number in range(people):
            pool.submit(use, app, number, over, failed)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not failed:
            pause(seconds / _LOOKS)
            looks.append(look_at(server, temporary))
        over.set()
    return looks, failed


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--people", type=int, default=4)
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as runs, tempfile.TemporaryDirectory() as temporary:
        with running_app(ALEXNET_VIZ_RUNS=runs, TMPDIR=temporary) as app:
            looks, failed = soak(app, Path(temporary), options.seconds, options.people)
        left = [path.name for path in Path(temporary).glob("alexnet_viz-*")]
    print(f"{'':>6}  {'MB':>6}  {'threads':>8}  {'descriptors':>12}  {'files':>6}")
    for number, look in enumerate(looks):
        print(
            f"{number + 1:>6}  {look.memory:>6.0f}  {look.threads:>8.0f}  {look.descriptors:>12.0f}  {look.files:>6.0f}"
        )
    wrong = [*failed, *grown(looks), *(f"left behind: {name}" for name in left)]
    sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
