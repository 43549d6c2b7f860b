"""Routes to join and follow a lesson, to answer, and to lead it; `class_gate` decides who may use which."""

from __future__ import annotations

import functools
import hmac
import io
import json
import os
import time
from pathlib import Path
from urllib.parse import parse_qs

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from alexnet_viz.classroom.codes import Attempts, is_code
from alexnet_viz.classroom.presence import new_id
from alexnet_viz.classroom.record import View
from alexnet_viz.errors import BodyError, ClassroomError
from alexnet_viz.language import current_language, in_language, in_words, said
from alexnet_viz.ui.class_gate import ADDRESS, CLASS, COOKIE, TEACHER, Who, cookie_for, served_file, who
from alexnet_viz.ui.classroom import words
from alexnet_viz.ui.classroom.changes import Changes
from alexnet_viz.ui.csv_table import csv_text
from alexnet_viz.ui.http import (
    FRESH,
    JsonAnswer,
    body_parts,
    in_threadpool,
    require_same_origin,
    with_json_body,
    with_json_errors,
)
from alexnet_viz.ui.services import lesson_room, service

_MOST_FORM_BYTES = 2_000
_TOKENS = Path(__file__).parents[1] / "web" / "tokens.json"
_attempts = Attempts(time.monotonic)
_changes = Changes()


# ---------------------------------------------------------------- coming in
@functools.cache
def _template() -> jinja2.Template:
    text = Path(__file__).with_name("join.html").read_text("utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(text)


@functools.cache
def _colours() -> dict[str, dict[str, str]]:
    tokens = json.loads(_TOKENS.read_text("utf-8"))["colour"]
    return {
        theme: {name.replace("_", "-"): value for name, value in tokens[theme].items() if isinstance(value, str)}
        for theme in ("light", "dark")
    }


def _join_page(code: str, problem: str = "") -> Response:
    said = in_words({"words": words.JOIN, "problem": problem})
    page = _template().render(**said, code=code, pupil=new_id(), language=current_language(), **_colours())
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


async def join_page(request: Request) -> Response:
    """Return the page that asks for the code, filled in where a link holds it."""
    return _join_page(request.query_params.get("code", "")[:60])


async def join(request: Request) -> Response:
    """Admit a pupil who knows the code, or ask again; one who has joined already keeps their square."""
    require_same_origin(request)
    too_large = BodyError(said("it is no code"))
    body = b"".join([part async for part in body_parts(request, _MOST_FORM_BYTES, too_large)])
    form = parse_qs(body.decode("utf-8", "replace"))
    code = form.get("code", [""])[0][:60]
    room, address = lesson_room(), request.client.host if request.client else ""
    if not _attempts.may_try(address):
        return _join_page(code, words.TOO_MANY)
    if not is_code(code, room.record.code):
        _attempts.was_wrong(address)
        return _join_page(code, words.wrong_code(code))
    try:
        pupil = who().pupil or await run_in_threadpool(room.join, form.get("pupil", [""])[0])
    except ClassroomError as error:
        return _join_page(code, error.reason)
    return _let_in(Who(CLASS, pupil), ".")


async def teach(request: Request) -> Response:
    """Admit the teacher, by the link that was printed where the class was started."""
    given = request.query_params.get("key", "")
    address = request.client.host if request.client else ""
    if not _attempts.may_try(address):
        return _join_page("", words.TOO_MANY)
    if not hmac.compare_digest(given.encode(), lesson_room().record.key.encode()):
        _attempts.was_wrong(address)
        return _join_page("", words.WRONG_LINK)
    return _let_in(Who(TEACHER), "classroom")


def _let_in(person: Who, path: str) -> Response:
    response = RedirectResponse(path, 303)
    response.set_cookie(COOKIE, cookie_for(lesson_room(), person), httponly=True, samesite="lax")
    return response


# ---------------------------------------------------------------- following
async def told(request: Request) -> Response:
    """Return the lesson's state for the one who asks, once its version differs from theirs."""
    room = await run_in_threadpool(lesson_room)
    room.changed = _changes.tell
    known = request.query_params.get("since", "")
    await _changes.wait(lambda: str(room.version) != known, request.receive)
    asking = who()
    lesson = room.told_teacher() if asking.role == TEACHER else room.told(asking.pupil)
    about = {"role": asking.role, "serving": served_file() is not None, "address": os.environ.get(ADDRESS, "")}
    return JsonAnswer({**lesson, **about}, headers=FRESH)


def _answer(_request: Request, asked: dict[str, object]) -> dict[str, object]:
    step = asked.get("step")
    lesson_room().answer(who().pupil, step if isinstance(step, int) else -1, asked.get("answer"))
    return {}


def _alone(_request: Request, asked: dict[str, object]) -> dict[str, object]:
    lesson_room().leave(who().pupil, alone=asked.get("alone") is True)
    return {}


def _name(_request: Request, asked: dict[str, object]) -> dict[str, object]:
    unit, checkpoint, name = (str(asked.get(key, "")) for key in ("unit", "checkpoint", "name"))
    lesson_room().propose_name(who().pupil, unit, checkpoint, name)
    return {}


# ---------------------------------------------------------------- the teacher
def lessons(_request: Request) -> Response:
    """Return all lessons with their questions."""
    from alexnet_viz.ui.classroom.service import listed_lessons

    return JsonAnswer({"lessons": listed_lessons()}, headers=FRESH)


def _open(_request: Request, asked: dict[str, object]) -> dict[str, object]:
    from alexnet_viz.ui.classroom.service import open_lesson

    name = str(asked.get("name", ""))
    if name:
        open_lesson(lesson_room(), service(), name)
    else:
        lesson_room().close()
        _forget_photos()
    return {}


def _choose(_request: Request, asked: dict[str, object]) -> dict[str, object]:
    lesson_room().choose_name(str(asked.get("unit", "")), str(asked.get("name", "")))
    return {}


def _act(_request: Request, asked: dict[str, object]) -> dict[str, object]:
    step, train = asked.get("step"), asked.get("train")
    if isinstance(train, bool):
        lesson_room().allow_training(train)
        return {}
    if isinstance(step, int):
        lesson_room().go(step)
        return {}
    act = str(asked.get("act", ""))
    lesson_room().act(act)
    if act == "end":
        _forget_photos()
    return {}


def _forget_photos() -> None:
    """Remove the class's photos; those of a rehearsal alone stay."""
    if served_file() is not None:
        service().forget_photos()


def _show(_request: Request, asked: dict[str, object]) -> dict[str, object]:
    query = asked.get("query")
    pairs = query.items() if isinstance(query, dict) else ()
    view = View(str(asked.get("path", ""))[:40], {str(key): str(value) for key, value in pairs})
    step = asked.get("step")
    return {"version": lesson_room().show(view, step if isinstance(step, int) else None)}


def answers(_request: Request) -> Response:
    """Return the answers as CSV, without names."""
    head: list[object] = ["step", "question", "answer", "count", "right"]
    with in_language("en"):  # a table says what the lesson's file says
        rows = [head, *lesson_room().table()]
    headers = {**FRESH, "Content-Disposition": 'attachment; filename="answers.csv"'}
    return Response(csv_text(rows), media_type="text/csv", headers=headers)


def names(_request: Request) -> Response:
    """Return the names of units that the class proposes as CSV, without who did."""
    head: list[object] = ["block", "channel", "name", "count", "chosen", "checkpoint", "digest"]
    headers = {**FRESH, "Content-Disposition": 'attachment; filename="names.csv"'}
    return Response(csv_text([head, *lesson_room().names_table()]), media_type="text/csv", headers=headers)


def picture(_request: Request) -> Response:
    """Return a QR picture of the address that joins, with the code in it."""
    import segno

    code = lesson_room().record.code.replace(" ", "")
    address = f"http://{os.environ.get(ADDRESS) or 'localhost:8501'}/join?code={code}"
    stream = io.BytesIO()
    segno.make(address, error="m").save(stream, kind="svg", scale=4, border=2, light="#FFFFFF")
    return Response(stream.getvalue(), media_type="image/svg+xml", headers=FRESH)


CLASSROOM_ROUTES = [
    Route("/join", with_json_errors(join_page)),
    Route("/join", with_json_errors(join), methods=["POST"]),
    Route("/teach", with_json_errors(teach)),
    Route("/api/class", with_json_errors(told)),
    Route("/api/class/answer", with_json_body(_answer), methods=["POST"]),
    Route("/api/class/alone", with_json_body(_alone), methods=["POST"]),
    Route("/api/class/name", with_json_body(_name), methods=["POST"]),
    Route("/api/class/lessons", in_threadpool(lessons)),
    Route("/api/class/lesson", with_json_body(_open), methods=["POST"]),
    Route("/api/class/act", with_json_body(_act), methods=["POST"]),
    Route("/api/class/view", with_json_body(_show), methods=["POST"]),
    Route("/api/class/answers.csv", in_threadpool(answers, 422)),
    Route("/api/class/chosen", with_json_body(_choose), methods=["POST"]),
    Route("/api/class/names.csv", in_threadpool(names, 422)),
    Route("/api/class/picture.svg", in_threadpool(picture, 422)),
]
