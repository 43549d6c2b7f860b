"""Pages with many numbers on a projector, a telephone and less: nothing lies beside them, nothing is cut."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.explore import wait_for_maps

SIZES = [(1024, 768), (390, 844), (320, 640)]
# What can be walked through sideways though it should not, and words that end beyond what they stand in.
BESIDE = """root => [root, ...root.querySelectorAll("*")]
  .filter((each) => each.checkVisibility() && !each.closest(".strip, .help, option") && !(each instanceof SVGElement))
  .filter((each) => getComputedStyle(each).display !== "inline" && each.clientWidth > 2)
  .filter((each) => each.scrollWidth > each.clientWidth)
  .filter((each) => each.matches(".microscope, .title-row") || /auto|scroll/.test(getComputedStyle(each).overflowX))
  .map((each) => `${each.className}: ${each.scrollWidth - each.clientWidth}`)"""
# Links and buttons of the top bar that lie over each other.
OVER = """root => {
  const all = [...root.querySelectorAll(".topbar :is(a, button, select)")].filter((each) => each.checkVisibility());
  const boxes = all.map((each) => [each.textContent, each.getBoundingClientRect()]);
  const meet = (a, b, [from, to]) => a[from] < b[to] - 1 && b[from] < a[to] - 1;
  const isOver = (a, b) => meet(a, b, ["left", "right"]) && meet(a, b, ["top", "bottom"]);
  const over = ([name, box], i) => boxes.slice(i + 1).filter(([, next]) => isOver(box, next)).map(([b]) => [name, b]);
  return boxes.flatMap(over);
}"""
# Numbers that are wider than their cell.
WIDE = "cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent)"


@pytest.mark.parametrize("language", ["de", "fr"])
def test_an_altered_network_has_its_room(new_page: Callable[..., Page], language: str) -> None:
    page = new_page(locale=language)
    page.goto("/?checkpoint=untrained&stage=block1.relu&channel=42&altered=block1.relu:42=0,43=0,block5.relu:7=0.5")
    expect(page.locator(".altered-box")).to_be_visible()
    expect(page.locator(".cost-name").first).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wait_for_maps(page)
        root = page.locator(".microscope")
        assert root.evaluate(BESIDE) == [], width
        assert root.evaluate(OVER) == [], width
        assert page.locator(".footer").evaluate("footer => footer.scrollHeight - footer.clientHeight") <= 0


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("stage", ["block1.relu&channel=42", "block4.relu&channel=342", "fc1&channel=3"])
def test_photo_and_map_stand_side_by_side_in_320_pixels(
    new_page: Callable[..., Page], language: str, stage: str
) -> None:
    page = new_page(locale=language, viewport={"width": 320, "height": 640})
    page.goto(f"/?checkpoint=untrained&stage={stage}")
    wait_for_maps(page)
    expect(page.locator(".inspector-side .title-row:visible").first).to_be_visible()
    assert page.locator(".microscope").evaluate(BESIDE) == []


@pytest.mark.parametrize("unit", ["block2.relu&channel=111", "block3.relu&channel=7&terms=400", "fc1&channel=3"])
def test_the_terms_of_a_unit_have_their_room(new_page: Callable[..., Page], unit: str) -> None:
    page = new_page(locale="fr", viewport={"width": 320, "height": 640})
    page.goto(f"/unit?stage={unit}")
    expect(page.locator(".unit-term").first).to_be_visible()
    root = page.locator(".microscope")
    assert root.evaluate(BESIDE) == []
    assert root.evaluate(OVER) == []


def test_products_do_not_run_into_each_other(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto("/unit?stage=block1.conv&channel=11&input=0")
    products = page.get_by_role("grid", name=re.compile("products of channel 0"))
    expect(products).to_be_visible()
    for width, height in ((1280, 800), *SIZES):
        page.set_viewport_size({"width": width, "height": height})
        assert products.locator("span").evaluate_all(WIDE) == [], width
    products.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(products.locator(".on")).to_be_in_viewport(ratio=1)  # where they are wider than the page they come along
