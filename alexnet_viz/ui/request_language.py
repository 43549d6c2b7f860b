"""The language in which a request is answered."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alexnet_viz.language import accepted_language, in_language


class RequestLanguage:
    """Uses the language that the request's Accept-Language asks for: the pages send the one that was chosen."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, in that language."""

        async def send_with_language(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).add_vary_header("Accept-Language")
            await send(message)

        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        with in_language(accepted_language(Headers(scope=scope).get("accept-language", ""))):
            await self._app(scope, receive, send_with_language)
