"""The real app in a real browser: one server and one Chromium for all browser tests of a process, a watched page each.

A page fails its test when the browser logs an error, when a script throws, when anything is asked of another host,
or when the app shows an exception box.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError, expect

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.images import GALLERY, read_image, to_tensor
from alexnet_viz.inference import Trace, trace
from tests.support.real_app import CHROMIUM, chromium, running_app

PATIENCE_MS = 60_000  # what is waited for is answered as soon as it is true; two apps on a slow machine take this long

MEDIA = {"color_scheme", "contrast", "forced_colors", "reduced_motion"}
STORES = "file_systems,indexeddb,local_storage,service_workers,cache_storage"

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
        context.on("console", self._note_message)
        context.on("weberror", self._note_failure)
        context.on("request", self._note_request)
        context.on("page", self._follow_streams)

    def leave(self, context: BrowserContext) -> None:
        """Note no more of what the pages of `context` do."""
        context.remove_listener("console", self._note_message)
        context.remove_listener("weberror", self._note_failure)
        context.remove_listener("request", self._note_request)
        context.remove_listener("page", self._follow_streams)

    def _note_message(self, message: ConsoleMessage) -> None:
        self._note(message.type == "error", f"console error: {message.text}")

    def _note_failure(self, failure: WebError) -> None:
        self._note(True, f"script error: {failure.error}")

    def _note_request(self, request: Request) -> None:
        self._note_address(request.url)

    def _follow_streams(self, page: Page) -> None:
        page.on("websocket", lambda stream: self._note_address(stream.url))

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
    """One headless Chromium, the lighter one where there are two."""
    if not CHROMIUM.is_file():
        pytest.fail(
            f"there is no Chromium at {CHROMIUM}: `make test` installs one as root, or set CHROMIUM=/path/to/chrome"
        )
    expect.set_options(timeout=PATIENCE_MS)
    with chromium("--process-per-site", light=True) as started:
        yield started


@pytest.fixture
def watch(server: str) -> Watch:
    """What the pages of this test did wrong so far; whatever is left in it at the end fails the test."""
    return Watch(urlsplit(server).netloc)


class Contexts:
    """The browser's contexts, each lent to one visitor after the other, who finds nothing of the one before.

    What a context has fetched it need not fetch again: in a new one the page's hundred modules cost seconds of a
    processor, which is most of a test. And as an empty page of the app stays open in each, the process of the
    pages before goes on, with what it has compiled: a tab in a new process costs twice as much.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[BrowserContext]] = {}

    @contextlib.contextmanager
    def visitor(self, server: str, options: dict[str, Any], watch: Watch) -> Iterator[Page]:
        """A page of a visitor who was never here before, watched until it is closed."""
        idle = self._idle.setdefault(repr((server, sorted(options.items()))), [])
        context = idle.pop() if idle else self._new_context(server, options)
        context.set_default_timeout(PATIENCE_MS)
        watch.follow(context)
        page = context.new_page()
        context.clear_cookies()
        session = context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": server, "storageTypes": STORES})
        session.detach()
        yield page
        _, *visited = context.pages
        boxes = [box for each in visited for box in _exception_boxes(each)]
        for each in visited:
            each.close()
        watch.leave(context)
        watch.complaints.extend(boxes)
        idle.append(context)

    def _new_context(self, server: str, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(base_url=server, **options)
        context.new_page().goto("/_stcore/health")  # the page that stays
        return context


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    """What lends the contexts of all tests."""
    return Contexts(browser)


@pytest.fixture
def new_page(server: str, contexts: Contexts, watch: Watch) -> Iterator[NewPage]:
    """A function that opens a watched page: `new_page(color_scheme="dark")`; `page.goto("/")` is the app.

    Its arguments are those of Playwright's `Browser.new_context`. Each page is its own visitor.
    """
    with contextlib.ExitStack() as visits:

        def open_page(**options: Any) -> Page:
            settings: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, **options}
            media = {name: settings.pop(name) for name in MEDIA & settings.keys()}
            viewport = settings.pop("viewport")
            page = visits.enter_context(contexts.visitor(server, settings, watch))
            page.set_viewport_size(viewport)
            page.emulate_media(**media)
            return page

        yield open_page
    assert not watch.complaints


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
