"""The one Streamlit component: it draws a page inside the frame that all pages share."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from alexnet_viz import __version__
from alexnet_viz.ui.class_gate import served_file
from alexnet_viz.ui.web_files import web_version

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "alexnet_viz_microscope",
    html="<div></div>",
    js=(_HERE / "microscope.js").read_text("utf-8"),
)
# A tuple: given a list, Streamlit imports pandas and pyarrow to see whether it is a data frame, before the first frame.
PAGES = (
    {"title": "Explore", "path": ""},
    {"title": "Unit", "path": "unit"},
    {"title": "Why", "path": "why"},
    {"title": "Compare", "path": "compare"},
    {"title": "Train", "path": "train"},
    {"title": "Architecture", "path": "architecture"},
    {"title": "Classroom", "path": "classroom"},
)
# The component covers the window and has a skip link of its own; what the shell would draw below it is taken away.
_SHELL = "<style>header[data-testid=stHeader], a[data-testid=stSkipToContent] { display: none; }</style>"


def microscope(page: str) -> None:
    """Draw the page with that title; from then on the browser uses the pages' routes."""
    st.html(_SHELL)
    running = get_script_run_ctx()
    session = running.session_id if running else ""  # what the browser sends belongs to it
    about = {
        "page": page,
        "pages": PAGES,
        "version": web_version(),
        "session": session,
        "release": __version__,
        "serving": served_file() is not None,
    }
    _component(key="microscope", data=about)
