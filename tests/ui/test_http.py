import asyncio
import errno
import json
import threading

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alexnet_viz.errors import BodyError, OriginError
from alexnet_viz.ui import http
from alexnet_viz.ui.http import body_parts, in_upload_turn, require_same_origin, whole, with_json_errors
from tests.support.at_a_time import AtATime
from tests.ui.conftest import call


def sent(**headers: str) -> Request:
    return Request({"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]})


@pytest.fixture
def known_origins(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The further origins of this app, as the option names them."""
    known: list[str] = []
    options = {"server.corsAllowedOrigins": known}
    monkeypatch.setattr(st, "get_option", options.__getitem__)
    return known


@pytest.mark.usefixtures("known_origins")
def test_behind_a_proxy_that_rewrites_the_host_cause_and_remedy_are_said() -> None:
    with pytest.raises(OriginError) as refused:
        require_same_origin(sent(origin="https://lab.example", host="127.0.0.1:8501"))
    words = str(refused.value)
    assert "https://lab.example" in words
    assert "asked as 127.0.0.1:8501" in words
    assert "proxy_set_header Host $http_host;" in words
    assert words.endswith("--server.corsAllowedOrigins=https://lab.example")


def test_an_origin_that_is_configured_may_send(known_origins: list[str]) -> None:
    known_origins.append("https://lab.example")
    require_same_origin(sent(origin="https://lab.example", host="127.0.0.1:8501"))
    for other in ("http://lab.example", "https://lab.example:444", "https://lab.example.evil.example", "null"):
        with pytest.raises(OriginError):
            require_same_origin(sent(origin=other, host="127.0.0.1:8501"))


@pytest.mark.usefixtures("known_origins")
def test_what_a_proxy_claims_counts_for_nothing_by_itself() -> None:
    headers = {"origin": "https://evil.example", "host": "127.0.0.1:8501", "x-forwarded-host": "evil.example"}
    with pytest.raises(OriginError):
        require_same_origin(sent(**headers))
    with pytest.raises(OriginError, match=r"null, may not send anything to this app, which was asked as app:80\.$"):
        require_same_origin(sent(origin="null", host="app:80"))


@pytest.mark.usefixtures("known_origins")
def test_the_same_page_and_what_is_no_browser_may_send() -> None:
    require_same_origin(sent(origin="http://lab.example", host="lab.example"))
    require_same_origin(sent(host="lab.example"))
    require_same_origin(sent(host="lab.example", **{"sec-fetch-site": "same-origin"}))


@pytest.mark.usefixtures("known_origins")
def test_behind_a_proxy_that_speaks_https_the_own_page_may_send() -> None:
    origin = {"origin": "https://lab.example", "host": "lab.example"}
    require_same_origin(sent(**origin, **{"sec-fetch-site": "same-origin"}))
    require_same_origin(sent(**origin, **{"x-forwarded-proto": "https"}))


@pytest.mark.usefixtures("known_origins")
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://lab.example"},  # another server of that machine
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},  # a browser that keeps the origin to itself
        {"sec-fetch-site": "same-site"},
        {"origin": "http://lab.example", "sec-fetch-site": "cross-site"},
    ],
)
def test_what_a_browser_calls_another_site_may_not_send(headers: dict[str, str]) -> None:
    with pytest.raises(OriginError):
        require_same_origin(sent(host="lab.example", **headers))


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("999999", 999_999), (7, 7), ("1000000", -1), ("-1", -1), ("²", -1), (None, -1)]
)
def test_a_whole_number_is_read_and_nothing_else(text: object, number: int) -> None:
    assert whole(text, -1) == number


def body_of(*parts: bytes, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Request:
    """A request whose body comes in parts, after which its sender stands still."""
    left = list(parts)

    async def receive() -> dict[str, object]:
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": left.pop(0), "more_body": True}

    return Request({"type": "http", "headers": list(headers)}, receive)


async def taken(request: Request, most_bytes: int) -> bytes:
    return b"".join([part async for part in body_parts(request, most_bytes, BodyError("too large"))])


def test_a_body_over_the_limit_is_refused_where_it_passes_it() -> None:
    request = body_of(b"12345", b"67890", b"never taken")
    with pytest.raises(BodyError, match="too large"):
        asyncio.run(taken(request, 9))


def test_a_body_that_is_announced_too_large_is_refused_before_its_first_byte() -> None:
    with pytest.raises(BodyError, match="too large"):
        asyncio.run(taken(body_of(headers=((b"content-length", b"800000000"),)), 9))


def test_a_sender_that_stands_still_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_SILENT_SECONDS", 0.01)
    with pytest.raises(BodyError, match="nothing came for"):
        asyncio.run(taken(body_of(b"123"), 9))


def test_a_sender_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_SLOW_SECONDS", -1.0)  # one second is over already: 10 kB were to be here
    with pytest.raises(BodyError, match="less than 10 kB a second"):
        asyncio.run(taken(body_of(b"123"), 9))


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written"), (errno.EMFILE, "too many connections")],
)
def test_a_full_or_closed_disk_is_said(number: int, words: str) -> None:
    async def write(_request: Request) -> Response:
        raise OSError(number, "no")

    scope = {"type": "http", "headers": [], "method": "POST", "path": "/", "query_string": b"", "server": ("a", 80)}
    answer = asyncio.run(with_json_errors(write)(Request(scope)))
    assert answer.status_code == 507
    assert words in json.loads(bytes(answer.body))["error"]


def test_of_a_hundred_uploads_two_are_looked_through_at_a_time() -> None:
    goes_on, inside = threading.Event(), AtATime()

    def look_through() -> None:
        with inside:
            goes_on.wait(60)

    async def everybody() -> None:
        uploads = [asyncio.create_task(in_upload_turn(look_through)) for _ in range(100)]
        while inside.here < 2:
            await asyncio.sleep(0)
        goes_on.set()
        await asyncio.gather(*uploads)

    asyncio.run(everybody())
    assert inside.most == 2


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory")])
def test_a_server_without_memory_says_so(error: Exception) -> None:
    async def compute(_request: Request) -> Response:
        raise error

    scope = {"type": "http", "method": "GET", "path": "/api/trace", "headers": []}
    answer = asyncio.run(with_json_errors(compute)(Request(scope)))
    assert "There is not enough memory free for this." in json.loads(bytes(answer.body))["error"]


def test_a_channel_or_class_that_is_no_number_is_none_of_the_list() -> None:
    given = (None, "", "0", "17", "-3", "1e3", True, 1.5, "9" * 400, "²", [1])
    assert [http.place(each) for each in given] == [0, 0, 0, 17, -1, -1, -1, -1, -1, -1, -1]


def test_an_address_that_the_app_does_not_have_is_no_page() -> None:
    async def resume(_: Request) -> Response:
        return Response("resumed")

    app = Starlette(routes=[Route("/api/runs/{run}/resume", resume, methods=["POST"]), *http.UNKNOWN_ROUTES])
    assert asyncio.run(call(app, "/api/runs/1/resume", {}, iter([b""]), {})).body == b"resumed"
    for path in ("/api/runs/1/resume", "/api/recipes"):
        answer = asyncio.run(call(app, path, {}, None, {}))
        assert (answer.status, answer.headers["content-type"]) == (404, "application/json")
        assert answer.json()["error"] == f"There is no GET {path} here; reload the page."
