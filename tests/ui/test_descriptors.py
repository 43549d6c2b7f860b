"""Files and connections that are used up: said once, and gone on."""

import asyncio
import errno
import logging
import subprocess
import sys

import pytest

from alexnet_viz.ui.descriptors import LoopErrorHandler

PROGRAM = """
import resource
from alexnet_viz.ui.descriptors import allow_many_descriptors
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
allow_many_descriptors()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""

FULL = """
import asyncio, os, resource, socket
from alexnet_viz.ui.descriptors import LoopErrorHandler

async def answer(reader, writer):
    await reader.readline()
    writer.write(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
    await writer.drain()
    writer.close()

async def main():
    loop, handler, looks = asyncio.get_running_loop(), LoopErrorHandler(), []
    loop.set_exception_handler(lambda *given: (looks.append(1), handler(*given)))
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2048)
    port = server.sockets[0].getsockname()[1]

    async def ask():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /\\r\\n")
        said = await reader.read(12)
        writer.close()
        return said

    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    visitors = [socket.socket() for _ in range(3)]  # the other side needs descriptors too
    held = []
    try:
        while True:
            held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        pass
    for visitor in visitors:  # a second after the other: so long the loop does not look
        visitor.setblocking(False)
        await loop.sock_connect(visitor, ("127.0.0.1", port))
        await loop.sock_sendall(visitor, b"GET /\\r\\n")
        print(await asyncio.wait_for(loop.sock_recv(visitor, 12), 20))
    print(len(looks))
    for number in held:
        os.close(number)
    print(await ask())
    server.close()

asyncio.run(main())
"""


def test_used_up_descriptors_are_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(LoopErrorHandler(lambda: now[0]))
    used_up = {"message": "socket.accept() out of system resource", "exception": OSError(errno.EMFILE, "Too many")}
    with caplog.at_level(logging.ERROR):
        for now[0] in (0.0, 0.1, 1.0, 59.0):
            for _ in range(2048):
                loop.call_exception_handler(used_up)
        assert [record.getMessage() for record in caplog.records] == [
            "As many files and connections are open as this process may have (Too many); new ones are refused until "
            "others are closed. Close pages, or allow more: ulimit -n 8192"
        ]
        now[0] = 60.0
        loop.call_exception_handler(used_up)
        assert len(caplog.records) == 2
        loop.call_exception_handler({"message": "something else", "exception": ValueError("else")})
        assert caplog.records[-1].getMessage().startswith("something else")
        for _ in range(2048):  # as a loop reports that ends while its clocks run
            loop.call_exception_handler({"message": "in a callback", "exception": ValueError("Invalid: -1")})
        assert len(caplog.records) == 4
    loop.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
@pytest.mark.parametrize(("soft", "hard", "then"), [(256, 1024, "1024 1024"), (300, 300, "300 300")])
def test_a_low_limit_is_raised_to_what_is_allowed(soft: int, hard: int, then: str) -> None:
    program = PROGRAM.format(soft=soft, hard=hard)
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == then


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
@pytest.mark.slow
def test_a_server_without_descriptors_refuses_rests_and_goes_on() -> None:
    """In a process of its own, which may have few: it says how often its loop looked, and what it answered."""
    answer = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, check=True, timeout=120)
    *answers, looks, later = answer.stdout.splitlines()
    assert answers == ["b'HTTP/1.1 503'"] * 3
    assert int(looks) < 100  # each look at nothing would be 2,048 others a second later
    assert later == "b'HTTP/1.1 200'"
    assert answer.stderr.count("\n") == 1
