"""Uploaded model files: each belongs to one person and is removed when the tabs that use it have closed."""

import secrets
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from alexnet_viz.checkpoints import choices_file
from alexnet_viz.errors import CheckpointError
from alexnet_viz.language import said
from alexnet_viz.ui.people import asking, is_theirs
from alexnet_viz.ui.temporary import own_folder

MOST_OF_A_PERSON = 4
MOST_BYTES_OF_A_PERSON = 1_000_000_000  # a network is 233 MB; the one sent last always
MOST_BYTES = 4_000_000_000  # of all people
ABSENCE_SECONDS = 120.0  # Streamlit too takes a browser that comes back within them for the same session
_SWEEP_SECONDS = 10.0


@dataclass(frozen=True)
class _Own:
    file: Path
    title: str
    owner: str
    size: int
    sessions: set[str] = field(default_factory=set)  # of the tab that sent it: a reload begins a new one


class OwnCheckpoints:
    """Files in a folder that nobody else may read, under names that nobody can guess.

    Args:
        is_alive: Whether a session has a browser now.
        clock: Seconds.
    """

    def __init__(self, is_alive: Callable[[str], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._is_alive = is_alive
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, _Own] = {}  # the oldest first
        self._last_seen: dict[str, float] = {}
        self._sweeper: threading.Thread | None = None
        self._folder = own_folder(self, "checkpoints")

    def new_file(self, suffix: str) -> Path:
        """Return a path for a new upload."""
        return self._folder / f"{secrets.token_hex(8)}{suffix}"

    def add(self, file: Path, title: str, session: str) -> str:
        """Keep a file of `new_file` for the person who is asking, in place of their oldest where they have many.

        Args:
            file, title: What was sent.
            session: Of the tab that sent it.
        Returns:
            Its new name.
        Raises:
            CheckpointError: All people together have sent too much.
        """
        self.sweep()
        size = file.stat().st_size
        with self._lock:
            self._make_room(size)
            if size + sum(own.size for own in self._kept.values()) > MOST_BYTES:
                raise CheckpointError(title, said("does not fit beside what others have opened; try again later"))
            added = _new_name()
            self._kept[added] = _Own(file, title, asking(), size, {session})
            self._last_seen[session] = self._clock()
            if self._sweeper is None:
                self._sweeper = threading.Thread(target=_sweep_for_ever, args=(weakref.ref(self),), daemon=True)
                self._sweeper.start()
        return added

    def _make_room(self, size: int) -> None:
        """Remove the asking person's oldest files until another of this size is within their limit."""
        theirs = [name for name, own in self._kept.items() if is_theirs(own.owner)]
        while theirs and (
            len(theirs) >= MOST_OF_A_PERSON
            or size + sum(self._kept[name].size for name in theirs) > MOST_BYTES_OF_A_PERSON
        ):
            self._forget(theirs.pop(0))

    def adopt(self, name: str, session: str) -> str:
        """Keep a file for this session too, as after a reload of its tab; return its title.

        Raises:
            CheckpointError: There is none of that name, or no longer.
        """
        with self._lock:
            own = self._get(name)
            own.sessions.add(session)
            self._last_seen[session] = self._clock()
        return own.title

    def title(self, name: str) -> str:
        """Return the person's title of a file.

        Raises:
            CheckpointError: There is none of that name, or no longer.
        """
        return self._get(name).title

    def rename(self, name: str, title: str) -> str:
        """Give a file another title; return its new name.

        It has a new one because browsers keep what they were answered under the old one.

        Raises:
            CheckpointError: There is none of that name, or no longer.
        """
        with self._lock:
            own = self._get(name)
            del self._kept[name]
            added = _new_name()
            self._kept[added] = replace(own, title=title)
        return added

    def _get(self, name: str) -> _Own:
        own = self._theirs(name)
        if own is None:
            raise CheckpointError(said("This checkpoint"), said("is no longer kept by the server; open its file again"))
        return own

    def find(self, name: str) -> tuple[Path, str] | None:
        """Return the file of that name and its title; None where there is none, no longer, or another person's."""
        own = self._theirs(name)
        return (own.file, own.title) if own else None

    def _theirs(self, name: str) -> _Own | None:
        own = self._kept.get(name)  # once, for the sweeper may remove it at any moment
        return own if own and is_theirs(own.owner) else None

    def sweep(self) -> None:
        """Remove the files of sessions that have ended."""
        with self._lock:
            now = self._clock()
            self._last_seen |= {session: now for session in self._last_seen if self._is_alive(session)}
            ended = {session for session, seen in self._last_seen.items() if now - seen > ABSENCE_SECONDS}
            for name in [name for name, own in self._kept.items() if own.sessions <= ended]:
                self._forget(name)
            for own in self._kept.values():
                own.sessions.difference_update(ended)
            for session in ended:
                del self._last_seen[session]

    def _forget(self, name: str) -> None:
        file = self._kept.pop(name).file
        for path in (file, choices_file(file)):
            path.unlink(missing_ok=True)


def _new_name() -> str:
    return f"own-{secrets.token_hex(8)}"


def _sweep_for_ever(reference: "weakref.ref[OwnCheckpoints]") -> None:
    pause = threading.Event()
    while not pause.wait(_SWEEP_SECONDS):
        own = reference()
        if own is None:
            return
        own.sweep()
        del own  # else it would live through the pause
