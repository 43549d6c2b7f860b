"""The app: `streamlit run streamlit_app.py`."""

import streamlit as st

from alexnet_viz.ui.server import ROUTES, warm_up

app = st.App("alexnet_viz/ui/main.py", routes=ROUTES, lifespan=warm_up)
