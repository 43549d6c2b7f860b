"""The script that Streamlit runs for every page: page settings and navigation."""

import sys
from pathlib import Path

import streamlit as st

# `streamlit run` puts the entry's folder on the path; an ASGI server of one's own need not.
if str(Path(__file__).parents[2]) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parents[2]))

PAGES = Path(__file__).parent / "pages"

st.set_page_config(page_title="alexnet_viz", page_icon="🔬", layout="wide", initial_sidebar_state="collapsed")
page = st.navigation(
    [
        st.Page(PAGES / "explore.py", title="Explore", default=True),
        st.Page(PAGES / "unit.py", title="Unit", url_path="unit"),
        st.Page(PAGES / "why.py", title="Why", url_path="why"),
        st.Page(PAGES / "compare.py", title="Compare", url_path="compare"),
        st.Page(PAGES / "train.py", title="Train", url_path="train"),
        st.Page(PAGES / "architecture.py", title="Architecture", url_path="architecture"),
        st.Page(PAGES / "classroom.py", title="Classroom", url_path="classroom"),
    ],
    position="hidden",
)
page.run()
