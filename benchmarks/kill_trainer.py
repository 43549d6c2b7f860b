"""Kill a trainer at random moments: does the run show as crashed, read whole, and go on?

    python -m benchmarks.kill_trainer [--times 50] [--seed 0]

A network with hardly any channels, so that a checkpoint is written every few dozen milliseconds and many kills fall
into the writing of one. After each kill every checkpoint is read in full, the metrics are read, and the run is resumed.
Prints a table of moments and ends with 1 when anything is short.
"""

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from safetensors.torch import load_file

from alexnet_viz.runs import Run
from alexnet_viz.training import launcher
from alexnet_viz.training.launcher import Launch, kill, resume, start, stop
from alexnet_viz.training.recipe import Recipe

TINY = str(Path(__file__).resolve().parent.parent / "tests" / "training" / "tiny_trainer.py")
RECIPE = Recipe(
    small_size=67, small_share=1.0, batch_size=8, epochs=10_000, limit=16, precision="fp32", learning_rate=0.001
)
CRASHED_WITHIN_SECONDS = 3.0


def _is_beyond(run: Run, epoch: int) -> bool:
    return run.status().epoch > epoch


def _has_crashed(run: Run) -> bool:
    return run.status().state == "crashed"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    launcher._TRAINER = (TINY,)
    moments = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        run = start(Launch("shapes", RECIPE, threads=1, niceness=0), Path(folder))
        seconds, partial = [], 0
        for number in range(options.times):
            before = run.status().epoch
            wait_until(partial(_is_beyond, run, before), 120)
            threading.Event().wait(moments.uniform(0, 0.5))
            kill(run)
            started = time.monotonic()
            wait_until(partial(_has_crashed, run), CRASHED_WITHIN_SECONDS)
            seconds.append(time.monotonic() - started)
            partial += any((run.folder / "checkpoints").glob("*.partial"))  # the next trainer removes it
            check(run)
            print(
                f"{number + 1:3d}  epoch {run.status().epoch}, shown as crashed after {seconds[-1]:.3f} s", flush=True
            )
            resume(run)
        wait_until(lambda: run.status().state == "running", 60)
        stop(run)
        check(run)
    print(f"\n{options.times} kills, {partial} of them while a checkpoint was written; all read whole and went on")
    print(f"shown as crashed after {statistics.median(seconds):.3f} s (median), {max(seconds):.3f} s at most")


def check(run: Run) -> None:
    """Read everything that a reader may read."""
    for file in run.checkpoints():
        load_file(file.path)
    steps = [point["step"] for point in run.metrics() if point["kind"] == "step"]
    if steps != list(range(1, len(steps) + 1)):
        sys.exit(f"steps are not each there once: {steps}")


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited {seconds:.0f} s in vain")
        threading.Event().wait(0.01)


if __name__ == "__main__":
    main()
