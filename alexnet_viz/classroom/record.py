"""The part of a lesson that is saved in a small file, so that a restarted server continues where it was."""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import threading
from pathlib import Path
from typing import Literal

import msgspec

from alexnet_viz.atomic import replacing
from alexnet_viz.classroom.codes import new_code
from alexnet_viz.lessons.asked import Answer, Asked
from alexnet_viz.lessons.schema import Lesson
from alexnet_viz.strict_json import read_regular

_MOST_BYTES = 4_000_000
_log = logging.getLogger(__name__)
Phase = Literal["before", "running", "over"]


class View(msgspec.Struct, frozen=True):
    """What the class sees: a page's path, "" for Explore, and its address's keys."""

    path: str = ""
    query: dict[str, str] = {}


class Pupil(msgspec.Struct):
    """A pupil: a square, never a name."""

    square: int
    is_alone: bool = False


class NamedUnit(msgspec.Struct):
    """A unit that pupils have named: the checkpoint's title, their names by pupil, and the one that the class sees."""

    checkpoint: str
    names: dict[str, str] = {}
    chosen: str = ""


class Record(msgspec.Struct):
    """A lesson as it stands.

    Attributes:
        code: Opens it to the class.
        key: Opens it to the teacher.
        secret: Signs the cookies.
        phase: Whether it has begun.
        name, lesson, asked: Which lesson, with the questions' answers.
        step: From 0.
        revealed: The steps whose answers are shown.
        is_blank, is_free: Whether the class's screens are blank; whether it explores alone.
        calls: How often the class was brought back.
        view: What the class sees.
        pupils: By an id that only their browser knows.
        answers: By step, by pupil.
        names: What units are called, by digest, block and channel.
        may_train: Whether the class may launch trainings.
        runs: Who of the class has launched which run, pupils by run.
        version: Grows with every change.
    """

    code: str = msgspec.field(default_factory=new_code)
    key: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(16))
    secret: str = msgspec.field(default_factory=lambda: secrets.token_hex(32))
    phase: Phase = "before"
    name: str = ""
    lesson: Lesson | None = None
    asked: list[Asked | None] = []
    step: int = 0
    revealed: list[int] = []
    is_blank: bool = False
    is_free: bool = False
    calls: int = 0
    view: View = View()
    pupils: dict[str, Pupil] = {}
    answers: dict[int, dict[str, Answer]] = {}
    names: dict[str, NamedUnit] = {}
    may_train: bool = False
    runs: dict[str, str] = {}
    version: int = 1


def load(path: Path | None) -> Record:
    """Return a file's record; a new one where there is no file, or where it is damaged, which is logged."""
    if path is None:
        return Record()
    try:
        return msgspec.json.decode(read_regular(path, _MOST_BYTES), type=Record)
    except FileNotFoundError:
        return Record()
    except (OSError, msgspec.MsgspecError) as error:
        _log.warning("%s cannot be read, and a new lesson is begun: %s", path.name, error)
        return Record()


def save(path: Path, content: bytes) -> None:
    """Write a lesson atomically, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as partial:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)


class Saver:
    """Writes the newest state of a lesson in a thread: a disk may take a second, and the class must not wait.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._news = threading.Condition()
        self._newest: bytes | None = None
        self._is_writing = False
        threading.Thread(target=self._write_what_comes, name="lesson", daemon=True).start()
        atexit.register(self.flush)

    def put(self, content: bytes) -> None:
        """Write this soon, in place of an earlier state that is not written yet."""
        with self._news:
            self._newest = content
            self._news.notify_all()

    def flush(self) -> None:
        """Wait until everything is written."""
        with self._news:
            self._news.wait_for(lambda: self._newest is None and not self._is_writing)

    def _write_what_comes(self) -> None:
        while True:
            with self._news:
                self._is_writing = False
                self._news.notify_all()
                self._news.wait_for(lambda: self._newest is not None)
                content, self._newest, self._is_writing = self._newest or b"", None, True
            try:
                save(self._path, content)
            except OSError as error:  # full or gone: the lesson goes on, and the next change is tried again
                _log.error("%s cannot be written: %s", self._path.name, error)
