"""Who is asking, and what belongs to them: the only place that knows.

A person is a browser: the app's page gives it a cookie that nobody can guess and no script can read. Where a browser
keeps no cookie, as in a frame of another site, a person is a tab, identified by its Streamlit session. Programs that
send neither are treated as one person.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_COOKIE = "alexnet_viz_person"
_GIVEN = re.compile(r"[0-9a-f]{32}")
_asking: ContextVar[str] = ContextVar("asking", default="")  # threads that answer a request have a copy


def asking() -> str:
    """Return whose request is being answered, "" where that is unknown or there is no request. It is a secret."""
    return _asking.get()


def is_theirs(owner: str) -> bool:
    """Return whether `owner` is the person who is asking."""
    return hmac.compare_digest(owner.encode(), asking().encode())


@contextmanager
def asked_by(person: str) -> Iterator[None]:
    """Treat a person as the one who asks within the block."""
    token = _asking.set(person)
    try:
        yield
    finally:
        _asking.reset(token)


def has_cookie(connection: HTTPConnection) -> bool:
    """Return whether a browser has kept the cookie that the page gave it."""
    return _GIVEN.fullmatch(connection.cookies.get(_COOKIE, "")) is not None


def person_of(connection: HTTPConnection) -> str:
    """Return who asks: a browser, else a tab, else ""."""
    if has_cookie(connection):
        return connection.cookies[_COOKIE]
    session = connection.headers.get("x-session", "") or connection.query_params.get("session", "")
    return f"tab {session[:64]}" if session else ""


def give_cookie(request: Request, response: Response) -> None:
    """Give a browser without a cookie one that identifies it until it is closed."""
    if not has_cookie(request):
        is_secure = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
        response.set_cookie(_COOKIE, secrets.token_hex(16), httponly=True, samesite="lax", secure=is_secure)


class People:
    """ASGI middleware that identifies the person behind every request.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to the app."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with asked_by(person_of(HTTPConnection(scope))):
            await self._app(scope, receive, send)
