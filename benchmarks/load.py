"""Many people at once: errors, how long a photo takes to its prediction, memory, answers that belong to another.

    python -m benchmarks.load [--sessions 1 10 30 100] [--photos 8] [--training] [--look] [--greedy 100] [--calm 120]

Each session is a page with its cookie and its websocket. It uploads marked photos with pauses of one to five seconds
between them, looks at four stages of each and follows the runs meanwhile. Then it goes, and two minutes later memory is
read again. With `--look` a real browser uploads beside them. At last one visitor asks a hundred things at once: how
long do a script, the queue's state and the stop of a run take? Goals on two cores: 30 sessions without an error, 95 %
of photo to prediction in 3 s, 20 MB a session, memory within 10 % of before after two minutes, no answer of another's,
200 ms beside the greedy one.
"""

import argparse
import contextlib
import json
import random
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.machine import machine
from benchmarks.uploads import jpeg
from tests.support.real_app import App, chromium, running_app
from tests.support.visitor import STAGES, Visitor

pause = threading.Event().wait
_FILLING = 40  # photos that fill what the server remembers, before memory is read
_ASKED_BESIDE = 60
_MOST_SAID = 20


@dataclass
class Load:
    """What many sessions at once have met."""

    sessions: int
    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    answers: int = 0
    mixed_up: int = 0
    before: float = 0.0
    beside: float = 0.0
    after: float = 0.0

    def row(self) -> str:
        """Return the table's row."""
        half, most = quantiles(self.waits)
        each = (self.beside - self.before) / self.sessions
        return (
            f"{self.sessions:>8}  {len(self.errors):>6}  {len(self.waits):>6}  {half:>6.2f}  {most:>6.2f}  "
            f"{max(self.waits, default=0):>6.2f}  {each:>10.1f}  {self.before:>7.0f}  {self.after:>7.0f}  "
            f"{self.mixed_up:>4} of {self.answers}"
        )


HEADER = (
    f"{'sessions':>8}  {'errors':>6}  {'photos':>6}  {'50 % s':>6}  {'95 % s':>6}  {'most s':>6}  "
    f"{'MB/session':>10}  {'MB first':>7}  {'MB last':>7}  other's answers"
)


def quantiles(values: list[float]) -> tuple[float, float]:
    """Return what half and what 95 % of the values are below."""
    if len(values) < 2:
        return (values or [0.0])[0], (values or [0.0])[0]
    cuts = statistics.quantiles(values, n=20)
    return statistics.median(values), cuts[-1]


def together(app: App, sessions: int, photos: int, calm: float, run: str = "") -> Load:
    """Have so many people use the app at once; return what they met."""
    server, load = psutil.Process(app.process.pid), Load(sessions)
    load.before = megabytes(server)
    all_there, noting = threading.Barrier(sessions + 1), threading.Lock()

    def visit(number: int) -> None:
        chance, visitor = random.Random(number), Visitor(app, number % 256)
        try:
            with visitor:
                for photo in range(photos):
                    pause(chance.uniform(1, 5) if photo else chance.uniform(0, 3))
                    started = time.perf_counter()
                    subject = visitor.show(photo)
                    load.waits.append(time.perf_counter() - started)
                    for stage in STAGES:
                        visitor.switch(subject, stage)
                    visitor.follow(run)
                all_there.wait(600)
                all_there.wait(600)
        except Exception as error:  # noqa: BLE001 - counted, and shown
            load.errors.append(f"{type(error).__name__}: {error}")
            all_there.abort()
        with noting:
            load.answers += visitor.answers
            load.mixed_up += visitor.mixed_up

    with ThreadPoolExecutor(sessions) as people:
        for number in range(sessions):
            people.submit(visit, number)
        try:
            all_there.wait(600)
            load.beside = megabytes(server)
            all_there.wait(600)
        except threading.BrokenBarrierError:
            load.beside = megabytes(server)
    pause(calm)
    load.after = megabytes(server)
    return load


@contextlib.contextmanager
def looking(app: App) -> Iterator[None]:
    """Have a browser upload a photo after the other for the block; print what its page says, and how often."""
    over, said = threading.Event(), Counter[str]()
    with ThreadPoolExecutor(1) as one:
        looked = one.submit(_look, app, over, said)
        yield
        over.set()
        looked.result()
    for words, times in said.most_common(_MOST_SAID):
        print(f"{times:>8} times: {words or 'nothing, the answer is there'}")


def _look(app: App, over: threading.Event, said: Counter[str]) -> None:
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        page = browser.new_page(base_url=app.address)
        page.goto("/")
        note = page.locator(".stale-note").first
        note.wait_for(state="attached", timeout=300_000)
        number = 0
        while not over.wait(0.5):
            words = note.inner_text() if note.is_visible() else ""
            said[words] += 1
            if not words:
                number += 1
                file = Path(folder) / f"{number}.jpg"
                file.write_bytes(jpeg(50_000 + number))
                page.locator("input[multiple]").set_input_files(file)


def megabytes(server: psutil.Process) -> float:
    return float(server.memory_info().rss / 1e6)


def fill(app: App) -> None:
    """Fill what the server remembers, so that it is no session's memory."""
    with Visitor(app, 255) as first:
        for photo in range(_FILLING):
            subject = first.show(photo)
            first.switch(subject, STAGES[0])


def beside_greedy(app: App, greedy: int, run: str, times: int = _ASKED_BESIDE) -> dict[str, list[float]]:
    """Return how long small answers take while one visitor has so many requests for the network under way."""
    answers: dict[str, list[float]] = {"a script": [], "the queue": [], "the runs": [], "a stop": []}
    with Visitor(app, 250) as visitor, ThreadPoolExecutor(greedy) as pool:
        script = _script(visitor)
        deeds: dict[str, Callable[[], object]] = {
            "a script": lambda: visitor.ask("GET", script),
            "the queue": lambda: visitor.get("queue"),
            "the runs": lambda: visitor.get("runs"),
            "a stop": lambda: _stop(visitor, run),
        }
        over = threading.Event()
        asked = [pool.submit(_ask_for_ever, app, number, over) for number in range(greedy)]
        pause(3)
        for _ in range(times):
            for name, deed in deeds.items():
                started = time.perf_counter()
                deed()
                answers[name].append(time.perf_counter() - started)
        over.set()
        for each in asked:
            each.result()
    return answers


def _ask_for_ever(app: App, number: int, over: threading.Event) -> None:
    """Ask for a photo's pass, each time altered otherwise, so that it is computed."""
    with contextlib.closing(Visitor(app, 251)) as visitor:
        start = json.loads(visitor.get("start"))
        photo, turn = start["photos"][number % 6]["id"], 0
        while not over.is_set():
            turn += 1
            altered = f"block1.relu:{(number * 7 + turn) % 96}=0"
            visitor.get("trace", photo=photo, checkpoint=start["checkpoint"], altered=altered)


def _script(visitor: Visitor) -> str:
    page = visitor.ask("GET", "/").decode()
    start = page.index("./web/")
    return page[start + 1 : page.index('"', start)]


def _stop(visitor: Visitor, run: str) -> None:
    try:
        visitor.post(f"runs/{run or 'none'}/stop", {})
    except RuntimeError as error:
        if "is no longer there" not in str(error):
            raise


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessions", type=int, nargs="*", default=[1, 10, 30, 100])
    parser.add_argument("--photos", type=int, default=8, help="of each session")
    parser.add_argument("--training", action="store_true", help="beside a run of shapes")
    parser.add_argument("--look", action="store_true", help="print what a page in a browser says meanwhile")
    parser.add_argument("--greedy", type=int, default=100, help="requests under way")
    parser.add_argument("--calm", type=float, default=120.0, help="seconds until memory is read again")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as runs, running_app(ALEXNET_VIZ_RUNS=runs) as app:
        fill(app)
        run = _launched(app) if options.training else ""
        print(HEADER, flush=True)
        for sessions in options.sessions:
            with looking(app) if options.look else contextlib.nullcontext():
                load = together(app, sessions, options.photos, options.calm, run)
            print(load.row(), *load.errors[:3], sep="\n  ", flush=True)
        if options.greedy:
            print(f"\nbeside {options.greedy} requests of one visitor, ms   50 %   95 %   most")
            for name, seconds in beside_greedy(app, options.greedy, "").items():
                half, most = quantiles(seconds)
                print(f"{name:>39}  {1000 * half:>6.0f} {1000 * most:>6.0f} {1000 * max(seconds):>6.0f}", flush=True)
        if run:
            with Visitor(app, 254) as teacher:
                teacher.post(f"runs/{run}/stop", {})
        print(machine())


def _launched(app: App) -> str:
    with Visitor(app, 254) as teacher:
        return str(teacher.post("runs/launch", {"dataset": "shapes", "preset": "fast"})["id"])


if __name__ == "__main__":
    main()
