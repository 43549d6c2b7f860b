"""Security headers of every answer, Streamlit's own included: who may frame it, and what it may load."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit's page has scripts and styles in its text, takes components from blobs, and counts in WebAssembly (numbers
# of 64 bits, in protobuf). No code is made of text: neither it nor plotly needs that.
_POLICY = (
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' ws: wss: data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)


class SecurityHeaders:
    """ASGI middleware that adds security headers to every answer.

    Args:
        app: What answers.
        framed_by: Origins whose pages may show this app in a frame, besides its own.
    """

    def __init__(self, app: ASGIApp, framed_by: Sequence[str] = ()) -> None:
        self._app = app
        ancestors = " ".join(["frame-ancestors", "'self'", *framed_by])
        self._headers = {
            "Content-Security-Policy": "; ".join([*_POLICY, ancestors]),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
