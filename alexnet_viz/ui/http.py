"""What every route shares: blocking work beside the event loop, errors as sentences, files received, headers."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from alexnet_viz.cli_output import one_line
from alexnet_viz.errors import AlexNetVizError, OriginError

# Streamlit would compress: three times slower for numbers that hardly shrink.
BINARY = {"Content-Encoding": "identity"}
# An answer whose address holds a digest of everything that decides it never changes.
UNCHANGING = {"Cache-Control": "private, max-age=31536000, immutable"}
FRESH = {"Cache-Control": "no-cache"}
_MOST_BODY_BYTES = 2_000_000  # 10,000 names of classes, written as JSON
_log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Handler = Callable[[Request], Awaitable[Response]]


def in_threadpool(handler: Callable[[Request], Response], refusal: int = 200) -> Handler:
    """Return a blocking handler as one that runs beside the event loop."""

    async def run(request: Request) -> Response:
        return await run_in_threadpool(handler, request)

    return with_json_errors(run, refusal)


def with_json_errors(handler: Handler, refusal: int = 200) -> Handler:
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


async def receive_file(
    request: Request,
    file: Path,
    most_bytes: int,
    too_large: AlexNetVizError,
    keep: Callable[[Callable[[], None]], dict[str, object]],
) -> dict[str, object]:
    """Write the request's body into `file` and return `keep(check)`; where either fails, nothing of it stays.

    `check` is that of `while_asked`: it raises once the browser has gone.
    """
    received = 0
    try:
        with file.open("wb") as stream:
            async for chunk in request.stream():
                received += len(chunk)
                if received > most_bytes:
                    raise too_large
                stream.write(chunk)
        return await while_asked(request, keep)
    except BaseException:  # too large, of no use, a full disk, a browser that went away
        file.unlink(missing_ok=True)
        raise


async def while_asked(request: Request, work: Callable[[Callable[[], None]], Answer]) -> Answer:
    """Return what blocking work beside the event loop returns, and let it end once the browser has gone.

    Args:
        request: Its body has been received.
        work: Takes a check to call now and then, which raises ClientDisconnect when nobody waits for the answer.
    """
    gone = threading.Event()

    def check() -> None:
        if gone.is_set():
            raise ClientDisconnect

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            continue
        gone.set()

    watching = asyncio.create_task(watch())
    try:
        return await run_in_threadpool(work, check)
    finally:
        watching.cancel()


def with_json_body(act: Callable[[Request, dict[str, object]], dict[str, object]]) -> Handler:
    """Return a handler that takes a JSON object from this app's own page and does something with it."""

    async def handler(request: Request) -> Response:
        require_same_origin(request)
        body = await request.body()
        try:
            asked = json.loads(body[:_MOST_BODY_BYTES] or b"{}")
        except ValueError as error:
            raise AlexNetVizError("The request is not JSON; reload the page.") from error
        result = await run_in_threadpool(act, request, asked if isinstance(asked, dict) else {})
        return JSONResponse(result, headers=FRESH)

    return with_json_errors(handler)


def require_same_origin(request: Request) -> None:
    """Refuse what another site's page sends through a visitor's browser.

    Streamlit's own option names further origins of this app, for a proxy that asks the server under another host.
    """
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if origin is None or urlsplit(origin).netloc == host:
        return
    if origin not in st.get_option("server.corsAllowedOrigins"):
        raise OriginError(one_line(origin)[:200], one_line(host)[:200])
