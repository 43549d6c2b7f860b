"""The real app in a real browser: one server and one Chromium for all browser tests, a watched page for each.

A page fails its test when the browser logs an error, when a script throws, when anything is asked of another host,
or when the app shows an exception box.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.images import GALLERY, read_image, to_tensor
from alexnet_viz.inference import Trace, trace
from tests.support.real_app import CHROMIUM, chromium, running_app

PATIENCE_MS = 20_000  # a waiting `expect` is answered as soon as it is true; a busy machine may take this long

NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark this folder's tests, and run them after the others: a wrong number is told before a page is opened."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
    items.sort(key=lambda item: here in item.path.parents)


@dataclass
class Watch:
    """What a page must not do, noted as it happens.

    Attributes:
        host: "127.0.0.1:8501", the only one that may be asked for anything.
        complaints: One sentence each, in order.
    """

    host: str
    complaints: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Note what all pages of `context` do from now on."""
        context.on("console", lambda message: self._note(message.type == "error", f"console error: {message.text}"))
        context.on("weberror", lambda failure: self._note(True, f"script error: {failure.error}"))
        context.on("request", lambda request: self._note_address(request.url))
        context.on("page", lambda page: page.on("websocket", lambda stream: self._note_address(stream.url)))

    def _note(self, wrong: bool, complaint: str) -> None:
        if wrong:
            self.complaints.append(complaint)

    def _note_address(self, url: str) -> None:
        address = urlsplit(url)
        self._note(address.scheme not in ("data", "blob") and address.netloc != self.host, f"request to {url[:200]}")


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the running app has its log and its "runs", and no data set."""
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def server(server_folder: Path) -> Iterator[str]:
    """The address of the running app, "http://127.0.0.1:40123"; its log must end without a traceback."""
    log = server_folder / "server.log"
    folders: dict[str, Any] = {
        "ALEXNET_VIZ_RUNS": str(server_folder / "runs"),
        "ALEXNET_VIZ_DATA": str(server_folder / "data"),
    }
    with running_app(log=log, **folders) as app:
        yield app.address
    said = log.read_text("utf-8", errors="replace")
    assert "Traceback" not in said, said[said.index("Traceback") :][:4000]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium; the one that `CHROMIUM` names, else /usr/bin/chromium."""
    if not CHROMIUM.is_file():
        pytest.fail(
            f"there is no Chromium at {CHROMIUM}: `make test` installs one as root, or set CHROMIUM=/path/to/chrome"
        )
    expect.set_options(timeout=PATIENCE_MS)
    with chromium() as started:
        yield started


@pytest.fixture
def watch(server: str) -> Watch:
    """What the pages of this test did wrong so far; whatever is left in it at the end fails the test."""
    return Watch(urlsplit(server).netloc)


@pytest.fixture
def new_page(server: str, browser: Browser, watch: Watch) -> Iterator[NewPage]:
    """A function that opens a watched page: `new_page(color_scheme="dark")`; `page.goto("/")` is the app.

    Its arguments are those of Playwright's `Browser.new_context`. Each page is its own visitor.
    """
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        settings: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "base_url": server, **options}
        context = browser.new_context(**settings)
        contexts.append(context)
        watch.follow(context)
        return context.new_page()

    yield open_page
    boxes = [box for context in contexts for page in context.pages for box in _exception_boxes(page)]
    for context in contexts:
        context.close()
    assert not boxes + watch.complaints


def _exception_boxes(page: Page) -> list[str]:
    return [f"exception box: {text}" for text in page.get_by_test_id("stException").all_inner_texts()]


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A watched page of 1280 × 800 on which nothing is open yet."""
    return new_page()


@pytest.fixture(scope="session")
def traced(untrained: Checkpoint) -> Callable[..., Trace]:
    """A function from a gallery photo's name or a picture file's content to what the untrained network computes."""

    @cache
    def compute(photo: str | bytes, resize: Literal["crop", "squash"] = "crop") -> Trace:
        path = next((each.path for each in GALLERY if each.name == photo), None)
        image = read_image(path if path is not None else photo, name="photo.jpg")
        return trace(untrained, to_tensor(image, replace(untrained.input_rule, resize=resize)))

    return compute
