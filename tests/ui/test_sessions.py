"""Pages that reload fast: what the server holds for them goes by itself, without another visitor."""

import asyncio
import threading
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast
from urllib.parse import urlsplit

import psutil
import pytest
from streamlit.runtime.session_manager import SessionInfo
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from alexnet_viz.ui.sessions import DisconnectedSessions
from tests.support.real_app import running_app

_FEW = 30  # descriptors of what starts behind the first page, and of files that are being read
_WAIT_SECONDS = 60.0


@dataclass
class Session:
    """A session of Streamlit's, as far as its storage knows it."""

    id: str
    is_open: bool = True

    def shutdown(self) -> None:
        self.is_open = False


def disconnected(name: str) -> SessionInfo:
    return cast(SessionInfo, SimpleNamespace(client=None, session=Session(name)))


def is_open(info: SessionInfo) -> bool:
    return cast(Session, info.session).is_open


def test_a_session_is_closed_in_time_unless_its_browser_is_back() -> None:
    async def run() -> None:
        storage, gone, back = DisconnectedSessions(seconds=0.0), disconnected("gone"), disconnected("back")
        storage.save(gone)
        storage.save(back)
        assert storage.get("gone") is gone
        assert storage.list() == [gone, back]
        storage.delete("back")
        storage.delete("never there")
        while storage.list():
            await asyncio.sleep(0)
        assert (is_open(gone), is_open(back)) == (False, True)
        assert storage.get("gone") is None

    asyncio.run(run())


def test_the_longest_gone_is_closed_for_another() -> None:
    async def run() -> None:
        storage = DisconnectedSessions(seconds=600.0, most_kept=2)
        infos = [disconnected(name) for name in "abc"]
        storage.save(infos[0])
        storage.save(infos[1])
        storage.save(infos[0])  # it was back, and is gone again
        storage.save(infos[2])
        await asyncio.sleep(0)
        assert [is_open(info) for info in infos] == [True, False, True]
        assert storage.list() == [infos[0], infos[2]]

    asyncio.run(run())


@pytest.mark.slow
def test_the_server_holds_nothing_for_pages_that_have_gone() -> None:
    with running_app(STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="2") as app:
        server = psutil.Process(app.process.pid)
        before = server.num_fds()
        for _ in range(40):
            with connect(
                f"ws://{urlsplit(app.address).netloc}/_stcore/stream",
                subprotocols=[Subprotocol("streamlit")],
                origin=Origin(app.address),
                open_timeout=_WAIT_SECONDS,
            ):
                pass
        deadline, pause = time.monotonic() + _WAIT_SECONDS, threading.Event()
        while server.num_fds() > before + _FEW and time.monotonic() < deadline:
            pause.wait(0.1)
        assert server.num_fds() <= before + _FEW
