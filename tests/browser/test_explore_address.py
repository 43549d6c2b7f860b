"""The address holds the view: a reload, another visitor and Back come to the same picture."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.explore import inspector, legend, open_explore, sentence, tool, wait_for_maps, wall

VIEW = (
    "photo=coffee&checkpoint=untrained&stage=block2.pool&channel=33&place=4,5"
    "&range=block&order=mean&map=magma&gamma=0.6&silent=hidden"
)


def description(page: Page) -> list[str | None]:
    """What a person would say is on the screen."""
    wait_for_maps(page)
    expect(inspector(page)).to_contain_text("respond")
    return [
        page.get_by_role("combobox", name="photo").input_value(),
        page.get_by_role("heading", level=2).first.inner_text(),
        wall(page).get_attribute("aria-label"),
        page.get_by_role("gridcell").inner_text(),
        legend(page).get_attribute("aria-label"),
        page.get_by_role("combobox", name="order").input_value(),
        page.locator(".range-name").inner_text(),
        sentence(page).inner_text(),
        inspector(page).inner_text(),
        page.locator(".prediction-bars").inner_text(),
    ]


def test_reload_and_another_visitor_see_the_same(page: Page, new_page: Callable[..., Page]) -> None:
    open_explore(page, VIEW)
    seen = description(page)
    assert seen[0] == "coffee"
    assert str(seen[1]).startswith("Block 2 256 × 13 × 13")
    assert str(seen[3]).startswith("channel 33 of 256")
    assert seen[5:7] == ["mean", "block, gamma 0.6"]
    assert "Row 4, column 5" in str(seen[8])
    page.reload()
    assert description(page) == seen
    other = new_page()
    other.goto(page.url)
    assert description(other) == seen


def test_what_is_done_on_the_page_is_in_the_address(page: Page) -> None:
    open_explore(page, "checkpoint=untrained")
    page.get_by_role("combobox", name="photo").select_option("rocket")
    wait_for_maps(page)
    page.keyboard.press("3")
    page.get_by_role("combobox", name="order").select_option("zeros")
    wall(page).focus()
    page.keyboard.press("r")
    page.keyboard.press("ArrowRight")
    chosen = page.get_by_role("gridcell").inner_text().split(" ")[1]
    for part in ("photo=rocket", r"stage=block3\.relu", f"channel={chosen}(&|$)", "range=block", "order=zeros"):
        expect(page).to_have_url(re.compile(part))
    # What is as usual leaves no trace.
    for part in ("gamma=", "map=", "tile=", "silent=", "place=", "view=", "resize="):
        expect(page).not_to_have_url(re.compile(part))


def test_back_and_forward(page: Page) -> None:
    open_explore(page, "checkpoint=untrained")
    page.keyboard.press("2")
    expect(wall(page)).to_have_attribute("aria-label", re.compile("^Block 2, ReLU"))
    page.keyboard.press("r")  # of the view within a stage Back knows nothing
    page.get_by_role("combobox", name="photo").select_option("coffee")
    wait_for_maps(page)
    page.keyboard.press("Enter")
    expect(sentence(page)).to_contain_text("every value")
    page.go_back()
    expect(wall(page)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("combobox", name="photo")).to_have_value("chelsea")
    wait_for_maps(page)
    expect(inspector(page).get_by_role("img", name=re.compile("^Chelsea the cat"))).to_be_visible()
    page.go_back()
    expect(wall(page)).to_have_attribute("aria-label", re.compile("^Block 1, ReLU"))
    page.go_forward()
    expect(wall(page)).to_have_attribute("aria-label", re.compile("^Block 2, ReLU"))


def test_another_page_and_back(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&photo=coffee&stage=block3.relu")
    page.get_by_role("link", name="Architecture").click()
    expect(page).to_have_url(re.compile(r"/architecture\?.*photo=coffee"))
    expect(page.get_by_role("link", name="Architecture")).to_have_attribute("aria-current", "page")
    page.go_back()
    wait_for_maps(page)
    expect(wall(page)).to_have_attribute("aria-label", re.compile("^Block 3, ReLU"))
    expect(page.get_by_role("combobox", name="photo")).to_have_value("coffee")


def test_who_goes_back_before_the_other_page_has_come_stays(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block3.relu")
    path = page.get_by_role("link", name="Architecture").evaluate(
        """(link) => {
            link.click();
            link.parentElement.querySelector("[aria-current]").click();
            return location.pathname;
        }"""
    )
    assert path == "/"
    wait_for_maps(page)
    expect(wall(page)).to_have_attribute("aria-label", re.compile("^Block 3, ReLU"))
    expect(page.get_by_role("link", name="Explore")).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize(
    "query",
    [
        "stage=block9.relu",
        "stage=block1.relu&channel=9999&place=99,99",
        "channel=-1&place=x",
        "order=colour&range=universe&gamma=x&map=jet&tile=-3&silent=perhaps&view=tree&resize=stretch&top=x",
        "stage=__proto__&map=__proto__&order=constructor&gamma=1e999&tile=1e9",
    ],
)
def test_an_address_that_makes_no_sense_opens_on_something(page: Page, query: str) -> None:
    open_explore(page, f"checkpoint=untrained&{query}")
    expect(wall(page)).to_have_attribute("aria-label", "Block 1, ReLU: 96 of 96 channels")
    expect(inspector(page)).to_contain_text("respond")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("gridcell")).to_have_text(re.compile("^channel "))


def test_a_photo_or_checkpoint_that_is_gone_is_told(page: Page) -> None:
    open_explore(page, "photo=of-yesterday&checkpoint=untrained")
    box = page.get_by_role("region", name="Feature maps").get_by_role("alert")
    expect(box).to_contain_text("upload it again")
    expect(page.get_by_role("combobox", name="photo")).to_have_value("chelsea")
    expect(wall(page)).to_have_attribute("aria-label", "Block 1, ReLU: 96 of 96 channels")
    tool(page, "Close").click()
    expect(box).to_be_hidden()
    open_explore(page, "checkpoint=of-yesterday")
    expect(box).to_contain_text("This checkpoint is not in this app's memory; choose untrained")
    expect(wall(page)).to_have_attribute("aria-label", "Block 1, ReLU: 96 of 96 channels")


@pytest.mark.parametrize("path", ["", "unit", "why", "compare", "train", "architecture"])
def test_a_photo_that_only_another_tab_has_is_told(page: Page, path: str) -> None:
    page.goto(f"/{path}?photo={'0' * 32}")
    expect(page.get_by_text("The photo of this address was only in the tab that uploaded it")).to_be_visible()
    expect(page).not_to_have_url(re.compile("0{32}"))
