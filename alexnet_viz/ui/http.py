"""What all routes share: turns at the engine, errors as sentences, received bodies, headers.

A waiting request costs no thread: it waits on the event loop until it is its person's turn.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar, overload
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import anyio
import streamlit as st
from anyio.to_thread import run_sync
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alexnet_viz.cli_output import one_line
from alexnet_viz.errors import AlexNetVizError, BodyError, OriginError
from alexnet_viz.language import in_words, said
from alexnet_viz.memory import NOT_ENOUGH, is_out_of_memory
from alexnet_viz.strict_json import JsonError, read_json
from alexnet_viz.ui.descriptors import USED_UP
from alexnet_viz.ui.people import person_of
from alexnet_viz.ui.turns import Turns

# Streamlit would compress: three times slower for numbers that hardly shrink.
BINARY = {"Content-Encoding": "identity"}
# An answer whose address holds a digest of everything that decides it never changes.
UNCHANGING = {"Cache-Control": "private, max-age=31536000, immutable"}
FOR_A_DAY = {"Cache-Control": "private, max-age=86400"}  # what changes with the program alone
FRESH = {"Cache-Control": "no-cache"}
_MOST_BODY_BYTES = 2_000_000  # 10,000 names of classes, written as JSON
_SILENT_SECONDS = 20.0  # without a byte
_SLOW_SECONDS, _LEAST_BYTES_PER_SECOND = 30.0, 10_000  # after a while a sender is to be quicker than this
_UPLOADS_AT_ONCE = 2  # are looked through; the others wait on the disk
_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR)
# One computes while two others are prepared or written out: nobody waits behind more than that of another person's.
turns = Turns(3)
long_turns = Turns(4)  # of work that takes seconds and lets photos go first: it must not hold every thread
# Of what may have to read pictures first, a person's zip of 20,000 for minutes, and of what starts or fetches
# something: no photo waits for that, and nobody waits for another's.
data_turns = Turns(8, of_a_person=2)
_WENT_WRONG = said("Something went wrong on the server; its log says what. The page still works.")
_log = logging.getLogger(__name__)
_limiters: WeakKeyDictionary[asyncio.AbstractEventLoop, anyio.CapacityLimiter] = WeakKeyDictionary()
Answer = TypeVar("Answer")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class JsonAnswer(JSONResponse):
    """A record as JSON, its sentences in the language of the request."""

    def render(self, content: object) -> bytes:
        """Return the record as it is sent."""
        return super().render(in_words(content))


def unknown(request: Request) -> Response:
    """Answer 404 for unknown API addresses; Streamlit would serve its page for any address."""
    sentence = said("There is no {method} {path} here; reload the page.", method=request.method, path=request.url.path)
    return JsonAnswer({"error": sentence}, status_code=404, headers=FRESH)


UNKNOWN_ROUTES = [Route("/api/{path:path}", unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])]  # the last


def in_turn(handler: Callable[[Request], Response], refusal: int = 200, whose: Turns = turns) -> Handler:
    """Return a blocking handler as one that runs in a thread when it is its person's turn.

    For whatever may compute or decode: a person with many requests delays another's by what is under way, not by them
    all, and what waits holds no thread.
    """

    async def run(request: Request) -> Response:
        async with whose.turn(person(request)):
            return await run_in_threadpool(handler, request)

    return with_json_errors(run, refusal)


def in_threadpool(handler: Callable[[Request], Response], refusal: int = 200) -> Handler:
    """Return a blocking handler as one that runs in a thread at once; it must take milliseconds only."""

    async def run(request: Request) -> Response:
        return await run_in_threadpool(handler, request)

    return with_json_errors(run, refusal)


def person(request: Request) -> str:
    """Return the key of a request's turn: the person's, else the machine's."""
    return person_of(request) or (request.client.host if request.client else "")


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
            return JsonAnswer({"error": error.args[0]}, status_code=refusal, headers=FRESH)
        except ClientDisconnect:  # in the middle of an upload; nobody will read this
            return Response(status_code=400)
        except OSError as error:
            return _disk_refusal(request, error)
        except Exception as error:  # noqa: BLE001 (a page must live on; the log says what happened)
            _log.exception("%s %s failed", request.method, request.url.path)
            sentence = NOT_ENOUGH if is_out_of_memory(error) else _WENT_WRONG
            return JsonAnswer({"error": sentence}, status_code=500, headers=FRESH)

    return answer


def _disk_refusal(request: Request, error: OSError) -> Response:
    """Return a disk error in words; the log says more."""
    sentence = _WENT_WRONG
    if error.errno in _FULL:
        sentence = said("The server's disk is full, so nothing was changed. Free some space there, then try again.")
    elif error.errno in _CLOSED:
        sentence = said(
            "The server's folder cannot be written, or is gone, so nothing was changed. Tell who runs the server, "
            "then try again."
        )
    elif error.errno in USED_UP:
        sentence = said("The server has too many connections open, so nothing was changed. Try again in a minute.")
    known = error.errno in (*_FULL, *_CLOSED, *USED_UP)
    _log.error("%s %s failed: %s", request.method, request.url.path, error, exc_info=None if known else error)
    return JsonAnswer({"error": sentence}, status_code=507 if known else 500, headers=FRESH)


async def body_parts(request: Request, most_bytes: int, too_large: AlexNetVizError) -> AsyncIterator[bytes]:
    """Yield a request's body as it arrives.

    Args:
        request: Nothing of its body has been taken yet.
        most_bytes: More are refused, before the first byte is taken where the request says how many follow.
        too_large: How they are refused.
    Raises:
        BodyError: The sender stands still, or is so slow that it would hold its place for ever.
    """
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > most_bytes:
        raise too_large
    clock, received = asyncio.get_running_loop().time, 0
    latest, parts = clock() + _SLOW_SECONDS, request.stream()
    while True:
        try:
            part = await asyncio.wait_for(anext(parts), _SILENT_SECONDS)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise BodyError(said("nothing came for {seconds} seconds", seconds=int(_SILENT_SECONDS))) from error
        received += len(part)
        if received > most_bytes:
            raise too_large
        if received < (clock() - latest) * _LEAST_BYTES_PER_SECOND:
            raise BodyError(said("less than {size} kB a second came", size=_LEAST_BYTES_PER_SECOND // 1000))
        yield part


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
    try:
        with file.open("wb") as stream:
            async for part in body_parts(request, most_bytes, too_large):
                stream.write(part)
        async with _uploads():
            return await while_asked(request, keep)
    except BaseException:  # too large, of no use, a full disk, a browser that went away
        file.unlink(missing_ok=True)
        raise


async def in_upload_turn(work: Callable[[], Answer]) -> Answer:
    """Run blocking work on an upload; a few at once, the others wait without a thread."""
    async with _uploads():
        return await run_sync(work)


def _uploads() -> anyio.CapacityLimiter:
    """Return the limiter of this event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _limiters:
        _limiters[loop] = anyio.CapacityLimiter(_UPLOADS_AT_ONCE)
    return _limiters[loop]


async def while_asked(request: Request, work: Callable[[Callable[[], None]], Answer]) -> Answer:
    """Run blocking work in a thread, and tell it to end once the browser has gone.

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


def whole(text: object, otherwise: int) -> int:
    """Return a whole number below a million that an address or a body holds, `otherwise` where it holds none."""
    words = str(text)
    return int(words) if words.isascii() and words.isdigit() and len(words) < 7 else otherwise


@overload
def place(text: object) -> int: ...
@overload
def place(text: object, otherwise: None) -> int | None: ...
def place(text: object, otherwise: int | None = 0) -> int | None:
    """Return the number of a channel or a class that an address or a body holds, `otherwise` where it holds none.

    What is no such number is -1, which no list has, so that it is refused and nothing else shown in its place.
    """
    return otherwise if text in (None, "") else whole(text, -1)


async def json_body(request: Request) -> dict[str, object]:
    """Return the JSON object that a request holds; {} where it holds something else.

    Raises:
        BodyError: It is too large, or comes too slowly.
        AlexNetVizError: It is no JSON.
    """
    too_large = BodyError(said("it is larger than {size} MB, the limit", size=_MOST_BODY_BYTES // 1_000_000))
    body = b"".join([part async for part in body_parts(request, _MOST_BODY_BYTES, too_large)])
    try:
        asked = read_json(body or b"{}")
    except JsonError as error:
        raise AlexNetVizError(said("The request is not JSON ({problem}); reload the page.", problem=error)) from error
    return asked if isinstance(asked, dict) else {}


def with_json_body(
    act: Callable[[Request, dict[str, object]], Mapping[str, object]], whose: Turns | None = None
) -> Handler:
    """Return a route for a handler of a JSON object that this app's own page sends.

    Args:
        act: Does it. It never waits for what needs a turn itself.
        whose: The turns that it waits for; None for what takes milliseconds, and for whatever ends something.
    """

    async def handler(request: Request) -> Response:
        require_same_origin(request)
        asked = await json_body(request)
        async with whose.turn(person(request)) if whose else nullcontext():
            result = await run_in_threadpool(act, request, asked)
        return JsonAnswer(result, headers=FRESH)

    return with_json_errors(handler)


def require_same_origin(request: Request) -> None:
    """Refuse requests that another site's page sends through a visitor's browser.

    A browser says so in Sec-Fetch-Site, which no page can set, or else in Origin, whose scheme counts too: another
    server of this machine may answer under https. Streamlit's own option names further origins of this app, for a proxy
    that asks the server under another host.
    """
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    site = request.headers.get("sec-fetch-site", "")
    if site in ("", "none", "same-origin") and _is_own(request, origin, host, site):
        return
    if origin is None or origin not in st.get_option("server.corsAllowedOrigins"):
        from_whom = (
            one_line(origin)[:200] if origin else said("which the browser calls {site}", site=one_line(site)[:200])
        )
        raise OriginError(from_whom, one_line(host)[:200])


def _is_own(request: Request, origin: str | None, host: str, site: str) -> bool:
    if origin is None:  # no browser, or one that vouches for the page
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:  # "http://["
        return False
    schemes = (request.scope.get("scheme", "http"), request.headers.get("x-forwarded-proto"))
    return parts.netloc == host and (site == "same-origin" or parts.scheme in schemes)
