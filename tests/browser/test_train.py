"""The Train page: the path of a first visitor, in a real browser, with a real training in the background."""

import json
import re
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

SECONDS = 1000
PATIENCE = 180 * SECONDS  # a trainer imports torch first; two cores with other work take their time


@pytest.fixture(autouse=True)
def _no_trainer_is_left(server: str) -> Iterator[None]:
    yield
    with urllib.request.urlopen(f"{server}/api/runs", timeout=60) as answer:
        runs = json.load(answer)["runs"]
    for run in runs:
        if run["state"] in ("queued", "running", "stopping"):
            urllib.request.urlopen(f"{server}/api/runs/{run['id']}/kill", data=b"{}", timeout=60).close()


def _row(page: Page) -> Locator:
    return page.get_by_role("region", name="Runs").get_by_role("listitem").first


def _expect_state(page: Page, words: str) -> None:
    expect(page.locator(".run-badge")).to_have_text(re.compile(words), timeout=PATIENCE)


def _launch(page: Page) -> None:
    page.get_by_label("data", exact=True).select_option("shapes")
    page.get_by_label("images", exact=True).select_option("64")
    page.get_by_label("epochs", exact=True).fill("40")
    page.get_by_role("button", name="advanced settings").click()
    page.get_by_label("precision", exact=True).select_option("fp32")  # spares the trainer its probe
    page.get_by_label("batch size", exact=True).fill("16")
    page.get_by_role("button", name="advanced settings").click()
    page.get_by_role("button", name="Launch run").click()
    _expect_state(page, "running|queued")


def _there_and_back(page: Page) -> None:
    page.get_by_role("link", name="Explore").click()
    expect(page.get_by_role("grid").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Train").click()
    _expect_state(page, "running")


def _stop_and_resume(page: Page) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()
    _expect_state(page, "stopped")
    expect(page.get_by_text("Stopped on request; resume to go on.")).to_be_visible()
    page.get_by_role("button", name="Resume", exact=True).click()
    _expect_state(page, "running")


def _replay(page: Page) -> str:
    """Walk through the epochs with the keys; return the one that is open at the end."""
    slider = page.get_by_role("slider", name="Epoch")
    last = slider.get_attribute("aria-valuenow") or "0"
    assert int(last) > 0
    page.keyboard.press("ArrowLeft")
    expect(slider).not_to_have_attribute("aria-valuenow", last)
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", last)
    page.keyboard.press("ArrowLeft")
    expect(slider).not_to_have_attribute("aria-valuenow", last)
    page.keyboard.press("l")
    expect(page.get_by_label("loss axis")).to_have_value("log")
    return slider.get_attribute("aria-valuenow") or ""


def test_a_first_run_from_launch_to_explore(page: Page) -> None:
    page.goto("/train")
    expect(page.get_by_role("button", name="Launch run")).to_be_enabled(timeout=PATIENCE)
    words = "The shapes data needs no download; a first run takes about two minutes."
    expect(page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)
    _launch(page)
    # A loss point is there when the run's name stands at the end of its line.
    expect(page.locator(".chart-labels .label.name").first).to_have_text("fast", timeout=PATIENCE)
    expect(page.locator(".chart-labels")).to_contain_text("chance 2.303")
    _there_and_back(page)
    _stop_and_resume(page)
    expect(_row(page)).to_contain_text(re.compile(r"epoch \d+ of 40"))
    expect(_row(page).locator(".run-best")).to_have_text(re.compile("%"), timeout=PATIENCE)
    expect(page.locator(".moment-bar").first).to_contain_text("%", timeout=PATIENCE)
    page.keyboard.press("s")
    _expect_state(page, "stopped")
    epoch = _replay(page)
    page.get_by_role("button", name="Open in Explore").click()
    expect(page.get_by_label("checkpoint", exact=True)).to_have_value(re.compile(f":{epoch}$"), timeout=PATIENCE)
    expect(page.get_by_role("grid").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".strip")).to_contain_text("disc", timeout=PATIENCE)
