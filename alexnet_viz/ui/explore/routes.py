"""Routes of the Explore page and those that every page uses: photos, maps, tables, model files."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from alexnet_viz.errors import ImageError
from alexnet_viz.language import said
from alexnet_viz.ui.class_gate import served_file
from alexnet_viz.ui.http import (
    BINARY,
    FOR_A_DAY,
    FRESH,
    UNCHANGING,
    JsonAnswer,
    body_parts,
    data_turns,
    in_threadpool,
    in_turn,
    in_upload_turn,
    person,
    place,
    receive_file,
    require_same_origin,
    turns,
    whole,
    with_json_body,
    with_json_errors,
)
from alexnet_viz.ui.people import has_cookie
from alexnet_viz.ui.services import first_page, service

if TYPE_CHECKING:
    from alexnet_viz.ui.explore.service import Subject

_MOST_PHOTO_BYTES = 25_000_000
_MOST_CHECKPOINT_BYTES = 1_000_000_000  # as `checkpoints.MOST_FILE_BYTES`, which a test compares; torch is not here yet
_MOST_CLASSES = 99_999
_PART_BYTES = 1_000_000


def subject_of(request: Request) -> Subject:
    """Return the photo, checkpoint and alteration that a request names."""
    from alexnet_viz.ui.explore.service import Subject

    query = request.query_params
    texts = (query.get(name, "") for name in ("photo", "checkpoint", "resize", "altered"))
    return Subject(*texts)


def start(request: Request) -> Response:
    """Return photos, checkpoints and shapes, and whether the browser is known by a cookie."""
    first_page.set()
    return JsonAnswer({**service().start(), "cookie": has_cookie(request)}, headers=FRESH)


async def queue(request: Request) -> Response:
    """Return how many requests of others will be answered before this person's."""
    return JsonAnswer({"before": turns.before(person(request))}, headers=FRESH)


def trace(request: Request) -> Response:
    """Return a photo's pass through a network, without the maps."""
    return Response(service().trace_message(subject_of(request)), headers=BINARY | FRESH)


def stage(request: Request) -> Response:
    """Return the values of one stage; `digest` in the address is the checkpoint's content."""
    message = service().stage_message(subject_of(request), request.path_params["stage"])
    return Response(message, headers=BINARY | kept_as_named(request))


def filters(request: Request) -> Response:
    """Return the first convolution's filters."""
    message = service().filters_message(request.query_params.get("checkpoint", ""))
    return Response(message, headers=BINARY | kept_as_named(request))


def kept_as_named(request: Request) -> dict[str, str]:
    """Return the cache header of an answer: for ever where its address determines the answer.

    The file may have been replaced since the page was told its digest.
    """
    from alexnet_viz.ui.explore.payload import digest_in_addresses

    named = request.query_params.get("digest")
    if not named:
        return FRESH
    checkpoint, _ = service().checkpoint(request.query_params.get("checkpoint", ""))
    return UNCHANGING if named == digest_in_addresses(checkpoint) else FRESH


def activations(request: Request) -> Response:
    """Return arrays as an .npz file."""
    stages = tuple(filter(None, request.query_params.get("stages", "").split(",")))
    content = service().activations_file(subject_of(request), stages)
    return Response(content, media_type="application/octet-stream", headers=BINARY)


def code(request: Request) -> Response:
    """Return the current view as a script."""
    query = request.query_params
    text = service().code(subject_of(request), query.get("stage", ""), place(query.get("channel")))
    return Response(text, media_type="text/x-python", headers=FRESH)


def exported(request: Request) -> Response:
    """Return a checkpoint as a file for other programs, streamed, since it has hundreds of megabytes."""
    require_same_origin(request)
    query = request.query_params
    file = service().exported(query.get("checkpoint", ""), query.get("format", ""))
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    headers = BINARY | FRESH | {"Content-Length": str(size)}
    return StreamingResponse(_parts(file), media_type="application/octet-stream", headers=headers)


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(_PART_BYTES):
            yield part


def layers(request: Request) -> Response:
    """Return the layer table."""
    query = request.query_params
    return JsonAnswer(service().layers(query.get("checkpoint", ""), query.get("variant", "seed"), _classes(request)))


def layers_file(request: Request) -> Response:
    """Return the layer table as CSV."""
    query = request.query_params
    checkpoint, photo, altered = (query.get(name, "") for name in ("checkpoint", "photo", "altered"))
    text = service().layers_file(checkpoint, photo, query.get("variant", "seed"), _classes(request), altered)
    return Response(text, media_type="text/csv")


def _classes(request: Request) -> int:
    return min(whole(request.query_params.get("classes"), 10), _MOST_CLASSES)


def picture(request: Request) -> Response:
    """Return a photo as the browser shows it; a person's own is called by its content, the gallery's by a name."""
    photos = service().photos
    photo = photos.find(request.path_params["photo"])
    from alexnet_viz.ui.photos import picture_for_screen

    longest = min(max(whole(request.query_params.get("side"), 640), 16), 2048)
    content = picture_for_screen(photos.decoded(photo).image, longest)
    return Response(content, media_type="image/jpeg", headers=BINARY | (FOR_A_DAY if photo.gallery else UNCHANGING))


def about(request: Request) -> Response:
    """Return a photo's record, or that the server no longer has it."""
    return JsonAnswer(service().photos.find(request.path_params["photo"]).record(), headers=FRESH)


async def add_photo(request: Request) -> Response:
    """Receive a photo: the request's body is the file."""
    require_same_origin(request)
    name = request.query_params.get("name", "") or "photo"
    too_large = ImageError(name, said("is larger than 25 MB, the limit. Shrink it and upload again."))
    # Hundreds may be on their way at once, and so lie on the disk; those of a class never do.
    most_in_memory = _MOST_PHOTO_BYTES + 1 if served_file() is not None else 1
    with tempfile.SpooledTemporaryFile(max_size=most_in_memory) as file:
        async for part in body_parts(request, _MOST_PHOTO_BYTES, too_large):
            file.write(part)
        file.seek(0)
        photo = await in_upload_turn(lambda: service().photos.add(file.read(), name))
    return JsonAnswer(photo.record())


async def add_checkpoint(request: Request) -> Response:
    """Receive a model file: the request's body."""
    from alexnet_viz.errors import CheckpointError

    require_same_origin(request)
    name = Path(request.query_params.get("name", "") or "checkpoint").name[:120]
    session = request.query_params.get("session", "")
    file = (await run_in_threadpool(service)).new_file(Path(name).suffix[:12])
    too_large = CheckpointError(name, said("is larger than 1,000 MB, the limit; save model.state_dict() alone."))
    entry = await receive_file(
        request, file, _MOST_CHECKPOINT_BYTES, too_large, lambda _check: service().add_checkpoint(file, name, session)
    )
    return JsonAnswer(entry)


def own_checkpoint(request: Request) -> Response:
    """Return the record of a person's own model file, or that the server no longer has it."""
    session = request.query_params.get("session", "")
    return JsonAnswer(service().own_checkpoint(request.path_params["name"], session), headers=FRESH)


def describe_checkpoint(request: Request, asked: dict[str, object]) -> dict[str, object]:
    """Set an own model file's name, and the variant, normalisation and classes that any file leaves open."""
    from alexnet_viz.checkpoints import Choice, class_names

    title, variant, normalisation, classes = (
        str(asked.get(key) or "") for key in ("title", "variant", "normalisation", "classes")
    )
    choice = Choice(variant, normalisation, class_names(classes))
    return service().describe_checkpoint(request.path_params["name"], title, choice)


def keep_checkpoint(request: Request, _asked: dict[str, object]) -> dict[str, object]:
    """Save a person's own model file permanently."""
    return service().keep_checkpoint(request.path_params["name"])


EXPLORE_ROUTES = [
    Route("/api/start", in_threadpool(start)),
    Route("/api/queue", with_json_errors(queue)),
    Route("/api/trace", in_turn(trace)),
    Route("/api/stages/{stage}", in_turn(stage)),
    Route("/api/filters", in_turn(filters)),
    Route("/api/activations.npz", in_turn(activations, 422)),
    Route("/api/checkpoint-file", in_turn(exported, 422)),
    Route("/api/view.py", in_turn(code, 422)),
    Route("/api/layers", in_turn(layers)),
    Route("/api/layers.csv", in_turn(layers_file, 422)),
    Route("/api/photos", with_json_errors(add_photo), methods=["POST"]),
    Route("/api/photos/{photo}", in_turn(picture, 422)),
    Route("/api/photos/{photo}/about", in_threadpool(about)),
    Route("/api/checkpoints", with_json_errors(add_checkpoint), methods=["POST"]),
    Route("/api/checkpoints/{name}", in_turn(own_checkpoint)),
    Route("/api/checkpoints/{name}/description", with_json_body(describe_checkpoint, turns), methods=["POST"]),
    Route("/api/checkpoints/{name}/kept", with_json_body(keep_checkpoint, data_turns), methods=["POST"]),
]
