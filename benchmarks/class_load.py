"""How far behind the teacher 30 and 100 followers are, and what of a processor the server takes for them.

Followers here are the requests that their pages wait with, without the pages: each hears of every step. The networks
stand still: a class looks at what its browsers have already. The server shares the machine with the followers.
"""

from __future__ import annotations

import http.client
import json
import statistics
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil

from tests.support.real_app import running_app

_STEPS, _SECONDS_A_STEP = 20, 1.0
_FOLLOWERS = (30, 100)


class Visitor:
    """One browser's connection, with its cookie."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=60)
        self._cookie = ""

    def ask(self, path: str, body: bytes | None = None) -> bytes:
        """Return what is answered; a cookie that comes with it is kept."""
        headers = {"Cookie": self._cookie, "Content-Type": "application/json"}
        self._connection.request("GET" if body is None else "POST", path, body, headers)
        answer = self._connection.getresponse()
        self._cookie = (answer.getheader("set-cookie") or self._cookie).split(";")[0]
        return answer.read()


class Follower(threading.Thread):
    """Waits for what is new, as a pupil's page does, and notes when it heard of each view."""

    def __init__(self, address: str, code: str) -> None:
        super().__init__(daemon=True)
        self.heard: dict[str, float] = {}
        self.errors = 0
        self.is_over = False
        self._visitor = Visitor(address)
        self._visitor.ask("/join", urlencode({"code": code}).encode())

    def run(self) -> None:
        """Follow until it is over."""
        version = ""
        while not self.is_over:
            try:
                told = json.loads(self._visitor.ask(f"/api/class?since={version}"))
                version = str(told["version"])
                self.heard.setdefault(str(told["view"]["query"].get("channel")), time.perf_counter())
            except (OSError, ValueError, KeyError, http.client.HTTPException):
                self.errors += 1


def measure(address: str, record: dict[str, str], process: psutil.Process, count: int) -> list[str]:
    """Return a row of the table."""
    teacher = Visitor(address)
    teacher.ask(f"/teach?key={record['key']}")
    followers = [Follower(address, record["code"]) for _ in range(count)]
    for follower in followers:
        follower.start()
    pause, shown = threading.Event(), {}
    began, before = time.perf_counter(), process.cpu_times()
    for step in range(_STEPS):
        name = f"{count}-{step}"
        shown[name] = time.perf_counter()
        teacher.ask("/api/class/view", json.dumps({"path": "", "query": {"channel": name}}).encode())
        pause.wait(_SECONDS_A_STEP)
    after, seconds = process.cpu_times(), time.perf_counter() - began
    for follower in followers:
        follower.is_over = True
    behind = sorted(
        follower.heard[name] - shown[name] for follower in followers for name in shown if name in follower.heard
    )
    missed = count * _STEPS - len(behind)
    taken = (after.user + after.system - before.user - before.system) / seconds
    times = (statistics.median(behind), behind[int(0.99 * len(behind))], behind[-1])
    errors = sum(follower.errors for follower in followers)
    return [str(count), *(f"{1000 * each:.0f}" for each in times), f"{100 * taken:.0f}", str(missed), str(errors)]


def main() -> None:
    """Print the table."""
    print("followers  behind, ms: median  99 %  most  server, % of a core  views missed  errors")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "classroom.json"
        with running_app(ALEXNET_VIZ_CLASS=str(file), ALEXNET_VIZ_RUNS=folder) as app:
            Visitor(app.address).ask("/join")
            record = json.loads(file.read_text("utf-8"))
            teacher = Visitor(app.address)
            teacher.ask(f"/teach?key={record['key']}")
            teacher.ask("/api/trace?photo=chelsea&checkpoint=untrained")  # the server has warmed up
            for count in _FOLLOWERS:
                print("  ".join(measure(app.address, record, psutil.Process(app.process.pid), count)), flush=True)


if __name__ == "__main__":
    main()
