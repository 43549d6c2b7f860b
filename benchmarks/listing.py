"""What a request for a stage in memory costs beside 100 runs: finding the checkpoint, and making the answer.

    python -m benchmarks.listing [--runs 100] [--times 200]

Goal: at most 1 ms of processor time a request. The stage is a small one (block5.pool, 9,216 numbers), so that what is
seen is the search. A run's checkpoint is asked for by its run's id.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from alexnet_viz.checkpoints import load_checkpoint, save_packed
from alexnet_viz.runs import create_run
from alexnet_viz.training.recipe import preset
from alexnet_viz.ui.explore.service import Service, Subject

GOAL = 1.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--times", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ALEXNET_VIZ_RUNS"] = folder
        recipe = preset("fast").to_record()
        runs = [create_run(Path(folder), "shapes", {"name": "", "recipe": recipe}) for _ in range(options.runs)]
        untrained = load_checkpoint("untrained")
        file = runs[0].folder / "checkpoints" / "epoch-001.safetensors"
        save_packed(file, untrained, {}, metrics={}, source="a benchmark")
        service = Service()
        photo = service.photos.gallery()[0].id
        for name in ("untrained", f"{runs[0].id}:1"):
            subject = Subject(photo, name)
            service.stage_message(subject, "block5.pool")  # computed once
            found = milliseconds(lambda: service.resolve(name), options.times)  # noqa: B023
            whole = milliseconds(lambda: service.stage_message(subject, "block5.pool"), options.times)  # noqa: B023
            kind = "of a run" if ":" in name else "untrained"
            met = "met" if whole <= GOAL else "missed"
            print(f"{kind}: {whole:.2f} ms a request, {found:.2f} of them the search ({met})")


def milliseconds(work: Callable[[], object], times: int) -> float:
    """Return the median processor time of a call."""
    spent = []
    for _ in range(times):
        started = time.process_time()
        work()
        spent.append(1000 * (time.process_time() - started))
    return statistics.median(spent)


if __name__ == "__main__":
    main()
