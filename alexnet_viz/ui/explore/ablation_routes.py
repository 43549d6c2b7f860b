"""What Explore asks about an altered network beside its maps: what channels cost, and how often it is right."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alexnet_viz.ui.explore.routes import subject_of
from alexnet_viz.ui.http import FRESH, JsonAnswer, data_turns, in_turn
from alexnet_viz.ui.services import ablations


def _whole(request: Request, name: str) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def costs(request: Request) -> Response:
    """Return what is left of a class without some channels, each off alone."""
    stage, first, target = request.query_params.get("stage", ""), _whole(request, "first"), _whole(request, "target")
    return JsonAnswer(ablations().costs(subject_of(request), stage, first, target), headers=FRESH)


def count_right(request: Request) -> Response:
    """Return how many of some test pictures are answered rightly, before and altered."""
    return JsonAnswer(ablations().count_right(subject_of(request), _whole(request, "first")), headers=FRESH)


ABLATION_ROUTES = [
    Route("/api/costs", in_turn(costs)),
    Route("/api/altered/right", in_turn(count_right, whose=data_turns)),
]
