"""Routes of the Unit page. They import nothing heavy: torch is imported with the first answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alexnet_viz.ui.explore.routes import kept_as_named
from alexnet_viz.ui.http import (
    BINARY,
    FRESH,
    JsonAnswer,
    data_turns,
    in_turn,
    json_body,
    long_turns,
    person,
    place,
    require_same_origin,
    turns,
    while_asked,
    whole,
    with_json_body,
    with_json_errors,
)
from alexnet_viz.ui.services import units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from alexnet_viz.explain.arithmetic import Place
    from alexnet_viz.ui.explore.service import Subject
    from alexnet_viz.ui.unit.made_pictures import Wanted
    from alexnet_viz.ui.unit.service import Search

_USUAL_COUNT, _MOST_COUNT = 1000, 10_000
_MOST_TERMS = 400  # all channels of a convolution's input


def _search(checkpoint: object, data: object, count: object) -> Search:
    from alexnet_viz.ui.unit.service import Search

    pictures = min(max(whole(count, _USUAL_COUNT), 1), _MOST_COUNT)
    return Search(str(checkpoint or ""), str(data or "cifar10-sample"), pictures)


def _subject_and_place(asked: Mapping[str, object]) -> tuple[Subject, Place]:
    from alexnet_viz.explain.arithmetic import Place
    from alexnet_viz.ui.explore.service import Subject

    row, column = (place(asked.get(name), None) for name in ("row", "column"))
    subject = Subject(*(str(asked.get(name, "")) for name in ("photo", "checkpoint", "resize")))
    return subject, Place(str(asked.get("stage", "")), whole(asked.get("channel", "0"), -1), row, column)


def number(request: Request) -> Response:
    """Return how one value is computed."""
    query = request.query_params
    subject, where = _subject_and_place(query)
    terms = min(whole(query.get("terms", ""), 9), _MOST_TERMS)
    return JsonAnswer(units().number(subject, where, terms), headers=FRESH)


def parts(request: Request) -> Response:
    """Return the image parts of a channel, or the progress of the search for them."""
    query = request.query_params
    search = _search(query.get("checkpoint"), query.get("data"), query.get("count"))
    found = units().find(search, query.get("stage", ""), whole(query.get("channel", "0"), -1))
    return JsonAnswer(found, headers=FRESH)


def start(_request: Request, asked: dict[str, object]) -> dict[str, object]:
    """Start a search for the image parts of every channel."""
    return units().start(_search(asked.get("checkpoint"), asked.get("data"), asked.get("count")))


def sets(request: Request) -> Response:
    """Return the sets of pictures that can be searched."""
    return JsonAnswer({"sets": units().sets(request.query_params.get("own", ""))}, headers=FRESH)


def cancel(request: Request, _asked: dict[str, object]) -> dict[str, object]:
    """Cancel a search."""
    return units().cancel(request.path_params["job"])


def _wanted(asked: Mapping[str, object]) -> Wanted:
    from alexnet_viz.explain.visualise import STEPS, Goal
    from alexnet_viz.ui.unit.made_pictures import MOST_STEPS, Wanted

    goal = Goal(
        str(asked.get("stage", "")),
        whole(asked.get("channel"), -1),
        negative=asked.get("sign") == "inhibits",
        steps=min(whole(asked.get("steps"), STEPS), MOST_STEPS),
        seed=whole(asked.get("seed"), 0),
        contrast="full" if asked.get("contrast") == "full" else "photo",
    )
    return Wanted(str(asked.get("checkpoint", "")), goal)


def made(request: Request) -> Response:
    """Return the progress of a picture made for a channel."""
    return JsonAnswer(units().made.find(_wanted(request.query_params)), headers=FRESH)


def made_picture(request: Request) -> Response:
    """Return the picture at a step; an address with a digest names one that does not change."""
    query = request.query_params
    content = units().made.picture(_wanted(query), whole(query.get("step"), -1))
    return Response(content, media_type="image/png", headers=BINARY | kept_as_named(request))


def make(_request: Request, asked: dict[str, object]) -> dict[str, object]:
    """Start a picture, or continue it."""
    return units().made.start(_wanted(asked))


def stop(request: Request, _asked: dict[str, object]) -> dict[str, object]:
    """Stop a picture."""
    return units().made.cancel(request.path_params["job"])


def wiring(request: Request) -> Response:
    """Return the kernels into a unit, and what it feeds on a photo."""
    content = units().questions.wiring(*_subject_and_place(request.query_params))
    return Response(content, headers=BINARY | FRESH)


def changed_photo(request: Request) -> Response:
    """Return what the network sees of a photo that is changed by an amount."""
    from alexnet_viz.ui.unit.questions import Amount

    query = request.query_params
    beside = _real(query["beside"]) if query.get("beside") else None
    how = Amount(query.get("by", ""), _real(query.get("amount", "")), beside)
    content = units().questions.changed(_subject_and_place(query)[0], how)
    return Response(content, media_type="image/png", headers=BINARY | FRESH)


def _real(text: str) -> float:
    """Return a number; NaN, which is within no limits, where there is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan


async def tuning(request: Request) -> Response:
    """Return a tuning curve; the work ends when the browser no longer waits."""
    return await _long(request, _tuned)


def _tuned(asked: dict[str, object], check: Callable[[], None]) -> Response:
    subject, where = _subject_and_place(asked)
    return JsonAnswer(units().questions.tuning(subject, where, str(asked.get("by", "")), check), headers=FRESH)


async def occlusion(request: Request) -> Response:
    """Return where covering changes a value; the work ends when the browser no longer waits."""
    return await _long(request, _occluded)


def _occluded(asked: dict[str, object], check: Callable[[], None]) -> Response:
    return Response(units().questions.occlusion(*_subject_and_place(asked), check), headers=BINARY | FRESH)


async def _long(request: Request, answer: Callable[[dict[str, object], Callable[[], None]], Response]) -> Response:
    require_same_origin(request)
    asked = await json_body(request)
    await run_in_threadpool(units)
    async with long_turns.turn(person(request)):
        return await while_asked(request, lambda check: answer(asked, check))


UNIT_ROUTES = [
    Route("/api/unit/number", in_turn(number)),
    Route("/api/unit/parts", in_turn(parts, whose=data_turns)),
    Route("/api/unit/parts", with_json_body(start, data_turns), methods=["POST"]),
    Route("/api/unit/parts/{job}/cancel", with_json_body(cancel), methods=["POST"]),
    Route("/api/unit/wiring", in_turn(wiring)),
    Route("/api/unit/changed.png", in_turn(changed_photo, 422)),
    Route("/api/unit/tuning", with_json_errors(tuning), methods=["POST"]),
    Route("/api/unit/occlusion", with_json_errors(occlusion), methods=["POST"]),
    Route("/api/unit/sets", in_turn(sets, whose=data_turns)),
    Route("/api/unit/made", in_turn(made)),
    Route("/api/unit/made", with_json_body(make, turns), methods=["POST"]),
    Route("/api/unit/made.png", in_turn(made_picture, 422)),
    Route("/api/unit/made/{job}/cancel", with_json_body(stop), methods=["POST"]),
]
