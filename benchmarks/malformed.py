"""Malformed files by the thousand: what comes of them, how long the slowest takes, what memory it costs.

    python -m benchmarks.malformed [--pictures 5000] [--model-files 2000] [--zips 500] [--run-folders 500] [--seed 0]

Hypothesis makes the files. Each must end as a picture, a network, a data set or a row, or in one sentence; ends with 1
at the first traceback, payload that ran or file that takes more than two seconds of the processor.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from benchmarks.machine import machine
from tests.support import malformed

MOST_SECONDS = 2.0  # of the processor: what else runs on the machine does not count
KINDS: dict[str, tuple[SearchStrategy[Any], Callable[[Any, Path], str], int]] = {
    "pictures": (malformed.pictures(), malformed.try_picture, 5000),
    "model files": (malformed.model_files(), malformed.try_model_file, 2000),
    "zips": (malformed.zips(), malformed.try_zip, 500),
    "run folders": (malformed.run_folders(), malformed.try_run_folder, 500),
}


def campaign(kind: str, count: int, first: int) -> tuple[Counter[str], float, float]:
    """Return what came of `count` files, the seconds of the slowest, and by how many MB memory grew."""
    strategy, attempt, _ = KINDS[kind]
    outcomes: Counter[str] = Counter()
    slowest = [0.0]
    process = psutil.Process()
    with tempfile.TemporaryDirectory() as name:
        os.environ["ALEXNET_VIZ_RUNS"] = name
        before = process.memory_info().rss

        @seed(first)
        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def each(made: Any) -> None:
            started = time.process_time()
            outcomes[attempt(made, Path(name))] += 1
            slowest[0] = max(slowest[0], time.process_time() - started)

        each()
        grown = (process.memory_info().rss - before) / 1e6
    return outcomes, slowest[0], grown


def main() -> None:
    parser = argparse.ArgumentParser()
    for kind, (_, _, count) in KINDS.items():
        parser.add_argument(f"--{kind.replace(' ', '-')}", type=int, default=count)
    parser.add_argument("--seed", type=int, default=0)
    options = vars(parser.parse_args())
    print(machine())
    print(f"{'':>12}  {'files':>6}  {'read':>6}  {'refused':>8}  {'slowest s':>9}  {'memory MB':>9}", flush=True)
    slow = False
    for kind in KINDS:
        count = options[kind.replace(" ", "_")]
        if count:
            outcomes, slowest, grown = campaign(kind, count, options["seed"])
            read, refused = outcomes["read"], outcomes["refused"]
            print(
                f"{kind:>12}  {read + refused:>6}  {read:>6}  {refused:>8}  {slowest:>9.2f}  {grown:>+9.0f}", flush=True
            )
            slow = slow or slowest > MOST_SECONDS
    sys.exit("slower than two seconds" if slow else 0)


if __name__ == "__main__":
    main()
