"""Files and connections that are used up: said once, and gone on."""

import asyncio
import errno
import logging
import subprocess
import sys

import pytest

from alexnet_viz.ui.descriptors import Sparing

PROGRAM = """
import resource
from alexnet_viz.ui.descriptors import allow_many_descriptors
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
allow_many_descriptors()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def test_used_up_descriptors_are_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(Sparing(lambda: now[0]))
    used_up = {"message": "socket.accept() out of system resource", "exception": OSError(errno.EMFILE, "Too many")}
    with caplog.at_level(logging.ERROR):
        for now[0] in (0.0, 0.1, 1.0, 59.0):
            for _ in range(2048):
                loop.call_exception_handler(used_up)
        assert [record.getMessage() for record in caplog.records] == [
            "As many files and connections are open as this process may have (Too many); new ones wait until others "
            "are closed. Close pages, or allow more: ulimit -n 8192"
        ]
        now[0] = 60.0
        loop.call_exception_handler(used_up)
        assert len(caplog.records) == 2
        loop.call_exception_handler({"message": "something else", "exception": ValueError("else")})
        assert caplog.records[-1].getMessage().startswith("something else")
    loop.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
@pytest.mark.parametrize(("soft", "hard", "then"), [(256, 1024, "1024 1024"), (300, 300, "300 300")])
def test_a_low_limit_is_raised_to_what_is_allowed(soft: int, hard: int, then: str) -> None:
    program = PROGRAM.format(soft=soft, hard=hard)
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == then
