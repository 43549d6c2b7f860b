"""Every page through the real entry point, as Streamlit runs it."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from alexnet_viz.ui.components.microscope import PAGES

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "alexnet_viz" / "ui" / "main.py"  # what the app of streamlit_app.py runs for every page


def component(app: AppTest) -> Any:
    (element,) = app.get("bidi_component")
    return element.proto


def test_the_entry_point_builds_the_app() -> None:
    app = AppTest.from_file(ROOT / "streamlit_app.py", default_timeout=60).run()
    assert not app.exception


def test_the_first_page_is_explore() -> None:
    app = AppTest.from_file(SCRIPT, default_timeout=60).run()
    assert not app.exception
    assert json.loads(component(app).json)["page"] == "Explore"


@pytest.mark.parametrize("page", PAGES, ids=[page["title"] for page in PAGES])
def test_every_page_mounts_the_component_with_its_name(page: dict[str, str]) -> None:
    app = AppTest.from_file(SCRIPT, default_timeout=60).run()
    app.switch_page(str(SCRIPT.parent / "pages" / f"{page['title'].lower()}.py")).run()
    assert not app.exception
    data = json.loads(component(app).json)
    assert data["page"] == page["title"]
    assert data["pages"] == list(PAGES)
    assert not app.get("markdown") or not app.markdown[0].value.strip()  # nothing else is drawn
