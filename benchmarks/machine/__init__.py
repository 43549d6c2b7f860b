"""Where the figures of a benchmark come from."""

import contextlib
import os
import platform
from pathlib import Path


def machine() -> str:
    """Return the processor, the cores, and how busy the machine was in the last minute."""
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
