"""Memory over 200 uploads, eight sessions at once, thirty clients with the same photo: the real server, from outside.

    python -m benchmarks.uploads [memory] [sessions] [crowd]

Prints tables. Memory is the resident size of the server's process, read after every ten uploads; every upload is a
different JPEG, asks for all that the page asks for after an upload, and each tenth is a photo of 12 million pixels.
"""

import contextlib
import http.client
import io
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import numpy as np
import psutil
from PIL import Image

from benchmarks.machine import machine
from tests.support.real_app import App, running_app

UPLOADS = 200
SETTLED = 50  # uploads after which memory has to be flat
SESSIONS, PHOTOS_EACH = 8, 10
CROWD = 30
SMALL, LARGE = (640, 480), (4000, 3000)


def jpeg(seed: int, size: tuple[int, int] = SMALL) -> bytes:
    """Return a photo-like JPEG that no other seed gives: smooth shapes and some grain."""
    rng = np.random.default_rng(seed)
    shapes = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8)).resize(SMALL, Image.Resampling.BICUBIC)
    grain = rng.normal(0, 12, (SMALL[1], SMALL[0], 1))
    image = Image.fromarray((np.asarray(shapes) + grain).clip(0, 255).astype(np.uint8))
    stream = io.BytesIO()
    image.resize(size, Image.Resampling.BILINEAR).save(stream, "JPEG", quality=88)
    return stream.getvalue()


class Client:
    """One browser's way of asking: a connection of its own that stays open."""

    def __init__(self, app: App) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(app.address).netloc, timeout=300)

    def get(self, path: str, **query: str) -> bytes:
        return self._ask("GET", f"/api/{path}?{urlencode(query)}")

    def upload(self, content: bytes, name: str) -> str:
        photo: str = json.loads(self._ask("POST", f"/api/photos?{urlencode({'name': name})}", content))["id"]
        return photo

    def post(self, path: str, asked: dict[str, object]) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._ask("POST", f"/api/{path}", json.dumps(asked).encode()))
        if "error" in answer:
            raise RuntimeError(f"{path}: {answer['error']}")
        return answer

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, address: str, body: bytes | None = None) -> bytes:
        self._connection.request(method, address, body)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status} {content[:200]!r}")
        return content

    def look_at(self, photo: str, checkpoint: str) -> dict[str, Any]:
        """Ask for everything that the Explore page asks for about a new photo; return the trace's header."""
        subject = {"photo": photo, "checkpoint": checkpoint, "resize": ""}
        header = read_header(self.get("trace", **subject))
        digest = header["checkpoint"]["digest"]
        self.get(f"photos/{photo}", side="1280")
        self.get("filters", checkpoint=checkpoint, digest=digest)
        for stage in [each["name"] for each in header["stages"]]:
            kind = stage.partition(".")[2]
            if stage.startswith("block1") or kind in ("pool", "relu", ""):
                self.get(f"stages/{stage}", **subject, digest=digest)
        return header


def read_header(message: bytes) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])
    return header


def read_array(message: bytes, name: str) -> np.ndarray[Any, np.dtype[Any]]:
    """Return one array of a message as the browser reads it."""
    header = read_header(message)
    entry = next(each for each in header["arrays"] if each["name"] == name)
    start = 4 + int.from_bytes(message[:4], "little")
    count = int(np.prod(entry["shape"]))
    values = np.frombuffer(message, np.dtype(f"<{entry['dtype']}"), count, start + entry["offset"])
    scale = header.get("scale", 1) if entry["dtype"] == "f2" else 1
    return (values.astype(np.float32) * scale).reshape(entry["shape"])


def opening_checkpoint(client: Client) -> str:
    name: str = json.loads(client.get("start"))["checkpoint"]
    return name


# ---------------------------------------------------------------- memory


def measure_memory(app: App) -> None:
    """Upload one photo after the other and print what the server holds."""
    server = psutil.Process(app.process.pid)
    client = Client(app)
    checkpoint = opening_checkpoint(client)
    seen = [(0, _resident(server))]
    print(f"{'uploads':>8}  {'resident MB':>12}  {'threads':>8}")
    for number in range(1, UPLOADS + 1):
        size = LARGE if number % 10 == 5 else SMALL
        client.look_at(client.upload(jpeg(number, size), f"photo-{number}.jpg"), checkpoint)
        if number % 10 == 0:
            seen.append((number, _resident(server)))
            print(f"{number:>8}  {seen[-1][1]:>12.0f}  {server.num_threads():>8}", flush=True)
    late = [(number, size) for number, size in seen if number >= SETTLED]
    slope = statistics.linear_regression(*zip(*late, strict=True)).slope
    print(f"after {SETTLED} uploads: {slope:+.3f} MB an upload (goal: flat); the most {max(s for _, s in seen):.0f} MB")


def _resident(server: psutil.Process) -> float:
    return float(server.memory_info().rss / 1e6)


# ---------------------------------------------------------------- many at once


def together(count: int, task: Callable[[int], None]) -> None:
    """Run `task(0)` … `task(count - 1)`, each in a thread, from the same moment on; raise the first failure."""
    gate = threading.Barrier(count)
    failures: list[BaseException] = []

    def run(number: int) -> None:
        gate.wait()
        try:
            task(number)
        except BaseException as error:  # noqa: BLE001 (told to the caller)
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def measure_sessions(app: App) -> None:
    """Let sessions send photos of their own at once; print how long each took, and whether each got its own answers."""
    seeds = [[10_000 + session * PHOTOS_EACH + n for n in range(PHOTOS_EACH)] for session in range(SESSIONS)]
    contents = {seed: jpeg(seed) for row in seeds for seed in row}
    first = Client(app)
    checkpoint = opening_checkpoint(first)
    first.look_at(first.upload(jpeg(9_999), "first.jpg"), checkpoint)
    waits: list[list[float]] = [[] for _ in range(SESSIONS)]
    answers: dict[int, np.ndarray[Any, Any]] = {}

    def session(number: int) -> None:
        client = Client(app)
        for seed in seeds[number]:
            started = time.perf_counter()
            subject = {
                "photo": client.upload(contents[seed], f"{seed}.jpg"),
                "checkpoint": checkpoint,
                "resize": "",
            }
            client.get("trace", **subject)
            answers[seed] = read_array(client.get("stages/block5.pool", **subject), "values")
            waits[number].append(time.perf_counter() - started)

    together(SESSIONS, session)
    totals = [sum(row) for row in waits]
    singles = [wait for row in waits for wait in row]
    print(f"{SESSIONS} sessions at once, {PHOTOS_EACH} photos each")
    print("session   " + "  ".join(f"{number + 1:>6}" for number in range(SESSIONS)))
    print("seconds   " + "  ".join(f"{total:>6.2f}" for total in totals))
    print(f"slowest to quickest session: {max(totals) / min(totals):.2f} (goal: close to 1)")
    print(f"one photo: median {statistics.median(singles):.3f} s, longest {max(singles):.3f} s")
    wrong = _count_wrong(answers, contents, checkpoint)
    print(f"answers of another photo: {wrong} of {len(answers)}")


def _count_wrong(answers: dict[int, np.ndarray[Any, Any]], contents: dict[int, bytes], checkpoint: str) -> int:
    """Compare with the notebook interface, computed in this process."""
    import alexnet_viz

    own = alexnet_viz.load_checkpoint(checkpoint)
    wrong = 0
    for seed, maps in answers.items():
        expected = alexnet_viz.trace(own, alexnet_viz.read_image(contents[seed])).stages["block5.pool"].numpy()
        wrong += not np.allclose(maps, expected, rtol=2e-3, atol=1e-3 * float(np.abs(expected).max()))
    return wrong


def measure_crowd(app: App) -> None:
    """Let a class open the same gallery photo at once: not computed yet, then remembered."""
    first = Client(app)
    start = json.loads(first.get("start"))
    print(f"{CROWD} clients ask for the same photo at once: its pass, then the maps of block 1")
    print(f"{'':>12}  {'median s':>9}  {'95 % s':>9}  {'longest s':>9}")
    for label in ("computed", "remembered"):
        waits = [0.0] * CROWD
        subject = {"photo": start["photos"][3]["id"], "checkpoint": start["checkpoint"], "resize": "squash"}

        def ask(number: int, subject: dict[str, str] = subject, waits: list[float] = waits) -> None:
            client = Client(app)
            started = time.perf_counter()
            client.get("trace", **subject)
            client.get("stages/block1.relu", **subject)
            waits[number] = time.perf_counter() - started

        together(CROWD, ask)
        cuts = statistics.quantiles(waits, n=20)
        print(f"{label:>12}  {statistics.median(waits):>9.3f}  {cuts[-1]:>9.3f}  {max(waits):>9.3f}")


MEASURES = {"memory": measure_memory, "sessions": measure_sessions, "crowd": measure_crowd}


def main() -> None:
    chosen = [name for name in sys.argv[1:] if name in MEASURES] or list(MEASURES)
    print(machine())
    for name in chosen:
        with contextlib.ExitStack() as stack:
            app = stack.enter_context(running_app())
            MEASURES[name](app)
        print()


if __name__ == "__main__":
    main()
