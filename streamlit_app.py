"""The app: `streamlit run streamlit_app.py`, or `alexnet-viz` once the package is installed."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from alexnet_viz import ui
from alexnet_viz.ui.class_gate import ClassGate
from alexnet_viz.ui.classroom.routes import CLASSROOM_ROUTES
from alexnet_viz.ui.compare.routes import COMPARE_ROUTES
from alexnet_viz.ui.explore.ablation_routes import ABLATION_ROUTES
from alexnet_viz.ui.explore.routes import EXPLORE_ROUTES
from alexnet_viz.ui.gate import SecurityHeaders
from alexnet_viz.ui.http import UNKNOWN_ROUTES
from alexnet_viz.ui.imagenet.routes import IMAGENET_ROUTES
from alexnet_viz.ui.page_shell import PAGE_ROUTES
from alexnet_viz.ui.people import People
from alexnet_viz.ui.request_language import RequestLanguage
from alexnet_viz.ui.services import warm_up
from alexnet_viz.ui.train.routes import TRAIN_ROUTES
from alexnet_viz.ui.unit.routes import UNIT_ROUTES
from alexnet_viz.ui.web_files import WEB_ROUTES
from alexnet_viz.ui.why.routes import WHY_ROUTES

# Streamlit looks at the host of its websocket only; a page that renames itself to this address must not read ours.
_hosts = Middleware(
    TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"], www_redirect=False
)
_headers = Middleware(SecurityHeaders, framed_by=st.get_option("server.corsAllowedOrigins"))
app = st.App(
    Path(ui.__file__).with_name("main.py"),
    routes=[
        *WEB_ROUTES,
        *EXPLORE_ROUTES,
        *ABLATION_ROUTES,
        *IMAGENET_ROUTES,
        *COMPARE_ROUTES,
        *TRAIN_ROUTES,
        *UNIT_ROUTES,
        *WHY_ROUTES,
        *CLASSROOM_ROUTES,
        *UNKNOWN_ROUTES,
        *PAGE_ROUTES,
    ],
    middleware=[_headers, _hosts, Middleware(RequestLanguage), Middleware(ClassGate), Middleware(People)],
    lifespan=warm_up,
)
