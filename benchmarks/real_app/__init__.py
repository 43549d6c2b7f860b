"""The app as a process of its own, and a Chromium beside it, for what is measured or pictured from outside.

with running_app() as app, chromium() as browser:
    browser.new_page().goto(app.address)
"""

import contextlib
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# As root there is no sandbox; the rest keeps Chromium from talking to its maker's servers.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_START_SECONDS = 120.0


@dataclass(frozen=True)
class App:
    """A running app.

    Attributes:
        address: "http://127.0.0.1:40123".
        process: The server.
        ready: When it first answered, on the clock of `time.perf_counter`.
    """

    address: str
    process: subprocess.Popen[bytes]
    ready: float


@contextlib.contextmanager
def running_app(**environment: str) -> Iterator[App]:
    """Start the app as `make run` does, on a free port; wait until it answers, and end it afterwards.

    Args:
        environment: Variables on top of this process's.
    Raises:
        RuntimeError: It does not start; the message holds its log.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.port", str(port), "--server.headless", "true"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            if not _answers(process, f"http://127.0.0.1:{port}/_stcore/health"):
                log.seek(0)
                raise RuntimeError(f"the app did not start:\n{log.read().decode(errors='replace')}")
            yield App(f"http://127.0.0.1:{port}", process, time.perf_counter())
        finally:
            process.terminate()
            process.wait(30)


def _answers(process: subprocess.Popen[bytes], health: str) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(health, timeout=5):
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
            return False
    return False


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Open a headless Chromium: the one that `CHROMIUM` names, else /usr/bin/chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def machine() -> str:
    """Return where the figures come from: processor, cores, and how busy the machine was in the last minute."""
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
