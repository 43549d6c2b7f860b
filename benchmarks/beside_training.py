"""Explore beside a training, and a training from the press of the button: the real server, from outside.

    python -m benchmarks.beside_training

The same new photos are asked for while the machine has nothing else to do, and while a run of `shapes` trains. Goals:
the first loss is there within 15 s of the launch, an answer takes at most twice as long beside the training, and the
run has stopped within 5 s.
"""

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.uploads import Client, jpeg, opening_checkpoint
from tests.support.real_app import App, running_app

PHOTOS = 30
FIRST_LOSS_SECONDS, TIMES_AS_LONG, STOP_SECONDS = 15.0, 2.0, 5.0
_PATIENCE = 120.0
pause = threading.Event().wait


def answer_seconds(app: App, checkpoint: str, first: int) -> list[float]:
    """Return how long each of `PHOTOS` new photos takes from its upload to all of the page's maps."""
    client, seconds = Client(app), []
    for number in range(first, first + PHOTOS):
        content = jpeg(number)
        started = time.perf_counter()
        client.look_at(client.upload(content, f"photo-{number}.jpg"), checkpoint)
        seconds.append(time.perf_counter() - started)
    return seconds


def first_loss(run: Path) -> bool:
    file = run / "metrics.jsonl"
    return file.is_file() and '"step", ' in file.read_text()


def wait_for(what: str, condition: Callable[[], bool]) -> float:
    """Return the seconds until `condition()` holds."""
    started = time.perf_counter()
    while not condition():
        if time.perf_counter() - started > _PATIENCE:
            raise RuntimeError(f"waited {_PATIENCE:.0f} s for {what}")
        pause(0.02)
    return time.perf_counter() - started


def measure(app: App, runs: Path) -> None:
    client = Client(app)
    checkpoint = opening_checkpoint(client)
    client.look_at(client.upload(jpeg(1), "first.jpg"), checkpoint)
    alone = answer_seconds(app, checkpoint, 100)
    run_id = Client(app).post("runs/launch", {"dataset": "shapes", "preset": "fast", "name": "beside"})["id"]
    run = runs / str(run_id)
    loss = wait_for("the first loss", lambda: first_loss(run))
    pause(5)  # its pace is steady
    beside = answer_seconds(app, checkpoint, 1000)
    Client(app).post(f"runs/{run_id}/stop", {})
    state = run / "status.json"
    stop = wait_for("the run to stop", lambda: json.loads(state.read_text())["state"] == "stopped")
    ratio = statistics.median(beside) / statistics.median(alone)
    print(f"launch to first loss   {loss:6.2f} s   goal {FIRST_LOSS_SECONDS:g}")
    print(f"a photo, alone         {statistics.median(alone) * 1000:6.0f} ms")
    print(
        f"a photo, beside        {statistics.median(beside) * 1000:6.0f} ms  {ratio:.2f} times, goal {TIMES_AS_LONG:g}"
    )
    print(f"  longest of {PHOTOS}         {max(beside) * 1000:6.0f} ms")
    print(f"stop                   {stop:6.2f} s   goal {STOP_SECONDS:g}")


def main() -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as folder, running_app(ALEXNET_VIZ_RUNS=folder) as app:
        measure(app, Path(folder))


if __name__ == "__main__":
    main()
