"""Routes of the Why page."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alexnet_viz.errors import ExplanationError
from alexnet_viz.language import said
from alexnet_viz.ui.http import (
    BINARY,
    FRESH,
    JsonAnswer,
    body_parts,
    in_threadpool,
    json_body,
    long_turns,
    person,
    place,
    require_same_origin,
    turns,
    while_asked,
    with_json_errors,
)
from alexnet_viz.ui.services import why

_MOST_BYTES = 3 * 1024**2 + 1


async def explanation(request: Request) -> Response:
    """Return one explanation; the work ends when the browser no longer waits."""
    require_same_origin(request)
    asked = await json_body(request)
    from alexnet_viz.ui.explore.service import Subject
    from alexnet_viz.ui.why.service import Asked

    texts = {key: str(asked.get(key, "")) for key in ("photo", "checkpoint", "resize", "method", "stage", "id")}
    numbers = [place(asked.get(key), None) for key in ("target", "versus")]
    subject = Subject(texts["photo"], texts["checkpoint"], texts["resize"])
    is_judged = asked.get("judged") is not False
    question = Asked(subject, texts["method"], numbers[0], numbers[1], texts["stage"], is_judged, texts["id"][:64])
    service = await run_in_threadpool(why)
    async with long_turns.turn(person(request)):
        content = await while_asked(request, lambda check: service.explanation(question, check))
    return Response(content, headers=BINARY | FRESH)


async def covered(request: Request) -> Response:
    """Return the probabilities of a photo covered by hand; the body is its pixels."""
    require_same_origin(request)
    too_large = ExplanationError(said("The covered photo is larger than any network takes; reload the page."))
    content = b"".join([part async for part in body_parts(request, _MOST_BYTES, too_large)])
    from alexnet_viz.ui.explore.service import Subject

    query = request.query_params
    subject = Subject(query.get("photo", ""), query.get("checkpoint", ""), query.get("resize", ""))
    async with turns.turn(person(request)):
        record = await run_in_threadpool(lambda: why().covered(subject, content))
    return JsonAnswer(record, headers=FRESH)


def passes(request: Request) -> Response:
    """Return the progress of an explanation."""
    return JsonAnswer(why().passes(request.query_params.get("id", "")), headers=FRESH)


WHY_ROUTES = [
    Route("/api/why/passes", in_threadpool(passes)),
    Route("/api/why", with_json_errors(explanation), methods=["POST"]),
    Route("/api/why/covered", with_json_errors(covered), methods=["POST"]),
]
