"""Presenter mode: one thing at a time on every page, readable from eight metres; P and its button lead in and out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from alexnet_viz.inference import Trace
from tests.browser.conftest import NewPage
from tests.support.accessibility import find_violations

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
LEAST_PX = 26.6  # 20 pt
SIZES = [(1024, 768), (800, 600)]
# What is open on each page, and which of its own pictures the mode shows.
PAGES: dict[str, tuple[str, str]] = {
    "Explore": ("/?checkpoint=untrained", ".pictures canvas"),
    "Explore, units": ("/?checkpoint=untrained&stage=fc1", ".pictures canvas"),
    "Explore, classes": ("/?checkpoint=untrained&stage=logits", ".answers"),
    "Unit": ("/unit?checkpoint=untrained", ".unit-pair figure:nth-child(2) canvas"),
    "Why": ("/why?checkpoint=untrained", ".why-map"),
    "Compare": ("/compare?a=untrained&b=cifar10-fast&stage=block1.relu", ".pair-pictures canvas.a"),
    "Compare, verdict": ("/compare?a=untrained&b=cifar10-fast&view=weights", ".slide-text"),
    "Train": ("/train", ".chart-plot"),
    "Architecture": ("/architecture", "table.layers"),
}
WORDS = """(root) => [...root.querySelectorAll("*")]
  .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .filter((each) => !each.closest(".unseen, .skip, [aria-hidden=true]"))
  .map((each) => [parseFloat(getComputedStyle(each).fontSize), each.textContent, each.getBoundingClientRect()])"""


def slide(page: Page) -> Locator:
    return page.get_by_role("region", name="Presenter mode")


def present(page: Page, name: str) -> None:
    """Open a page as a link that presents, and wait for what it shows."""
    address, shown = PAGES[name]
    page.goto(f"{address}{'&' if '?' in address else '?'}present=1")
    expect(slide(page).locator(shown).first).to_be_visible()


def words(page: Page) -> list[Any]:
    """Size, text and place of everything that can be read."""
    found: list[Any] = page.locator(".microscope").evaluate(WORDS)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_everything_is_large_and_nothing_is_cut(new_page: NewPage, name: str) -> None:
    page = new_page(viewport={"width": 1024, "height": 768})
    present(page, name)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        expect(slide(page).get_by_role("heading", level=2)).not_to_have_text("Computing")
        found = words(page)
        small = [(size, text) for size, text, _ in found if size < LEAST_PX]
        assert not small, (width, small)
        cut = [text for _, text, box in found if box["right"] > width + 1 or box["left"] < -1]
        assert not cut, (width, cut)
        over = slide(page).evaluate(
            "each => [each.scrollWidth - each.clientWidth, each.scrollHeight - each.clientHeight]"
        )
        assert max(over) <= 1, (width, over)
        expect(slide(page).get_by_role("button", name="Leave")).to_be_in_viewport(ratio=1)
    assert not find_violations(page)


def test_a_chart_that_is_on_its_way_says_so_in_large_letters(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 800, "height": 600})
    held: list[Route] = []
    page.route("**/plotly.min.js", lambda route: held.append(route))
    page.goto("/train?present=1")
    expect(slide(page).get_by_text("The curves are on their way.")).to_be_visible()
    found = words(page)
    assert not [(size, text) for size, text, _ in found if size < LEAST_PX]
    assert not [text for _, text, box in found if box["right"] > 801 or box["left"] < -1]
    held[0].continue_()


@pytest.mark.parametrize("path", ["", "unit", "why", "compare", "train", "architecture"])
def test_p_and_its_button_lead_in_and_p_and_esc_lead_out(page: Page, path: str) -> None:
    page.goto(f"/{path}")
    nav = page.get_by_role("navigation", name="Pages")
    page.get_by_role("button", name="Presenter mode").click()
    expect(slide(page)).to_be_visible()
    expect(nav).to_be_hidden()
    expect(page).to_have_url(re.compile("present=1"))
    page.keyboard.press("Escape")
    expect(nav).to_be_visible()
    expect(slide(page)).to_be_hidden()
    expect(page).not_to_have_url(re.compile("present=1"))
    page.keyboard.press("p")
    expect(slide(page)).to_be_visible()
    page.keyboard.press("p")
    expect(nav).to_be_visible()


def test_it_survives_a_reload_and_a_change_of_page(page: Page) -> None:
    page.goto("/?checkpoint=untrained")
    expect(page.locator("#wall-sentence")).not_to_be_empty()
    page.keyboard.press("p")
    expect(slide(page)).to_contain_text("It looks at 11 × 11 pixels and answers")
    page.reload()
    expect(slide(page)).to_contain_text("It looks at 11 × 11 pixels and answers")
    page.keyboard.press("u")  # to the page of this channel
    expect(page).to_have_url(re.compile(r"/unit\?.*present=1"))
    expect(slide(page)).to_contain_text("convolution")
    page.keyboard.press("Escape")
    page.go_back()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()  # what was left stays left


def test_keys_walk_and_the_number_is_that_at_the_pointer(page: Page) -> None:
    present(page, "Explore")
    title = slide(page).get_by_role("heading", level=2)
    before = title.inner_text()
    page.keyboard.press("ArrowRight")
    expect(title).not_to_have_text(before)
    page.keyboard.press("]")
    expect(title).to_have_text(re.compile("^Block 1, LRN, channel"))
    page.keyboard.press("[")
    number = slide(page).locator(".slide-number")
    pixel = slide(page).get_by_role("application", name="Pixel of channel")
    pixel.focus()
    page.keyboard.press("ArrowDown")
    said = re.search(r": (\S+)\. Arrow", pixel.get_attribute("aria-label") or "")
    assert said is not None
    expect(number).to_have_text(said[1])


def test_a_unit_is_named_once_its_own_map_is_shown(page: Page) -> None:
    page.goto("/unit?checkpoint=untrained&stage=block1.relu&channel=3&present=1")
    title = slide(page).get_by_role("heading", level=2)
    expect(title).to_have_text("Block 1, ReLU, channel 3")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/stages/block1.norm**", hold)
    with page.expect_response("**/api/unit/number**") as told:
        page.keyboard.press("]")
    assert told.value.ok
    expect(page).to_have_url(re.compile("stage=block1.norm"))
    expect(title).to_have_text("Block 1, ReLU, channel 3")  # the map beside it is still its map
    held[0].continue_()
    expect(title).to_have_text(re.compile("^Block 1, LRN, channel"))


def test_the_classes_are_the_likeliest_with_their_bars(page: Page, traced: Callable[..., Trace]) -> None:
    present(page, "Explore, classes")
    best = int(traced("chelsea").probabilities.argmax())
    answers = slide(page).get_by_role("group", name="Most probable classes")
    expect(answers.locator(".answer").first).to_contain_text(CLASSES[best])
    expect(slide(page)).to_contain_text(f"The untrained network says {CLASSES[best]}")
    expect(slide(page).locator(".legend-bar")).to_have_count(0)  # bars are no colours


def test_architecture_goes_row_by_row(page: Page) -> None:
    present(page, "Architecture")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(slide(page)).to_contain_text("pool1: 55 rows in: (55 − 3) / 2 + 1 = 27")
