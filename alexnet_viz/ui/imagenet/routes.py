"""Routes for the network that can be downloaded: its state, begin, cancel, remove."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alexnet_viz.ui.http import FRESH, JsonAnswer, in_threadpool, with_json_body
from alexnet_viz.ui.services import imagenet


def status(request: Request) -> Response:
    """Return its state; `job` is a download that this browser has started."""
    return JsonAnswer(imagenet().status(request.query_params.get("job", "")), headers=FRESH)


def start(_request: Request, _asked: dict[str, object]) -> dict[str, object]:
    """Start the download."""
    return imagenet().start()


def cancel(request: Request, _asked: dict[str, object]) -> dict[str, object]:
    """Cancel a download."""
    return imagenet().cancel(request.path_params["job"])


def remove(_request: Request, _asked: dict[str, object]) -> dict[str, object]:
    """Remove it from this machine."""
    return imagenet().remove()


IMAGENET_ROUTES = [
    Route("/api/imagenet", in_threadpool(status)),
    Route("/api/imagenet", with_json_body(start), methods=["POST"]),
    Route("/api/imagenet/removal", with_json_body(remove), methods=["POST"]),
    Route("/api/imagenet/{job}/cancel", with_json_body(cancel), methods=["POST"]),
]
