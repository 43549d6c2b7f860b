"""The checkpoint menu in a browser: its groups, its keys, and ImageNet's AlexNet from a server on loopback."""

import hashlib
import re
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from tests.browser.checkpoint_menu import line, menu, open_menu, pick, picked
from tests.browser.explore import open_explore, wait_for_maps
from tests.support.model_files import TORCHVISION, saved
from tests.support.real_app import running_app
from tests.support.source_server import FileServer, serving

FILE_NAME = "alexnet-owt-7be5be79.pth"
TITLE = "AlexNet trained on ImageNet, 1000 classes"


def network_content(folder: Path) -> bytes:
    """Torchvision's tensors in two megabytes: most repeat one number, and the last biases are the logits."""
    random = torch.Generator().manual_seed(0)
    state = {}
    for name, shape in TORCHVISION.items():
        state[f"{name}.weight"] = torch.tensor(0.0).expand(shape)
        state[f"{name}.bias"] = torch.tensor(0.0).expand(shape[:1])
    state["features.10.weight"] = torch.randn(TORCHVISION["features.10"], generator=random)
    logits = torch.randn(1000, generator=random)
    logits[281] = 9.0  # a tabby
    state["classifier.6.bias"] = logits
    return saved(state, folder / "made.pth").read_bytes()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileServer]:
    content = network_content(tmp_path_factory.mktemp("made"))
    with serving(content, FILE_NAME) as served:
        yield served


@pytest.fixture(scope="module")
def hub(server_folder: Path) -> Path:
    return server_folder / "torch" / "hub" / "checkpoints"


@pytest.fixture(scope="module")
def server(source: FileServer, server_folder: Path) -> Iterator[str]:
    """The app, which gets ImageNet's AlexNet from the server on loopback."""
    log = server_folder / "menu.log"
    known = (source.url, str(len(source.content)), hashlib.sha256(source.content).hexdigest())
    folders: dict[str, Any] = {
        f"ALEXNET_VIZ_{name.upper()}": str(server_folder / f"menu-{name}") for name in ("runs", "data")
    }
    command = (sys.executable, "-m", "tests.support.app_with_imagenet", *known)
    with running_app(command, log=log, TORCH_HOME=str(server_folder / "torch"), **folders) as app:
        urllib.request.urlopen(f"{app.address}/api/start", timeout=120).close()
        yield app.address
    assert "Traceback" not in log.read_text("utf-8", errors="replace")


@pytest.fixture(autouse=True)
def as_at_first(source: FileServer, hub: Path) -> Iterator[None]:
    source.go_on.clear()
    source.held_after, source.status = None, 200
    yield
    source.go_on.set()
    for path in hub.glob("*"):
        path.unlink(missing_ok=True)


def elsewhere(page: Page) -> Locator:
    return menu(page).get_by_role("row", name="From elsewhere").last


def press(page: Page, name: str) -> None:
    elsewhere(page).get_by_role("button", name=name, exact=True).click()


def test_groups_with_what_each_file_is(page: Page) -> None:
    open_explore(page)
    open_menu(page)
    heads = menu(page).get_by_role("columnheader")
    expect(heads.filter(has_text=re.compile("^Shipped with the app$"))).to_be_visible()
    expect(line(page, "cifar10-photographs")).to_have_text(re.compile(r"10\s*87 %\s*12 MB"))
    expect(line(page, "untrained")).to_have_text(re.compile(r"✓untrained10\s*chance\s*none"))
    expect(elsewhere(page)).to_contain_text(TITLE)
    expect(elsewhere(page)).to_contain_text("2 MB from pytorch.org · BSD-3")


def test_it_is_found_and_opened_by_keys(page: Page) -> None:
    open_explore(page)
    pick(page).focus()
    page.keyboard.press("Enter")
    expect(line(page, "untrained")).to_be_focused()
    page.keyboard.type("fast-ep")
    expect(menu(page).locator("[data-name]")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(line(page, "cifar10-fast-epoch-1")).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu(page)).to_be_hidden()
    expect(pick(page)).to_be_focused()
    expect(pick(page)).to_have_attribute("data-value", "cifar10-fast-epoch-1")
    page.keyboard.press("Enter")
    page.keyboard.type("nowhere")
    expect(menu(page)).to_contain_text("No checkpoint here has “nowhere” in its name.")
    page.keyboard.press("Escape")
    expect(menu(page).locator("[data-name]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu(page)).to_be_hidden()


def test_one_press_fetches_and_opens_it_and_one_removes_it(page: Page, source: FileServer, hub: Path) -> None:
    open_explore(page)
    open_menu(page)
    source.held_after = len(source.content) // 2
    press(page, "Get")
    expect(elsewhere(page)).to_contain_text("1 of 2 MB")
    expect(elsewhere(page).get_by_role("progressbar")).to_have_attribute("aria-valuenow", "50")
    source.go_on.set()
    expect(menu(page)).to_be_hidden(timeout=60_000)
    expect(picked(page)).to_have_text("AlexNet, ImageNet")
    wait_for_maps(page)
    expect(page.locator(".prediction-bars .bar").first).to_have_text(re.compile("^tabby"))
    open_menu(page)
    expect(elsewhere(page)).to_contain_text("open · 57 % of ImageNet's pictures · BSD-3")
    press(page, "Remove, 2 MB")
    press(page, "Keep it")
    elsewhere(page).get_by_role("button", name="Remove, 2 MB").dblclick()
    press(page, "Remove it")  # which is still asked
    expect(picked(page)).to_have_text("cifar10-photographs")
    assert not (hub / FILE_NAME).exists()


def test_a_cancelled_fetch_goes_on(page: Page, source: FileServer) -> None:
    open_explore(page)
    open_menu(page)
    source.held_after = len(source.content) // 2
    press(page, "Get")
    expect(elsewhere(page)).to_contain_text("1 of 2 MB")
    press(page, "Cancel")
    expect(elsewhere(page)).to_contain_text("1 MB kept")
    source.go_on.set()
    source.held_after = None
    press(page, "Go on")
    expect(picked(page)).to_have_text("AlexNet, ImageNet", timeout=60_000)
    assert source.ranges[-1].startswith("bytes=")


def test_an_error_names_the_way_out_and_the_menu_stays_usable(page: Page, source: FileServer, hub: Path) -> None:
    open_explore(page)
    open_menu(page)
    source.status = 503
    press(page, "Get")
    expect(elsewhere(page)).to_contain_text("pytorch.org answered 503")
    expect(elsewhere(page)).to_contain_text(f"Put the file here: checkpoints/{FILE_NAME}")
    expect(elsewhere(page).get_by_role("button", name="Try again")).to_be_visible()
    hub.mkdir(parents=True, exist_ok=True)
    (hub / FILE_NAME).write_bytes(source.content)
    page.keyboard.press("Escape")
    open_menu(page)
    expect(elsewhere(page)).to_contain_text("found on this machine")
    press(page, "Open")
    expect(picked(page)).to_have_text("AlexNet, ImageNet")
    wait_for_maps(page)


def test_in_compare_the_others_classes_are_told(page: Page) -> None:
    page.goto("/compare?a=cifar10-fast&b=untrained")
    open_menu(page, "Checkpoint A")
    expect(line(page, "cifar10-fast")).to_be_focused()
    expect(menu(page).get_by_text("maps only")).to_have_count(0)
