"""What the Why page asks for."""

from __future__ import annotations

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alexnet_viz.errors import ExplanationError
from alexnet_viz.ui.http import BINARY, FRESH, require_same_origin, while_asked, with_json_errors
from alexnet_viz.ui.services import why

_MOST_BYTES = 3 * 1024**2 + 1


async def explanation(request: Request) -> Response:
    """Return one explanation; the work ends when the browser no longer waits."""
    require_same_origin(request)
    try:
        asked = json.loads(await request.body())
    except ValueError as error:
        raise ExplanationError("The request is not JSON; reload the page.") from error
    from alexnet_viz.ui.explore.service import Subject
    from alexnet_viz.ui.why.service import Asked

    texts = {key: str(asked.get(key, "")) for key in ("photo", "checkpoint", "resize", "method", "stage")}
    numbers = [each if isinstance(each := asked.get(key), int) else None for key in ("target", "versus")]
    subject = Subject(texts["photo"], texts["checkpoint"], texts["resize"])
    question = Asked(subject, texts["method"], numbers[0], numbers[1], texts["stage"], asked.get("judged") is not False)
    service = await run_in_threadpool(why)
    content = await while_asked(request, lambda check: service.explanation(question, check))
    return Response(content, headers=BINARY | FRESH)


async def covered(request: Request) -> Response:
    """Return the probabilities of a photo covered by hand; the body is its pixels."""
    require_same_origin(request)
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _MOST_BYTES:
            raise ExplanationError("The covered photo is larger than any network takes; reload the page.")
    from alexnet_viz.ui.explore.service import Subject

    query = request.query_params
    subject = Subject(query.get("photo", ""), query.get("checkpoint", ""), query.get("resize", ""))
    record = await run_in_threadpool(lambda: why().covered(subject, bytes(content)))
    return JSONResponse(record, headers=FRESH)


WHY_ROUTES = [
    Route("/api/why", with_json_errors(explanation), methods=["POST"]),
    Route("/api/why/covered", with_json_errors(covered), methods=["POST"]),
]
