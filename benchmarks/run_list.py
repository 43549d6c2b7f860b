"""What a request for the run list costs with 100 runs, and one for curves of a thousand short epochs.

    python -m benchmarks.run_list [--runs 100] [--times 50]

Goals: 1 ms of processor time a request for the list where thirty people look on, each asking once a second, so that it
is read anew four times a second; an answer of curves in a tenth of a second.
"""

import argparse
import itertools
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from alexnet_viz.runs import Run, Status, create_run, write_status
from alexnet_viz.training.recipe import preset
from alexnet_viz.ui.train.curves import Curves
from alexnet_viz.ui.train.runs import TrainingService

READ_ANEW_A_SECOND, VIEWERS = 4, 30
LAYER = {"layer": "block1.conv", "dead": 0.0, "update_ratio": 0.001, "gradient_norm": 1.0}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--times", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ALEXNET_VIZ_RUNS"] = folder
        for _ in range(options.runs):
            make_run(Path(folder), epochs=10, steps=30)
        seconds = itertools.count()
        service = TrainingService(clock=lambda: next(seconds))  # each request is a second later: all is looked at anew
        service.runs()
        cost = milliseconds(service.runs, options.times)
        mean = cost * READ_ANEW_A_SECOND / VIEWERS
        print(
            f"the list of {options.runs} ended runs: {cost:.2f} ms of processor time to read anew, {mean:.2f} a request"
        )
        run = make_run(Path(folder), epochs=1000, steps=4)
        times = [milliseconds(lambda: Curves(run.folder / "metrics.jsonl").message(), 1) for _ in range(5)]
        print(f"curves of 1,000 epochs of 4 steps, from the file to the answer: {min(times):.0f} ms")


def make_run(folder: Path, epochs: int, steps: int) -> Run:
    """Write a run that ended long ago."""
    recipe = preset("fast").to_record()
    run = create_run(folder, "shapes", {"name": "", "dataset": "shapes", "recipe": recipe, "seed": 0, "device": "cpu"})
    write_status(run.folder, Status("finished", epoch=epochs, step=epochs * steps))
    points: list[dict[str, object]] = [{"kind": "event", "event": "started", "step": 0, "steps": epochs * steps}]
    for number in range(1, epochs * steps + 1):
        points.append(
            {"kind": "step", "step": number, "time": float(number), "loss": 2.0, "lr": 0.01, "images_per_s": 9}
        )
        if number % steps == 0:
            done = {"epoch": number // steps, "step": number, "time": number + 0.5, "val_accuracy": 0.5}
            points.append({"kind": "epoch", **done, "val_loss": 2.0, "doctor": [LAYER] * 8})
    (run.folder / "metrics.jsonl").write_text("".join(json.dumps(point) + "\n" for point in points))
    for path in (run.folder / "checkpoints", run.folder / "metrics.jsonl", run.folder):
        os.utime(path, (1e9, 1e9))
    return run


def milliseconds(deed: Callable[[], object], times: int) -> float:
    """Return the median processor time of a deed."""
    found = []
    for _ in range(times):
        started = time.process_time()
        deed()
        found.append(time.process_time() - started)
    return 1000 * statistics.median(found)


if __name__ == "__main__":
    main()
