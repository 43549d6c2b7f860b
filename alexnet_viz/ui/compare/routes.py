"""Routes of the Compare page. They import nothing heavy: torch is imported with the first answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alexnet_viz.language import in_language
from alexnet_viz.ui.http import (
    BINARY,
    FRESH,
    JsonAnswer,
    data_turns,
    in_threadpool,
    in_turn,
    person,
    require_same_origin,
    whole,
    with_json_errors,
)
from alexnet_viz.ui.services import comparisons

if TYPE_CHECKING:
    from alexnet_viz.ui.compare.asked import Asked

_GOOD_COUNT = 512  # images from which a similarity is worth reading to two decimals
_MOST_COUNT = 100_000
_MATCHED = "matched"


def _asked(request: Request) -> Asked:
    from alexnet_viz.ui.compare.asked import Asked

    query = request.query_params
    count = min(max(whole(query.get("count", ""), _GOOD_COUNT), 1), _MOST_COUNT)
    return Asked(query.get("a", ""), query.get("b", ""), query.get("data", "shapes"), count)


def _index(request: Request) -> int:
    return whole(request.path_params["index"], -1)


def data_sets(request: Request) -> Response:
    """Return the data sets that two networks can be compared on; `own` names a person's own pictures."""
    query = request.query_params
    found = comparisons().data_sets(query.get("a", ""), query.get("b", ""), query.get("own", ""))
    return JsonAnswer({"data": found}, headers=FRESH)


def pair(request: Request) -> Response:
    """Return what is known of two networks without computing anything."""
    return JsonAnswer(comparisons().pair(_asked(request).a, _asked(request).b), headers=FRESH)


def find(request: Request) -> Response:
    """Return a finished comparison, or its progress."""
    return JsonAnswer(comparisons().find(_asked(request)), headers=FRESH)


async def start(request: Request) -> Response:
    """Start a comparison."""
    require_same_origin(request)
    async with data_turns.turn(person(request)):
        return JsonAnswer(await run_in_threadpool(lambda: comparisons().start(_asked(request))), headers=FRESH)


def state(request: Request) -> Response:
    """Return a job's progress."""
    return JsonAnswer(comparisons().state(request.path_params["job"]), headers=FRESH)


async def cancel(request: Request) -> Response:
    """Cancel a job."""
    require_same_origin(request)
    return JsonAnswer(await run_in_threadpool(comparisons().cancel, request.path_params["job"]), headers=FRESH)


def picture(request: Request) -> Response:
    """Return one picture of a data set."""
    content = comparisons().pictures(request.path_params["data"], 0).png(_index(request))
    return Response(content, media_type="image/png", headers=BINARY | FRESH)


async def add_photo(request: Request) -> Response:
    """Add one picture of a data set to the photos."""
    require_same_origin(request)
    data, index = request.path_params["data"], _index(request)
    async with data_turns.turn(person(request)):
        photo = await run_in_threadpool(comparisons().add_photo, data, index)
    return JsonAnswer(photo.record(), headers=FRESH)


def weights(request: Request) -> Response:
    """Return the distances of both networks' layers."""
    return JsonAnswer(comparisons().weights(_asked(request).a, _asked(request).b), headers=FRESH)


def recipes(request: Request) -> Response:
    """Return the differences of recipes; `checkpoints` holds one name per line."""
    names = request.query_params.get("checkpoints", "").split("\n")
    return JsonAnswer(comparisons().recipes(names), headers=FRESH)


def curves(request: Request) -> Response:
    """Return the curves of the training that a checkpoint comes from."""
    message = comparisons().curves(request.query_params.get("checkpoint", ""))
    return Response(message, headers=BINARY | FRESH)


def stage_file(request: Request) -> Response:
    """Return one stage of both as an .npz file."""
    query = request.query_params
    asked, photo, stage = _asked(request), query.get("photo", ""), query.get("stage", "")
    content = comparisons().stage_file(asked, photo, stage, query.get("pairs", _MATCHED))
    return Response(content, media_type="application/octet-stream", headers=BINARY)


def report(request: Request) -> Response:
    """Return the comparison as one page of HTML."""
    query = request.query_params
    with in_language("en"):  # it is kept and sent on: to whoever reads it, not to who saves it
        page = comparisons().report(_asked(request), query.get("photo", ""), query.get("pairs", _MATCHED))
    return Response(page, media_type="text/html", headers=FRESH | {"Content-Disposition": "attachment"})


COMPARE_ROUTES = [
    Route("/api/comparison", in_turn(find, whose=data_turns)),
    Route("/api/comparison", with_json_errors(start), methods=["POST"]),
    Route("/api/comparison/data", in_turn(data_sets, whose=data_turns)),
    Route("/api/comparison/pair", in_turn(pair)),
    Route("/api/comparison/weights", in_turn(weights)),
    Route("/api/comparison/recipes", in_turn(recipes)),
    Route("/api/comparison/curves", in_turn(curves)),
    Route("/api/comparison/stage.npz", in_turn(stage_file, 422, data_turns)),
    Route("/api/comparison/report.html", in_turn(report, 422, data_turns)),
    Route("/api/comparison/jobs/{job}", in_threadpool(state)),
    Route("/api/comparison/jobs/{job}/cancel", with_json_errors(cancel), methods=["POST"]),
    Route("/api/comparison/data/{data}/{index}.png", in_turn(picture, 422, data_turns)),
    Route("/api/comparison/data/{data}/{index}/photo", with_json_errors(add_photo), methods=["POST"]),
]
