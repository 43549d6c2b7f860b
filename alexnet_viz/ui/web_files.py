"""The front end's files: all that the page asks for by itself, kept by the browser until one of them changes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from alexnet_viz.ui.http import FRESH, UNCHANGING, in_threadpool

_WEB = Path(__file__).parent / "web"
_MEDIA = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}


def web_files() -> list[str]:
    """Return the front end's files, as paths below its folder."""
    return sorted(path.relative_to(_WEB).as_posix() for path in _WEB.rglob("*") if path.suffix in _MEDIA)


def web_version() -> str:
    """Return a name for the front end as it is on the disk now: any change of a file changes it."""
    files = [(name, (_WEB / name).stat()) for name in web_files()]
    stamps = [(name, stat.st_mtime_ns, stat.st_size) for name, stat in files]
    return hashlib.sha256(repr(stamps).encode()).hexdigest()[:12]


def web(request: Request) -> Response:
    """Return one module of the front end; under its present version's name, for ever."""
    name = request.path_params["name"]
    if name not in web_files():
        return JSONResponse({"error": "There is no such module."}, status_code=404)
    present = request.path_params["version"] == web_version()
    path = _WEB / name
    return FileResponse(path, media_type=_MEDIA[path.suffix], headers=UNCHANGING if present else FRESH)


WEB_ROUTES = [Route("/web/{version}/{name:path}", in_threadpool(web))]
