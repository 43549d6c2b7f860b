"""Streamlit's sessions whose browser has gone: kept for a while in case it returns, then closed.

Streamlit's own storage removes them only when the next session starts: 128 pages that were reloaded quickly hold 384
descriptors until another visitor comes, and a process limited to 256 can then never accept one.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from streamlit import get_option, runtime
from streamlit.runtime.session_manager import SessionInfo, SessionStorage

_MOST_KEPT = 32  # a class whose network fails for a moment; each has an event loop, of three descriptors


class DisconnectedSessions(SessionStorage):
    """Keeps sessions without a browser. Belongs to one event loop, so that it needs no lock.

    Args:
        seconds: How long each is kept.
        most_kept: The longest gone are closed for another.
    """

    def __init__(self, seconds: float, most_kept: int = _MOST_KEPT) -> None:
        self._seconds, self._most_kept = seconds, most_kept
        self._kept: OrderedDict[str, tuple[SessionInfo, asyncio.TimerHandle]] = OrderedDict()

    def get(self, session_id: str) -> SessionInfo | None:
        """Return a session, None where it is closed or there never was one."""
        kept = self._kept.get(session_id)
        return kept[0] if kept else None

    def save(self, session_info: SessionInfo) -> None:
        """Keep a session whose browser has just gone."""
        session = session_info.session.id
        self.delete(session)
        closing = asyncio.get_running_loop().call_later(self._seconds, self._close, session)
        self._kept[session] = session_info, closing
        for longest_gone in list(self._kept)[: -self._most_kept]:
            # Not at once: its manager is in the middle of taking its browser from a session.
            asyncio.get_running_loop().call_soon(self._close, longest_gone)

    def delete(self, session_id: str) -> None:
        """Forget a session: its browser is back, or somebody else closes it."""
        kept = self._kept.pop(session_id, None)
        if kept is not None:
            kept[1].cancel()

    def list(self) -> list[SessionInfo]:
        """Return all, the longest gone first."""
        return [info for info, _ in self._kept.values()]

    def _close(self, session: str) -> None:
        info = self.get(session)
        if info is not None:  # its browser is not back meanwhile
            self.delete(session)
            info.session.shutdown()


def close_disconnected_sessions() -> None:
    """Use `DisconnectedSessions` in this process; to be called before the first session."""
    if runtime.exists():
        manager = runtime.get_instance()._session_mgr
        manager._session_storage = DisconnectedSessions(get_option("server.disconnectedSessionTTL"))  # type: ignore[attr-defined]
