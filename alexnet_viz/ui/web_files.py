"""The front end's files: all that the page asks for by itself, kept by the browser until one of them changes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from alexnet_viz.language import FOLDER as LANGUAGE_FOLDER
from alexnet_viz.language import decimal_mark, messages
from alexnet_viz.ui.http import FRESH, UNCHANGING, in_threadpool

_WEB = Path(__file__).parent / "web"
_LANGUAGES = "languages/"  # the catalogs, as the pages read them
_MEDIA = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}


def _stamps() -> dict[str, tuple[int, int]]:
    """Return the front end's files, as paths below its folder, each with when it was written and its size.

    A page asks for two hundred modules at once, and each is looked up here: so no file gets a `Path`.
    """
    found = {}
    for folder, _, names in os.walk(_WEB):
        below = Path(folder).relative_to(_WEB).as_posix()
        for name in names:
            if name.endswith(tuple(_MEDIA)):
                stat = os.stat(os.path.join(folder, name))
                found[name if below == "." else f"{below}/{name}"] = stat.st_mtime_ns, stat.st_size
    for path in LANGUAGE_FOLDER.glob("*.po"):
        stat = path.stat()
        found[f"{_LANGUAGES}{path.stem}.json"] = stat.st_mtime_ns, stat.st_size
    return found


def web_files() -> list[str]:
    """Return the front end's files, as paths below its folder."""
    return sorted(_stamps())


def web_version() -> str:
    """Return a name for the front end as it is on the disk now: any change of a file changes it."""
    return _version(_stamps())


def _version(stamps: dict[str, tuple[int, int]]) -> str:
    return hashlib.sha256(repr(sorted(stamps.items())).encode()).hexdigest()[:12]


def web(request: Request) -> Response:
    """Return one module of the front end; under its present version's name, for ever."""
    name, stamps = request.path_params["name"], _stamps()
    if name not in stamps:
        return JSONResponse({"error": "There is no such module."}, status_code=404)
    present = request.path_params["version"] == _version(stamps)
    headers = UNCHANGING if present else FRESH
    if name.startswith(_LANGUAGES):
        language = Path(name).stem
        return JSONResponse({"decimal": decimal_mark(language), "messages": messages(language)}, headers=headers)
    path = _WEB / name
    return FileResponse(path, media_type=_MEDIA[path.suffix], headers=headers)


WEB_ROUTES = [Route("/web/{version}/{name:path}", in_threadpool(web))]
