"""The app: `streamlit run streamlit_app.py`."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from alexnet_viz.ui.compare_routes import COMPARE_ROUTES
from alexnet_viz.ui.deep_links import PAGE_ROUTES
from alexnet_viz.ui.server import ROUTES, warm_up
from alexnet_viz.ui.training_routes import TRAINING_ROUTES

# Streamlit looks at the host of its websocket only; a page that renames itself to this address must not read ours.
_hosts = Middleware(
    TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"], www_redirect=False
)
app = st.App(
    "alexnet_viz/ui/main.py",
    routes=[*ROUTES, *COMPARE_ROUTES, *TRAINING_ROUTES, *PAGE_ROUTES],
    middleware=[_hosts],
    lifespan=warm_up,
)
