"""The routes as a web server would call them, without one."""

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message

from alexnet_viz import language
from alexnet_viz.ui import http
from alexnet_viz.ui.explore import routes
from alexnet_viz.ui.explore.service import Service
from alexnet_viz.ui.web_files import WEB_ROUTES

Headers = Mapping[str, str]


@dataclass
class Answer:
    """What came back, and how much of a request's body was taken."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)  # asyncio.run has what it returns written out, of a checkpoint 230 MB
    chunks_taken: int

    def json(self) -> Any:
        return json.loads(self.body)


Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """One service for all tests of this folder, with the process's one network in it."""
    made = Service()
    yield made
    made.engine.close()


@pytest.fixture
def ask(service: Service, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """A function that sends one request: `ask("/api/trace", photo="chelsea")`, `ask("/api/photos", chunks=[b"…"])`.

    A request with `chunks` is a POST of them, one after the other; a chunk of None is a browser that goes away.
    """
    monkeypatch.setattr(routes, "service", lambda: service)
    app = Starlette(routes=[*WEB_ROUTES, *routes.EXPLORE_ROUTES])

    def send(
        path: str, *, chunks: Iterable[bytes | None] | None = None, headers: Headers | None = None, **query: str
    ) -> Answer:
        return asyncio.run(call(app, path, query, None if chunks is None else iter(chunks), headers or {}))

    return send


@pytest.fixture(autouse=True)
def every_refusal_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """No route of these tests answers with an error that only English has."""

    class Checked(http.JsonAnswer):
        def render(self, content: object) -> bytes:
            if isinstance(content, dict) and "error" in content:
                assert not list(only_english(content["error"]))
            return super().render(content)

    monkeypatch.setattr(http, "JsonAnswer", Checked)


def only_english(sentence: object) -> Iterator[str]:
    """Yield the parts of a sentence of several words that nothing marks; a problem is what another program calls it."""
    if isinstance(sentence, language._Said):
        for name, value in sentence.values.items():
            yield from () if name == "problem" else only_english(value)
    elif re.search("[a-z]{2,} [a-z]{2,} [a-z]{2,}", str(sentence)):
        yield str(sentence)


async def call(
    app: ASGIApp, path: str, query: Mapping[str, str], chunks: Iterator[bytes | None] | None, headers: Headers
) -> Answer:
    sent: list[Message] = []
    taken, is_complete = 0, False

    async def receive() -> Message:
        nonlocal taken, is_complete
        if is_complete:  # nothing follows; the browser stays for the answer
            await asyncio.Event().wait()
        chunk = next(chunks, b"") if chunks is not None else b""
        if chunk is None:
            return {"type": "http.disconnect"}
        taken += bool(chunk)
        is_complete = not chunk
        return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET" if chunks is None else "POST",
        "scheme": "http",
        "path": urlsplit(path).path,
        "raw_path": path.encode(),
        "query_string": urlencode(query).encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in {"host": "app:80", **headers}.items()],
        "client": ("127.0.0.1", 1),
        "server": ("app", 80),
        "root_path": "",
    }
    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Answer(start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body, taken)
