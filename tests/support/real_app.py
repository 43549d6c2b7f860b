"""The app as a process of its own, and a Chromium beside it, for what is tested, measured or pictured from outside.

with running_app() as app, chromium() as browser:
    browser.new_page().goto(app.address)
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.environment import usual_environment

ROOT = Path(__file__).parents[2]
STREAMLIT = (sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port")
CHROMIUM = Path(os.environ.get("CHROMIUM") or "/usr/bin/chromium")  # `make` hands an empty one on
# As root there is no sandbox; the rest keeps Chromium from talking to its maker's servers.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
)
# Chromium's shell without windows takes a quarter less of processor for the same page. Without hinting its words are as
# wide as in the browser that people have, and it has nobody to ask whether the camera may be used.
_SHELL = Path("/usr/bin/chromium-headless-shell")
_SHELL_FLAGS = ("--font-render-hinting=none", "--use-fake-ui-for-media-stream")
_START_SECONDS = 120.0  # a cold disk reads the libraries for a minute
_STOP_SECONDS = 30.0


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
def running_app(
    command: Sequence[str] = STREAMLIT, *, folder: Path = ROOT, log: Path | None = None, **environment: str
) -> Iterator[App]:
    """Start the app on a free port, by default as `make run` does; wait until it answers, and end it afterwards.

    Args:
        command: What starts it, without the port, which is put behind.
        folder: Where it is started.
        log: The file of what it prints, where it is wanted.
        environment: Variables on top of this process's, of which Streamlit's and the allocator's are left out.
    Raises:
        RuntimeError: It does not start, and the message holds its log; or it does not end when it is asked to.
    """
    port = _free_port()
    headless = {"STREAMLIT_SERVER_HEADLESS": "true"}  # no browser of the desktop opens
    with tempfile.TemporaryFile() if log is None else log.open("w+b") as stream:
        process = subprocess.Popen(
            [*command, str(port)],
            cwd=folder,
            env={**usual_environment(), **headless, **environment},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            if not _answers(process, f"http://127.0.0.1:{port}/_stcore/health"):
                stream.seek(0)
                raise RuntimeError(f"the app did not start:\n{stream.read().decode(errors='replace')[-4000:]}")
            yield App(f"http://127.0.0.1:{port}", process, time.perf_counter())
        finally:
            _end(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(process: subprocess.Popen[bytes], health: str) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(health, timeout=5):
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
            return False
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise RuntimeError(f"the app did not end within {_STOP_SECONDS:.0f} s of being asked") from None


@contextlib.contextmanager
def chromium(*flags: str, light: bool = False) -> Iterator[Browser]:
    """Open a headless Chromium: the one that `CHROMIUM` names, else /usr/bin/chromium. `flags` join the usual ones.

    `light`: its shell, where Debian's is installed and no other is named.
    """
    path = CHROMIUM
    if light and _SHELL.is_file() and not os.environ.get("CHROMIUM"):
        path, flags = _SHELL, (*_SHELL_FLAGS, *flags)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        yield browser
        browser.close()
