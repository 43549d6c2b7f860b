"""Pages opened by their own address.

Streamlit's page looks for its server below the page's own path first, so that every reload of /architecture asks for
two addresses that do not exist and leaves two errors in the browser's console. Here it is told where the server is.
"""

from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from alexnet_viz.ui.components.microscope import PAGES

_SHELL = Path(streamlit.__file__).parent / "static" / "index.html"
_HEAD = "<head>"
_SERVER = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL("./", location.href).href }</script>'


async def shell(_request: Request) -> Response:
    """Return Streamlit's page, told that its server is one level above."""
    page = _SHELL.read_text("utf-8")
    return HTMLResponse(page.replace(_HEAD, _HEAD + _SERVER, 1), headers={"Cache-Control": "no-cache"})


PAGE_ROUTES = [Route(f"/{page['path']}", shell) for page in PAGES if page["path"]]
