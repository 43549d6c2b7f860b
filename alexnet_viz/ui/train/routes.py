"""Routes of the Train page. They import nothing heavy: torch is imported with the first answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from alexnet_viz.errors import DatasetError
from alexnet_viz.language import said
from alexnet_viz.ui.class_gate import CLASS, who
from alexnet_viz.ui.http import (
    BINARY,
    FOR_A_DAY,
    FRESH,
    JsonAnswer,
    data_turns,
    in_threadpool,
    in_turn,
    receive_file,
    require_same_origin,
    whole,
    with_json_body,
    with_json_errors,
)
from alexnet_viz.ui.services import lesson_room, service, training
from alexnet_viz.ui.turns import Turns

if TYPE_CHECKING:
    from alexnet_viz.ui.train.replay import Wanted
    from alexnet_viz.ui.train.uploads import Upload

_MOST_ZIP_BYTES = 300_000_000


def plotly(_request: Request) -> Response:
    """Return the chart library that comes with the plotly package."""
    import plotly as package

    path = Path(package.__file__).parent / "package_data" / "plotly.min.js"
    return FileResponse(path, media_type="text/javascript", headers=FOR_A_DAY)


def options(_request: Request) -> Response:
    """Return data sets, presets and settings."""
    return JsonAnswer(training().launching.options(), headers=FRESH)


def runs(_request: Request) -> Response:
    """Return all runs, and how quickly photos are answered beside them."""
    return JsonAnswer({**training().listing(), "explored": service().engine.last_answer}, headers=FRESH)


def curves(request: Request) -> Response:
    """Return a run's curves."""
    return Response(training().curves_message(request.path_params["run"]), headers=BINARY | FRESH)


def replay(request: Request) -> Response:
    """Return what a photo looked like after each epoch."""
    photos = service().photos
    photo = photos.decoded(photos.find(request.query_params.get("photo", "")))
    message = training().replay_message(request.path_params["run"], photo, _wanted(request))
    return Response(message, headers=BINARY | FRESH)


def _wanted(request: Request) -> Wanted:
    from alexnet_viz.ui.train.replay import Wanted

    query = request.query_params
    return Wanted(
        stage=query.get("stage", "block2.relu"),
        channel=whole(query.get("channel"), -1),
        near=whole(query.get("near"), -1),
        have=frozenset(query.get("have", "").split(",")),
    )


def table(request: Request) -> Response:
    """Return a run's points as CSV."""
    return Response(training().table(request.path_params["run"]), media_type="text/csv", headers=FRESH)


def checkpoint(request: Request) -> Response:
    """Return a checkpoint's file."""
    run, name = request.path_params["run"], request.path_params["name"]
    file = training().checkpoint_file(run, name)
    title = name if name.startswith(run) else f"{run}-{name}"
    return FileResponse(file.path, media_type="application/octet-stream", filename=f"{title}.safetensors")


def _run(request: Request) -> str:
    return str(request.path_params["run"])


async def add_upload(request: Request) -> Response:
    """Receive a zip of class folders: the request's body; "use=measured" where it is for measuring, not training."""
    require_same_origin(request)
    is_learnt = request.query_params.get("use") != "measured"
    name = Path(request.query_params.get("name", "") or "pictures.zip").name[:120]
    upload = await run_in_threadpool(_new_upload)
    too_large = DatasetError(name, said("is larger than 300 MB, the limit; put fewer or smaller pictures into it"))
    found = await receive_file(
        request, upload.file, _MOST_ZIP_BYTES, too_large, lambda check: _inspect(upload, name, check, is_learnt)
    )
    return JsonAnswer(found)


def _new_upload() -> Upload:
    from alexnet_viz.ui.train.uploads import new_upload  # imports torch

    return new_upload()


def _inspect(upload: Upload, name: str, check: Callable[[], None], is_learnt: bool) -> dict[str, object]:
    from alexnet_viz.ui.train.uploads import inspect_upload

    return inspect_upload(upload, name, check, is_learnt=is_learnt)


def _launch(_request: Request, asked: dict[str, object]) -> Mapping[str, object]:
    launched = training().launch(asked)
    if who().role == CLASS:
        lesson_room().keep_run(who().pupil, str(launched["id"]))
    return launched


def _resume(request: Request, asked: dict[str, object]) -> Mapping[str, object]:
    return training().resume(_run(request), from_checkpoint=asked.get("from_checkpoint") is True)


def _post(
    path: str, act: Callable[[Request, dict[str, object]], Mapping[str, object]], whose: Turns | None = None
) -> Route:
    return Route(path, with_json_body(act, whose), methods=["POST"])


# A probe takes seconds, on a busy machine a minute: a launch does not wait for it.
_estimate_turns = Turns(4, of_a_person=1)

TRAIN_ROUTES = [
    Route("/vendor/plotly.min.js", in_threadpool(plotly)),
    Route("/api/training", in_threadpool(options)),
    Route("/api/runs", in_threadpool(runs)),
    Route("/api/runs/{run}/curves", in_threadpool(curves)),
    Route("/api/runs/{run}/replay", in_turn(replay)),
    Route("/api/runs/{run}/metrics.csv", in_threadpool(table, 422)),
    Route("/api/runs/{run}/checkpoints/{name}", in_threadpool(checkpoint, 422)),
    Route("/api/datasets", with_json_errors(add_upload), methods=["POST"]),
    _post("/api/datasets/cifar10", lambda _request, _asked: training().launching.fetch_cifar10(), data_turns),
    _post("/api/runs/launch", _launch, data_turns),
    _post("/api/runs/estimate", lambda _request, asked: training().launching.estimate(asked), _estimate_turns),
    _post("/api/runs/{run}/stop", lambda request, _asked: training().stop(_run(request))),
    _post("/api/runs/{run}/kill", lambda request, _asked: training().kill(_run(request))),
    _post("/api/runs/{run}/resume", _resume, data_turns),
    _post("/api/runs/{run}/delete", lambda request, _asked: training().delete(_run(request))),
    _post(
        "/api/runs/{run}/note", lambda request, asked: training().write_note(_run(request), str(asked.get("note", "")))
    ),
]
