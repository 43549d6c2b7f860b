"""Who is asking while a class is served, and what they may do: the only place that knows.

`make run` listens on this machine only and has no code: everybody is the teacher. `make class` names the lesson's file
in ALEXNET_VIZ_CLASS; then every visitor needs a signed cookie, which the code or the teacher's link gives.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from alexnet_viz.ui.classroom import words
from alexnet_viz.ui.http import JsonAnswer

if TYPE_CHECKING:
    from alexnet_viz.classroom.lesson_room import LessonRoom

FILE, ADDRESS = "ALEXNET_VIZ_CLASS", "ALEXNET_VIZ_CLASS_ADDRESS"
COOKIE = "alexnet_viz_class"
TEACHER, CLASS = "teacher", "class"
_OPEN = ("/join", "/teach", "/_stcore/health")
_READ = ("GET", "HEAD")
# What the class may send; everything else that changes something is the teacher's.
_CLASS_SENDS = re.compile(
    r"/api/(photos|why|why/covered|ablation|comparison|comparison/jobs/[^/]+/cancel|comparison/data/[^/]+/[^/]+/photo"
    r"|unit/[a-z]+|unit/[a-z]+/[^/]+/cancel|class/answer|class/alone|class/name)"
)
_TRAINS = re.compile(r"/api/runs/(launch|estimate)")  # where the teacher allows it
_OWN_RUN = re.compile(r"/api/runs/([^/]+)/(stop|kill|resume|note|delete)")  # whoever launched it; to resume is to train
_TEACHER_READS = re.compile(r"/api/(class/.+|runs/[^/]+/checkpoints/.+)")


@dataclass(frozen=True)
class Who:
    """The one who asks: the teacher, or a pupil with the id that their browser keeps."""

    role: str
    pupil: str = ""


_ALONE = Who(TEACHER)
_asking: ContextVar[Who] = ContextVar("who", default=_ALONE)  # threads that answer a request have a copy


def served_file() -> Path | None:
    """Return the file of the lesson where a class is served, else None."""
    named = os.environ.get(FILE)
    return Path(named) if named else None


def who() -> Who:
    """Return who asks."""
    return _asking.get()


def cookie_for(room: LessonRoom, person: Who) -> str:
    """Return the signed cookie that identifies somebody from now on."""
    return str(_signer(room).dumps([person.role, person.pupil]))


def _signer(room: LessonRoom) -> URLSafeSerializer:
    return URLSafeSerializer(room.record.secret, salt=COOKIE)


def _who(room: LessonRoom, connection: HTTPConnection) -> Who | None:
    """Return who a connection's cookie identifies, None for nobody in this lesson; a pupil who asks is here."""
    try:
        role, pupil = _signer(room).loads(connection.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return Who(role, pupil) if role == TEACHER or room.welcome(pupil) else None


def may(person: Who, method: str, path: str, *, may_train: bool = False, runs: Mapping[str, str] | None = None) -> bool:
    """Return whether somebody may ask this of the server.

    Args:
        person: Who asks.
        method: "GET".
        path: Without its query.
        may_train: Whether the teacher allows the class to launch trainings.
        runs: Which pupil has launched which run.
    """
    if person.role == TEACHER:
        return True
    if method in _READ:
        return _TEACHER_READS.fullmatch(path) is None
    if method != "POST":
        return False
    run = _OWN_RUN.fullmatch(path)
    if run is not None:
        return (runs or {}).get(run[1]) == person.pupil and (may_train or run[2] != "resume")
    return _CLASS_SENDS.fullmatch(path) is not None or (may_train and _TRAINS.fullmatch(path) is not None)


class ClassGate:
    """ASGI middleware that admits the teacher and the class, each to what they may do; open where no class is served.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to the app, or refuse it."""
        if served_file() is None or scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        from alexnet_viz.ui.services import lesson_room

        connection, room = HTTPConnection(scope), lesson_room()
        path = connection.url.path
        person = _who(room, connection)
        if scope["type"] == "websocket":
            if person is None:
                await send({"type": "websocket.close", "code": 4403})
                return
        elif path not in _OPEN and (person is None or not _may_here(room, person, scope["method"], path)):
            await _refusal(person, scope["method"], path)(scope, receive, send)
            return
        token = _asking.set(person or Who(""))
        try:
            await self._app(scope, receive, send)
        finally:
            _asking.reset(token)


def _may_here(room: LessonRoom, person: Who, method: str, path: str) -> bool:
    return may(person, method, path, may_train=room.record.may_train, runs=room.record.runs)


def _refusal(person: Who | None, method: str, path: str) -> Response:
    if person is None and method in _READ and not path.startswith("/api/"):
        return RedirectResponse("join", 303)
    refused = words.TEACHER_ONLY
    if _TRAINS.fullmatch(path):
        refused = words.NO_TRAINING
    elif _OWN_RUN.fullmatch(path):
        refused = words.NOT_YOUR_RUN
    # The page shows the sentence itself, or goes where the code is asked for; another status would stand in the
    # browser's console as a failed request.
    answer = {"error": words.NOT_IN, "join": True} if person is None else {"error": refused}
    return JsonAnswer(answer, 200, headers={"Cache-Control": "no-store"})
