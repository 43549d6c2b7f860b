"""The HTML page behind every address: Streamlit's own, with our additions.

It preloads the page's front-end modules beside Streamlit's own: they import each other three levels deep, and each
level would be a round trip. Modules of another page are loaded when that page is opened.

Streamlit's page first looks for its server below the page's own path, so that every reload of /architecture would ask
for two addresses that do not exist and leave two errors in the browser's console. Here it is told where the server is.
"""

from functools import partial
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from alexnet_viz.ui.class_gate import served_file
from alexnet_viz.ui.components.microscope import PAGES
from alexnet_viz.ui.people import give_cookie
from alexnet_viz.ui.web_files import web_files, web_version

_SHELL = Path(streamlit.__file__).parent / "static" / "index.html"
_HEAD, _END = "<head>", "</head>"
_SERVER = (
    '<script>window.__streamlit = {{ BACKEND_BASE_URL: new URL("./", location.href).href,'
    " HOST_CONFIG: {{ blockErrorDialogs: {blocked} }} }}</script>"
)


def shell(title: str, request: Request) -> Response:
    """Return Streamlit's page with the server's address and the modules that the app's page will need."""
    page = _SHELL.read_text("utf-8")
    folder = f"./web/{web_version()}"
    others = tuple(f"{other['title'].lower()}/" for other in PAGES if other["title"] != title)
    modules = [name for name in web_files() if name.endswith(".js") and not name.startswith(others)]
    # A lesson's bar says itself that the connection is lost; Streamlit's dialog would keep pupils from answering.
    server = _SERVER.format(blocked="true" if served_file() is not None else "false")
    links = "".join(f'<link rel="modulepreload" href="{folder}/{name}">' for name in modules)
    page = page.replace(_HEAD, _HEAD + server, 1).replace(_END, links + _END, 1)
    answer = HTMLResponse(page, headers={"Cache-Control": "no-cache"})
    give_cookie(request, answer)
    return answer


PAGE_ROUTES = [Route(f"/{page['path']}", partial(shell, page["title"])) for page in PAGES]
