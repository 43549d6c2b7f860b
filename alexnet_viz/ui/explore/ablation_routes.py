"""Routes about an altered network: what each channel costs, and how often the network is right."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alexnet_viz.ui.explore.routes import subject_of
from alexnet_viz.ui.http import FRESH, JsonAnswer, data_turns, in_turn, place
from alexnet_viz.ui.services import ablations


def costs(request: Request) -> Response:
    """Return a class's probability without some channels, each switched off alone."""
    query = request.query_params
    first, target = place(query.get("first")), place(query.get("target"))
    return JsonAnswer(ablations().costs(subject_of(request), query.get("stage", ""), first, target), headers=FRESH)


def count_right(request: Request) -> Response:
    """Return how many test pictures are classified correctly, before and after the alteration."""
    first = place(request.query_params.get("first"))
    return JsonAnswer(ablations().count_right(subject_of(request), first), headers=FRESH)


ABLATION_ROUTES = [
    Route("/api/costs", in_turn(costs)),
    Route("/api/altered/right", in_turn(count_right, whose=data_turns)),
]
