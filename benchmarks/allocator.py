"""Does a forward pass gain when glibc keeps freed memory instead of returning it to the system?

    python -m benchmarks.allocator

Each row is a fresh process on one thread: glibc as it is, or told to keep what is freed, as the trainer's process is.
Memory is the resident size after the tenth and after the last pass.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable

import psutil
import torch

from alexnet_viz.model import AlexNet

# No mapping of their own for large blocks, nothing given back from the end of the heap, which grows in large steps.
KEEP = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(2**31 - 1), "MALLOC_TOP_PAD_": str(2**28)}
SETTINGS: dict[str, dict[str, str]] = {"as it is": {}, "keeping": KEEP}
SITUATIONS = {  # how many photos a pass takes, how many passes, a new thread for each pass?
    "one photo, one thread for all": (1, 200, False),
    "one photo, a new thread each": (1, 200, True),
    "32 photos, one thread for all": (32, 12, False),
}
REMEMBERED = 12  # the traces of the last photos stay in memory, as in the engine


def main() -> None:
    if platform.libc_ver()[0] != "glibc":
        sys.exit("these settings are glibc's; there is nothing to measure here")
    print(
        f"{'pass':>30}{'glibc':>10}{'ms per photo':>14}{'page faults per photo':>23}{'MB at 10':>10}{'MB at end':>11}"
    )
    for situation in SITUATIONS:
        for setting, variables in SETTINGS.items():
            command = [sys.executable, "-m", "benchmarks.allocator", situation]
            done = subprocess.run(command, env=os.environ | variables, check=True, capture_output=True, text=True)
            row = json.loads(done.stdout)
            print(
                f"{situation:>30}{setting:>10}{row['milliseconds']:>14.1f}{row['faults']:>23.0f}"
                f"{row['early_mb']:>10.0f}{row['late_mb']:>11.0f}"
            )


def measure(photos: int, passes: int, new_threads: bool) -> dict[str, float]:
    """Return the median processor time, the page faults per photo and the memory of repeated captures."""
    import resource  # only where there is glibc

    torch.set_num_threads(1)
    model = AlexNet(10).eval().requires_grad_(False)
    remembered: deque[object] = deque(maxlen=REMEMBERED if photos == 1 else 1)

    def capture() -> None:
        batch = torch.randn(photos, 3, 227, 227)
        with torch.no_grad():
            remembered.append(dict(model.walk(batch)) if photos == 1 else model(batch))

    times, faults, megabytes = [], [], []
    for _ in range(passes):
        before, started = resource.getrusage(resource.RUSAGE_SELF).ru_minflt, time.process_time()
        in_new_thread(capture) if new_threads else capture()
        times.append(1000 * (time.process_time() - started) / photos)
        faults.append((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / photos)
        megabytes.append(psutil.Process().memory_info().rss / 1e6)
    settled = passes // 4
    return {
        "milliseconds": statistics.median(times[settled:]),
        "faults": statistics.mean(faults[settled:]),
        "early_mb": megabytes[9],
        "late_mb": megabytes[-1],
    }


def in_new_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        print(json.dumps(measure(*SITUATIONS[sys.argv[1]])))
