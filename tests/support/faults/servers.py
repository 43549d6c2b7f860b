"""A server that is killed, in its start-up or while people launch, annotate, delete and upload."""

import contextlib
import http.client
import io
import json
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from filelock import FileLock, Timeout
from PIL import Image

from alexnet_viz.runs import list_runs
from alexnet_viz.runs.status import ALIVE
from tests.support.faults.found import Found, pause
from tests.support.faults.toy import SETTINGS, end_all
from tests.support.real_app import App, running_app

ENDED = ("finished", "stopped", "failed")
_MOST_RUNS = 6
_TOY_APP = (sys.executable, "-m", "tests.support.app_with_toy_trainer")
_ASKED = {"dataset": "shapes", "preset": "fast", "settings": {**SETTINGS, "epochs": "100"}}


@dataclass
class Told:
    """What a server has answered, which must hold after it was killed."""

    launched: set[str] = field(default_factory=set)
    notes: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    in_doubt: set[str] = field(default_factory=set)  # asked for, and not answered
    refused: list[str] = field(default_factory=list)
    changing: threading.Lock = field(default_factory=threading.Lock)  # of one run by one person at a time


def killed_servers(folder: Path, times: int, seed: int) -> Found:
    """Kill servers at random moments, each started on what the one before has left; return what was found."""
    found, moments, told = Found("server killed"), random.Random(seed), Told()
    runs, temporary = folder / "served", folder / "temporary"
    runs.mkdir()
    temporary.mkdir()
    places = _Places(str(runs), str(temporary))
    try:
        for number in range(times):
            found.times += 1
            with contextlib.suppress(_KilledEarlyError), _started(places, moments, early=number % 4 == 3) as app:
                check_told(_listed(app), runs, told, found)
                _kill_in_use(app, told, moments)
            found.broken += told.refused
            told.refused.clear()
        with _app(places) as app:
            check_told(_listed(app), runs, told, found)
            _check_swept(temporary, found)
    finally:
        end_all(runs)
    return found


def _kill_in_use(app: App, told: Told, moments: random.Random) -> None:
    people = [threading.Thread(target=_use, args=(app, told, moments.random())) for _ in range(3)]
    for person in people:
        person.start()
    pause(moments.uniform(0.2, 6))
    app.process.send_signal(signal.SIGKILL)
    app.process.wait()
    for person in people:
        person.join()


class _KilledEarlyError(Exception):
    """The server was killed before it answered, or soon after."""


@dataclass(frozen=True)
class _Places:
    """Where the runs of all servers lie, and what they put aside."""

    runs: str
    temporary: str


def _app(places: _Places, *seconds: str) -> contextlib.AbstractContextManager[App]:
    return running_app((*_TOY_APP, *seconds), ALEXNET_VIZ_RUNS=places.runs, TMPDIR=places.temporary)


@contextlib.contextmanager
def _started(places: _Places, moments: random.Random, *, early: bool) -> Iterator[App]:
    if not early:
        with _app(places) as app:
            yield app
        return
    try:
        with _app(places, str(moments.uniform(0, 6))) as app:
            app.process.wait()
    except RuntimeError as error:
        if "did not start" not in str(error):
            raise
    raise _KilledEarlyError


def _listed(app: App) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _ask(app, "GET", "/api/runs")["runs"]
    return [row for row in rows if row["state"] != "shipped"]


def check_told(rows: list[dict[str, Any]], runs: Path, told: Told, found: Found) -> None:
    """Look whether what was answered still holds, in the list of a server that was started after."""
    by_id = {row["id"]: row for row in rows}
    lost = told.launched - told.deleted - told.in_doubt - set(by_id)
    found.check(not lost, f"launched and gone: {lost}")
    back = told.deleted & set(by_id)
    found.check(not back, f"deleted and back: {back}")
    wrong = {run: by_id[run]["note"] for run, note in told.notes.items() if run in by_id and by_id[run]["note"] != note}
    found.check(not wrong, f"a note is lost: {wrong}, {told.notes}")
    damaged = [row for row in rows if "cannot be" in row["message"]]
    found.check(not damaged, f"damaged: {[(row['id'], row['message']) for row in damaged]}")
    found.settled(lambda: _is_right(runs), lambda: f"states are wrong: {[run.status() for run in list_runs(runs)]}")
    told.notes = {run: by_id[run]["note"] for run in by_id}
    told.in_doubt.clear()
    told.launched = set(by_id)


def _is_right(runs: Path) -> bool:
    """Return whether each run is alive exactly where its trainer is; of one that has ended it may still be leaving."""
    seen = [run.status() for run in list_runs(runs)]
    return all(each.process.is_alive() == (each.state in ALIVE) for each in seen if each.state not in ENDED)


def _check_swept(temporary: Path, found: Found) -> None:
    """The server that runs removes the folders of those that were killed, once they are a minute old."""
    left = [path for path in temporary.iterdir() if path.name.startswith("alexnet_viz-")]
    in_use = {path for path in left if time.time() - path.stat().st_mtime < 60}
    found.check(set(left) <= in_use | {path for path in left if _is_locked(path)}, f"left behind: {left}")


def _is_locked(folder: Path) -> bool:
    try:
        with FileLock(folder / "in-use.lock", timeout=0):
            return False
    except Timeout:
        return True


def _use(app: App, told: Told, first: float) -> None:
    """Launch, annotate, delete and upload until the server is gone."""
    chance = random.Random(first)
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        while True:
            few = len(told.launched - told.deleted) < _MOST_RUNS  # each that waits for its turn is a process
            act = chance.choice(("launch" if few else "delete", "note", "delete", "stop", "photo", "photo"))
            if act == "photo":
                _ask(app, "POST", "/api/photos?name=a.png", _noise(chance))
            elif act == "launch":
                answer = _ask(app, "POST", "/api/runs/launch", _ASKED)
                told.launched |= {answer["id"]} if "id" in answer else set()
            else:
                with told.changing:
                    known = sorted(told.launched - told.deleted - told.in_doubt)
                    if known:
                        _change(app, told, act, chance.choice(known), chance)


def _change(app: App, told: Told, act: str, run: str, chance: random.Random) -> None:
    if act == "note":
        told.notes.pop(run, None)  # until it is answered, either will do
        note = f"note {chance.random()}"
        answer = _ask(app, "POST", f"/api/runs/{run}/note", {"note": note})
        if answer.get("note") == note:
            told.notes[run] = note
    elif act == "delete":
        told.in_doubt.add(run)
        answer = _ask(app, "POST", f"/api/runs/{run}/delete", {})
        if answer.get("deleted"):
            told.deleted.add(run)
            told.in_doubt.discard(run)
    else:
        answer = _ask(app, "POST", f"/api/runs/{run}/stop", {})
    if "went wrong" in str(answer.get("error", "")):
        told.refused.append(f"{act}: {answer['error']}")


def _ask(app: App, method: str, path: str, body: object = None) -> dict[str, Any]:
    connection = http.client.HTTPConnection(urlsplit(app.address).netloc, timeout=120)
    try:
        sent = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        connection.request(method, path, sent)
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer
    finally:
        connection.close()


def _noise(chance: random.Random) -> bytes:
    pixels = np.frombuffer(chance.randbytes(64 * 64 * 3), np.uint8).reshape(64, 64, 3)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()
