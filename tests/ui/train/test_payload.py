"""The page's typedef of a run, and the server's."""

import re
from pathlib import Path
from typing import get_type_hints

import alexnet_viz
from alexnet_viz.ui.train.payload import RunRow

WEB = Path(alexnet_viz.__file__).parent / "ui" / "web"


def test_the_page_and_the_server_know_the_same_keys_of_a_run() -> None:
    script = (WEB / "charts" / "run_curves.js").read_text("utf-8")
    known = re.search(r"@typedef \{\{((?:(?!@typedef).)*)\}\} Run$", script, re.MULTILINE | re.DOTALL)
    assert known is not None
    flat = re.sub(r"\{[^{}]*\}|<[^<>]*>", "", known[1])  # without what is within a key's own type
    assert set(re.findall(r"(\w+): ", flat)) == set(get_type_hints(RunRow))
