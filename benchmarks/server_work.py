"""What an upload costs the server: JPEG to pixels, pixels through the network, block outputs to bytes for the browser.

    python -m benchmarks.server_work

Prints a table of milliseconds, the median of some runs: what a clock shows / what the processor was busy with it. Where
other processes keep the cores busy the first says more about them. The goal is 150 ms for the sum.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from alexnet_viz.checkpoints import load_checkpoint
from alexnet_viz.device import describe_device
from alexnet_viz.feature_maps import encode_stage, summary
from alexnet_viz.images import GALLERY, read_image, seen_by_network
from alexnet_viz.inference import trace

if TYPE_CHECKING:
    from torch import Tensor

RUNS = 15
GOAL_MILLISECONDS = 150
BLOCK_OUTPUTS = ("block1.pool", "block2.pool", "block3.relu", "block4.relu", "block5.pool")


def main() -> None:
    import torch  # after the package, which decides how its threads wait

    torch.set_num_threads(min(2, torch.get_num_threads()))
    checkpoint = load_checkpoint("untrained", "cpu")
    print(f"{describe_device(checkpoint.device)}; clock / processor, medians of {RUNS} runs, in milliseconds\n")
    print(f"{'photo':>14}{'decode':>16}{'trace':>16}{'encode blocks':>16}{'sum':>16}{'encode all':>16}{'summary':>16}")
    for size in ((640, 480), (4000, 3000)):
        photo = jpeg(GALLERY[0].path, size)
        image = read_image(photo)
        seen = seen_by_network(image, checkpoint.input_rule)
        stages = trace(checkpoint, seen).stages

        def encode_blocks(stages: dict[str, Tensor] = stages) -> int:
            return sum(len(encode_stage(name, stages[name])) for name in BLOCK_OUTPUTS)

        def encode_all(stages: dict[str, Tensor] = stages) -> None:
            for name, maps in stages.items():
                encode_stage(name, maps)

        def all_of_it(photo: bytes = photo) -> int:
            return encode_blocks(trace(checkpoint, read_image(photo)).stages)

        columns = [
            milliseconds(partial(read_image, photo)),
            milliseconds(partial(trace, checkpoint, image)),
            milliseconds(encode_blocks),
            milliseconds(all_of_it),
            milliseconds(encode_all),
            milliseconds(partial(summary, stages)),
        ]
        print(
            f"{f'{size[0]} × {size[1]}':>14}" + "".join(f"{f'{clock:.1f} / {busy:.1f}':>16}" for clock, busy in columns)
        )
        met = "met" if columns[3][0] <= GOAL_MILLISECONDS else "missed"
        print(f"{'':>14}goal of {GOAL_MILLISECONDS} ms for the sum: {met}; {encode_blocks():,} bytes for the browser")


def jpeg(path: Path, size: tuple[int, int]) -> bytes:
    """Return a real photograph as a JPEG of this size."""
    stream = io.BytesIO()
    with Image.open(path) as image:
        image.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return the median duration of `work` and of the processor's time in it, after one run to warm up."""
    work()
    clock, busy = [], []
    for _ in range(RUNS):
        started = time.perf_counter(), time.process_time()
        work()
        clock.append(1000 * (time.perf_counter() - started[0]))
        busy.append(1000 * (time.process_time() - started[1]))
    return statistics.median(clock), statistics.median(busy)


if __name__ == "__main__":
    sys.exit(main())
