"""What the Unit page asks for. It imports nothing heavy: torch comes with the first answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alexnet_viz.ui.http import FRESH, in_threadpool, with_json_body
from alexnet_viz.ui.services import units

if TYPE_CHECKING:
    from alexnet_viz.ui.unit.service import Search

_USUAL_COUNT, _MOST_COUNT = 500, 10_000
_MOST_TERMS = 400  # all channels of a convolution's input


def _whole(text: object, otherwise: int) -> int:
    words = str(text)
    return int(words) if words.isascii() and words.isdigit() and len(words) < 7 else otherwise


def _search(checkpoint: object, data: object, count: object) -> Search:
    from alexnet_viz.ui.unit.service import Search

    pictures = min(max(_whole(count, _USUAL_COUNT), 1), _MOST_COUNT)
    return Search(str(checkpoint or ""), str(data or "cifar10-sample"), pictures)


def number(request: Request) -> Response:
    """Return how one value came about."""
    from alexnet_viz.explain.arithmetic import Place
    from alexnet_viz.ui.explore.service import Subject

    query = request.query_params
    where = tuple(_whole(query[name], -1) if query.get(name) else None for name in ("row", "column"))
    place = Place(query.get("stage", ""), _whole(query.get("channel", "0"), -1), *where)
    subject = Subject(query.get("photo", ""), query.get("checkpoint", ""), query.get("resize", ""))
    terms = min(_whole(query.get("terms", ""), 9), _MOST_TERMS)
    return JSONResponse(units().number(subject, place, terms), headers=FRESH)


def parts(request: Request) -> Response:
    """Return the image parts of a channel, or how far the search for them is."""
    query = request.query_params
    search = _search(query.get("checkpoint"), query.get("data"), query.get("count"))
    found = units().find(search, query.get("stage", ""), _whole(query.get("channel", "0"), -1))
    return JSONResponse(found, headers=FRESH)


def start(_request: Request, asked: dict[str, object]) -> dict[str, object]:
    """Begin a search for the image parts of every channel."""
    return units().start(_search(asked.get("checkpoint"), asked.get("data"), asked.get("count")))


def cancel(request: Request, _asked: dict[str, object]) -> dict[str, object]:
    """End a search."""
    return units().cancel(request.path_params["job"])


UNIT_ROUTES = [
    Route("/api/unit/number", in_threadpool(number)),
    Route("/api/unit/parts", in_threadpool(parts)),
    Route("/api/unit/parts", with_json_body(start), methods=["POST"]),
    Route("/api/unit/parts/{job}/cancel", with_json_body(cancel), methods=["POST"]),
]
