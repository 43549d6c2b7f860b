"""What the browser asks for beside the page itself: modules of the front end, photos, maps, tables.

Nothing heavy is imported here: the first page is sent while torch is still being imported by `warm_up`.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from alexnet_viz.errors import AlexNetVizError, ImageError
from alexnet_viz.ui.sockets import send_small_answers_at_once

if TYPE_CHECKING:
    from alexnet_viz.ui.service import Service, Subject

_WEB = Path(__file__).parent / "web"
_MEDIA = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
_MOST_PHOTO_BYTES = 25_000_000
_MOST_CHECKPOINT_BYTES = 400_000_000
# Streamlit would compress: three times slower for numbers that hardly shrink.
BINARY = {"Content-Encoding": "identity"}
# An answer whose address holds a digest of everything that decides it never changes.
_UNCHANGING = {"Cache-Control": "private, max-age=31536000, immutable"}
_FOR_EVER = BINARY | _UNCHANGING
FRESH = {"Cache-Control": "no-cache"}
_log = logging.getLogger(__name__)
_building = threading.Lock()
_FIRST_PAGE_SECONDS = 5.0  # for a first page to come and to have its scripts
_first_page = threading.Event()  # its frame stands: it has asked for the numbers
Handler = Callable[[Request], Awaitable[Response]]


@functools.cache
def _build_service() -> Service:
    from alexnet_viz.ui.collector import collect_garbage_regularly
    from alexnet_viz.ui.service import Service

    service = Service(_has_browser)
    collect_garbage_regularly()
    return service


def _has_browser(session: str) -> bool:
    """Return whether a browser is connected to this session of Streamlit's."""
    from streamlit import runtime

    return runtime.get_instance().is_active_session(session)


def service() -> Service:
    """Return the process's one service; the first call imports torch."""
    with _building:
        return _build_service()


@asynccontextmanager
async def warm_up(_app: object) -> AsyncIterator[None]:
    """Import and compute, behind the first page, what it will ask for.

    Not beside it: while torch is being imported the page's scripts are sent half as fast.
    """
    send_small_answers_at_once()
    threading.Thread(target=_first_trace, name="warm-up", daemon=True).start()
    yield


def _first_trace() -> None:
    _first_page.wait(_FIRST_PAGE_SECONDS)
    from alexnet_viz.ui.service import Subject

    ready = service()
    start = ready.start()
    ready.trace_message(Subject(ready.photos.gallery()[0].id, str(start["checkpoint"])))


def beside(handler: Callable[[Request], Response], refusal: int = 200) -> Handler:
    """Return a blocking handler as one that runs beside the event loop."""

    async def run(request: Request) -> Response:
        return await run_in_threadpool(handler, request)

    return answering(run, refusal)


def answering(handler: Handler, refusal: int = 200) -> Handler:
    """Return the handler with every error as one JSON sentence.

    Args:
        handler: What answers.
        refusal: The status of an answer to what a person got wrong. The page shows the sentence itself, and a browser
            writes any other status than 200 into its console as a failed request. What the browser fetches without the
            page's code, pictures and downloads, needs a status that says that this is not the file.
    """

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except AlexNetVizError as error:
            return JSONResponse({"error": str(error)}, status_code=refusal, headers=FRESH)
        except ClientDisconnect:  # in the middle of an upload; nobody will read this
            return Response(status_code=400)
        except Exception:  # noqa: BLE001 (a page must live on; the log says what happened)
            _log.exception("%s %s failed", request.method, request.url.path)
            sentence = "Something went wrong on the server; its log says what. The page still works."
            return JSONResponse({"error": sentence}, status_code=500, headers=FRESH)

    return answer


def _subject(request: Request) -> Subject:
    from alexnet_viz.ui.service import Subject

    query = request.query_params
    return Subject(query.get("photo", ""), query.get("checkpoint", ""), query.get("resize", ""))


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
    return FileResponse(path, media_type=_MEDIA[path.suffix], headers=_UNCHANGING if present else FRESH)


def start(_request: Request) -> Response:
    """Return photos, checkpoints and shapes."""
    _first_page.set()
    return JSONResponse(service().start(), headers=FRESH)


def queue(_request: Request) -> Response:
    """Return how many requests will be answered before a new one."""
    return JSONResponse({"waiting": service().engine.waiting}, headers=FRESH)


def trace(request: Request) -> Response:
    """Return a photo's pass through a network, without the maps."""
    return Response(service().trace_message(_subject(request)), headers=BINARY | FRESH)


def stage(request: Request) -> Response:
    """Return the values of one stage; `digest` in the address is the checkpoint's content."""
    message = service().stage_message(_subject(request), request.path_params["stage"])
    return Response(message, headers=_FOR_EVER if "digest" in request.query_params else BINARY | FRESH)


def filters(request: Request) -> Response:
    """Return the first convolution's filters."""
    message = service().filters_message(request.query_params.get("checkpoint", ""))
    return Response(message, headers=_FOR_EVER if "digest" in request.query_params else BINARY | FRESH)


def activations(request: Request) -> Response:
    """Return arrays as an .npz file."""
    stages = tuple(filter(None, request.query_params.get("stages", "").split(",")))
    content = service().activations_file(_subject(request), stages)
    return Response(content, media_type="application/octet-stream", headers=BINARY)


def layers(request: Request) -> Response:
    """Return the layer table."""
    query = request.query_params
    return JSONResponse(service().layers(query.get("checkpoint", ""), query.get("variant", "seed"), _classes(request)))


def layers_file(request: Request) -> Response:
    """Return the layer table as CSV."""
    query = request.query_params
    variant = query.get("variant", "seed")
    text = service().layers_file(query.get("checkpoint", ""), query.get("photo", ""), variant, _classes(request))
    return Response(text, media_type="text/csv")


def _classes(request: Request) -> int:
    text = request.query_params.get("classes", "10")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 10


def picture(request: Request) -> Response:
    """Return a photo as the browser shows it."""
    photos = service().photos
    side = request.query_params.get("side", "")
    photo = photos.find(request.path_params["photo"])
    from alexnet_viz.ui.photos import picture_for_screen

    longest = min(max(int(side), 16), 2048) if side.isascii() and side.isdigit() and len(side) < 6 else 640
    content = picture_for_screen(photos.decoded(photo).image, longest)
    return Response(content, media_type="image/jpeg", headers=_FOR_EVER)


def about(request: Request) -> Response:
    """Return what is known of a photo, or that the server has let it go."""
    return JSONResponse(service().photos.find(request.path_params["photo"]).record(), headers=FRESH)


async def add_photo(request: Request) -> Response:
    """Take a photo: the request's body is the file."""
    refuse_strangers(request)
    name = request.query_params.get("name", "") or "photo"
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _MOST_PHOTO_BYTES:
            raise ImageError(name, "is larger than 25 MB, the limit. Shrink it and upload again.")
    photo = await run_in_threadpool(lambda: service().photos.add(bytes(content), name))
    return JSONResponse(photo.record())


async def add_checkpoint(request: Request) -> Response:
    """Take a model file: the request's body."""
    from alexnet_viz.errors import CheckpointError

    refuse_strangers(request)
    name = Path(request.query_params.get("name", "") or "checkpoint").name[:120]
    session = request.query_params.get("session", "")
    file = (await run_in_threadpool(service)).new_file(Path(name).suffix[:12])
    too_large = CheckpointError(name, "is larger than 400 MB, the limit; save model.state_dict() alone.")
    entry = await receive_file(
        request, file, _MOST_CHECKPOINT_BYTES, too_large, lambda: service().add_checkpoint(file, name, session)
    )
    return JSONResponse(entry)


async def receive_file(
    request: Request, file: Path, most_bytes: int, too_large: AlexNetVizError, keep: Callable[[], dict[str, object]]
) -> dict[str, object]:
    """Write the request's body into `file` and return `keep()`; where either fails, nothing of it stays."""
    received = 0
    try:
        with file.open("wb") as stream:
            async for chunk in request.stream():
                received += len(chunk)
                if received > most_bytes:
                    raise too_large
                stream.write(chunk)
        return await run_in_threadpool(keep)
    except BaseException:  # too large, of no use, a full disk, a browser that went away
        file.unlink(missing_ok=True)
        raise


def refuse_strangers(request: Request) -> None:
    """Refuse what another site's page sends through a visitor's browser."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise ImageError("A page of another site", "may not send files to this app.")


ROUTES = [
    Route("/web/{version}/{name:path}", beside(web)),
    Route("/api/start", beside(start)),
    Route("/api/queue", beside(queue)),
    Route("/api/trace", beside(trace)),
    Route("/api/stages/{stage}", beside(stage)),
    Route("/api/filters", beside(filters)),
    Route("/api/activations.npz", beside(activations, 422)),
    Route("/api/layers", beside(layers)),
    Route("/api/layers.csv", beside(layers_file, 422)),
    Route("/api/photos", answering(add_photo), methods=["POST"]),
    Route("/api/photos/{photo}", beside(picture, 422)),
    Route("/api/photos/{photo}/about", beside(about)),
    Route("/api/checkpoints", answering(add_checkpoint), methods=["POST"]),
]
