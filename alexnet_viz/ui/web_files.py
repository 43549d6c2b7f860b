"""The front end's files: served with addresses under which a browser may cache them until one changes."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alexnet_viz.language import FOLDER as LANGUAGE_FOLDER
from alexnet_viz.language import decimal_mark, messages
from alexnet_viz.ui.http import FRESH, UNCHANGING, in_threadpool

_WEB = Path(__file__).parent / "web"
_LANGUAGES = "languages/"  # the catalogs, as the pages read them
_MEDIA = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
_MOST_VERSIONS = 8
Stamp = tuple[int, int]  # when a file was written, and its size
_versions: OrderedDict[str, dict[str, Stamp]] = OrderedDict()  # that pages have been told of lately


def _stamps() -> dict[str, Stamp]:
    """Return the stamp of each front-end file, by its path below the folder."""
    found = {}
    for folder, _, names in os.walk(_WEB):
        below = Path(folder).relative_to(_WEB).as_posix()
        for name in names:
            if name.endswith(tuple(_MEDIA)):
                found[name if below == "." else f"{below}/{name}"] = _stamp(os.path.join(folder, name))
    for path in LANGUAGE_FOLDER.glob("*.po"):
        found[f"{_LANGUAGES}{path.stem}.json"] = _stamp(path)
    return found


def _stamp(path: str | Path) -> Stamp:
    stat = os.stat(path)
    return stat.st_mtime_ns, stat.st_size


def web_files() -> list[str]:
    """Return the front end's files, as paths below its folder."""
    return sorted(_stamps())


def web_version() -> str:
    """Return a digest of the front end's files as they are on the disk now."""
    stamps = _stamps()
    version = hashlib.sha256(repr(sorted(stamps.items())).encode()).hexdigest()[:12]
    _versions[version] = stamps
    while len(_versions) > _MOST_VERSIONS:
        _versions.popitem(last=False)
    return version


def web(request: Request) -> Response:
    """Return one module of the front end; it may be cached for ever if it is unchanged since the requested version.

    A page asks for a hundred at once. Each costs a look at its own file; where its version is unknown, at all.
    """
    name, asked = request.path_params["name"], request.path_params["version"]
    if name not in _versions.get(asked, {}) and name not in _versions[web_version()]:
        return _none()
    language = Path(name).stem if name.startswith(_LANGUAGES) else ""
    path = LANGUAGE_FOLDER / f"{language}.po" if language else _WEB / name
    try:
        is_unchanged = _versions.get(asked, {}).get(name) == _stamp(path)
        headers = UNCHANGING if is_unchanged else FRESH
        if language:
            return JSONResponse({"decimal": decimal_mark(language), "messages": messages(language)}, headers=headers)
        # Read here: a FileResponse goes to another thread five times, and each waits behind what computes.
        return Response(path.read_bytes(), media_type=_MEDIA[path.suffix], headers=headers)
    except FileNotFoundError:  # since its page was opened
        return _none()


def _none() -> Response:
    return JSONResponse({"error": "There is no such module."}, status_code=404)


WEB_ROUTES = [Route("/web/{version}/{name:path}", in_threadpool(web))]
