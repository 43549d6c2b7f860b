"""How the front end's files reach the browser: all asked for by the page itself, and kept until one of them changes."""

import json
import os
import re
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from alexnet_viz.ui import class_gate, web_files
from alexnet_viz.ui.page_shell import PAGE_ROUTES, shell


def ask(version: str, name: str) -> Response:
    given = {"version": version, "name": name}
    return web_files.web(Request({"type": "http", "method": "GET", "path_params": given, "headers": []}))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "app.js").write_text("export const n = 1;\n", "utf-8")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "dom.js").write_text("export const m = 1;\n", "utf-8")
    (tmp_path / "notes.txt").write_text("no part of the front end\n", "utf-8")
    monkeypatch.setattr(web_files, "_WEB", tmp_path)
    return tmp_path


def test_a_version_is_another_one_when_a_file_changes(folder: Path) -> None:
    before = web_files.web_version()
    assert web_files.web_version() == before
    os.utime(folder / "app.js", ns=(1, 1))
    assert web_files.web_version() != before


def test_only_the_present_version_is_kept_for_ever(folder: Path) -> None:
    assert "immutable" in ask(web_files.web_version(), "app.js").headers["cache-control"]
    assert ask("0123456789ab", "app.js").headers["cache-control"] == "no-cache"
    assert "immutable" in ask(web_files.web_version(), "lib/dom.js").headers["cache-control"]


def test_a_module_that_stayed_is_kept_under_the_version_that_had_it(folder: Path) -> None:
    before = web_files.web_version()
    (folder / "app.js").write_text("export const n = 2;\nexport const m = 1;\n", "utf-8")
    (folder / "new.js").write_text("export const k = 1;\n", "utf-8")
    assert "immutable" in ask(before, "lib/dom.js").headers["cache-control"]
    for name in ("app.js", "new.js"):
        assert ask(before, name).headers["cache-control"] == "no-cache"
        assert bytes(ask(before, name).body) == (folder / name).read_bytes()
        assert "immutable" in ask(web_files.web_version(), name).headers["cache-control"]
    (folder / "new.js").unlink()
    (folder / "lib" / "dom.js").unlink()
    assert [ask(before, name).status_code for name in ("new.js", "lib/dom.js")] == [404, 404]


def test_a_version_that_this_process_has_told_nobody_is_kept_too(folder: Path) -> None:
    version = web_files.web_version()
    web_files._versions.clear()  # the server was started again, and a page is still open
    assert "immutable" in ask(version, "app.js").headers["cache-control"]


def test_a_module_costs_no_look_at_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = web_files.web_version()
    monkeypatch.setattr(web_files, "_stamps", lambda: pytest.fail("all files were looked at"))
    assert bytes(ask(version, "app.js").body) == b"export const n = 1;\n"
    assert json.loads(bytes(ask(version, "languages/de.json").body))["decimal"] == ","


@pytest.mark.parametrize(
    "name", ["gone.js", "notes.txt", "../server.py", "lib/../../server.py", "lib/../app.js", "lib", ""]
)
def test_nothing_but_the_front_end_is_given(folder: Path, name: str) -> None:
    assert ask(web_files.web_version(), name).status_code == 404


def test_every_address_answers_with_a_page_that_asks_for_its_modules() -> None:
    assert [route.path for route in PAGE_ROUTES] == [
        "/",
        "/unit",
        "/why",
        "/compare",
        "/train",
        "/architecture",
        "/classroom",
    ]
    page = bytes(shell("Unit", Request({"type": "http", "path": "/unit", "headers": []})).body).decode()
    asked = re.findall(r'<link rel="modulepreload" href="\./web/([0-9a-f]{12})/([a-z_/]+\.js)">', page)
    web = Path(web_files.__file__).with_name("web")
    modules = {path.relative_to(web).as_posix() for path in web.rglob("*.js")}
    rooms = {name.rpartition("/")[0] for name in modules}
    assert rooms >= {"", "lib", "unit", "why", "classroom"}
    others = rooms - {"", "lib", "server", "shell", "maps", "charts", "unit"}
    assert {name for _, name in asked} == {name for name in modules if name.rpartition("/")[0] not in others}
    assert {version for version, _ in asked} == {web_files.web_version()}
    assert page.index("__streamlit") < page.index('src="./static/js/')  # told before Streamlit's script runs


def test_in_a_class_no_dialog_of_streamlits_covers_the_lessons_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    def page() -> str:
        return bytes(shell("Explore", Request({"type": "http", "path": "/", "headers": []})).body).decode()

    monkeypatch.delenv(class_gate.FILE, raising=False)
    assert "HOST_CONFIG: { blockErrorDialogs: false }" in page()
    monkeypatch.setenv(class_gate.FILE, "lesson.json")
    assert "HOST_CONFIG: { blockErrorDialogs: true }" in page()
