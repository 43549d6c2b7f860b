"""The Why page: a class against another, a cat covered by hand, what is computed behind a map, all by keyboard."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.explore import open_explore, pixels, tool

NewPage = Callable[..., Page]
PASSES = re.compile(r"/api/why/passes")
LONG_MS = 120_000  # curves of random maps: four hundred pictures through the network


def open_why(page: Page, query: str = "") -> Page:
    page.goto(f"/why?{query}")
    expect(title(page)).to_contain_text("Why cat?")
    wait_for_map(page)
    return page


def wait_for_map(page: Page) -> None:
    expect(map_picture(page)).to_have_attribute("aria-label", re.compile(" for cat, from "))
    expect(page.get_by_text("out of date, computing").filter(visible=True)).to_have_count(0)


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=2).first


def map_picture(page: Page) -> Locator:
    return page.locator(".why-map")


def sentence(page: Page) -> Locator:
    return page.locator(".why .sentence")


def covered_words(page: Page) -> Locator:
    return page.get_by_role("region", name="Cover by hand").get_by_role("status")


def waiting(page: Page) -> Locator:
    return page.locator(".why-state")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_cat_is_asked_about_covered_and_left_by_keyboard(new_page: NewPage, scheme: str) -> None:
    page = open_explore(new_page(color_scheme=scheme), "checkpoint=cifar10-photographs")
    page.keyboard.press("w")
    expect(title(page)).to_have_text("Why cat?")
    wait_for_map(page)
    expect(sentence(page)).to_contain_text("Ochre speaks for cat, blue against it.")
    expect(tool(page, "why cat?")).to_have_attribute("aria-pressed", "true")
    # Two strokes of the brush, undone one by one.
    page.keyboard.press("b")
    page.keyboard.press(" ")
    expect(covered_words(page)).to_contain_text("1 stroke covers")
    for _ in range(12):
        page.keyboard.press("ArrowUp")
    page.keyboard.press(" ")
    expect(covered_words(page)).to_contain_text("2 strokes cover")
    shares = re.search(r"cat ([\d.]+) % → ([\d.]+) %", covered_words(page).inner_text())
    assert shares is not None
    assert shares[1] != shares[2]
    page.keyboard.press("Control+z")
    expect(covered_words(page)).to_contain_text("1 stroke covers")
    page.keyboard.press("Control+z")
    expect(covered_words(page)).to_contain_text("Draw on the photo")
    expect(tool(page, "Undo")).to_be_disabled()
    # Rather than frog, the only class that begins so.
    map_picture(page).focus()
    page.keyboard.press("Shift+T")
    page.keyboard.press("f")
    expect(title(page)).to_have_text("Why cat? rather than frog")
    wait_for_map(page)
    expect(sentence(page)).to_contain_text("Ochre speaks for cat, blue for frog.")
    map_picture(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".why-pointed")).to_contain_text(re.compile(r"Row 1, column 1: \S.* for (cat|frog)"))
    # Back to the numbers, and back from them.
    page.keyboard.press("Escape")
    expect(title(page)).to_contain_text("Prediction")
    page.go_back()
    expect(title(page)).to_have_text("Why cat? rather than frog")


def test_a_map_stands_at_once_and_what_is_computed_behind_it_can_be_cancelled(page: Page) -> None:
    open_why(page, "photo=coffee&target=3")  # on which nothing else is asked: nothing of it is known yet
    expect(page.locator(".why-table .waiting").first).to_be_visible()  # not judged yet
    expect(waiting(page)).to_contain_text(re.compile(r"Grad-CAM, \d+ of 225 passes, about"))
    tool(page, "Cancel").click()
    expect(waiting(page)).to_contain_text(re.compile(r"Cancelled at \d+ of 225 passes\."))
    expect(map_picture(page)).to_have_attribute("aria-label", re.compile("^Grad-CAM for cat"))
    tool(page, "Go on").click()
    expect(tool(page, "Cancel")).to_be_visible()
    expect(page.locator(".why-curve")).to_have_count(2, timeout=LONG_MS)
    expect(page.locator(".why-table tr.on td").first).to_have_text(re.compile(r"^0\.\d\d$"))
    expect(sentence(page)).to_contain_text("On this photo Grad-CAM tells")
    expect(page.get_by_text(re.compile("^(✓|not) passed$"))).to_be_visible()


def test_a_press_on_cancel_counts_though_the_count_moves_it_away(page: Page) -> None:
    def tell(total: int) -> None:
        page.unroute(PASSES)
        page.route(PASSES, lambda route: route.fulfill(json={"done": 1, "total": total}))

    tell(2)
    open_why(page, "photo=rocket&target=3")  # on which nothing else is asked
    expect(waiting(page)).to_contain_text("1 of 2 passes")
    tool(page, "Cancel").hover()
    page.mouse.down()
    tell(20_000_000_000)
    expect(waiting(page)).to_contain_text("1 of 20000000000 passes")
    page.mouse.up()
    expect(waiting(page)).to_contain_text("Cancelled at 1 of 20000000000 passes.")


def test_another_class_of_the_strip_is_asked_about_and_the_old_map_is_marked(page: Page) -> None:
    open_why(page)
    page.route("**/api/why", lambda _route: None)  # the next question is never answered
    page.get_by_role("navigation").get_by_role("button", name=re.compile("^dog")).click()
    expect(title(page)).to_have_text("Why dog?")
    expect(page.locator(".why-frame.stale")).to_be_visible()
    expect(page.get_by_text("out of date, computing").filter(visible=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Block 3")).last.click()
    expect(title(page)).to_contain_text("Block 3")


def test_the_dumbbells_follow_while_a_stroke_is_drawn(page: Page) -> None:
    open_why(page, "checkpoint=cifar10-photographs")
    area = page.locator(".why-cover").bounding_box()
    assert area is not None
    cat = page.get_by_role("region", name="Cover by hand").get_by_role("listitem").filter(has_text="cat: whole")
    whole = cat.text_content() or ""
    at = (area["x"] + 40, area["y"] + 60)
    page.mouse.move(*at)
    page.mouse.down()
    page.mouse.move(at[0] + 60, at[1], steps=6)
    expect(cat).not_to_have_text(whole)  # the button is still down
    first = cat.text_content() or ""
    page.mouse.move(at[0] + 60, at[1] + 110, steps=6)
    expect(cat).not_to_have_text(first)
    page.mouse.up()
    expect(covered_words(page)).to_contain_text("1 stroke covers")
    page.keyboard.press("Control+z")
    expect(cat).to_have_text(whole)
    expect(covered_words(page)).to_contain_text("Draw on the photo")


def test_opacity_bares_the_photo(page: Page) -> None:
    open_why(page)
    full = colours(map_picture(page))
    slider = page.get_by_role("slider", name="opacity of the map")
    slider.focus()
    slider.press("Home")
    expect(page).to_have_url(re.compile("opacity=0"))
    bare = colours(map_picture(page))
    assert max(bare) < 6
    assert max(full) > 40
    tool(page, "alone").click()
    expect(slider).to_be_hidden()


def colours(canvas: Locator) -> list[int]:
    """How far each pixel of the diagonal is from grey: the ground of the page has hardly any tint."""
    diagonal = pixels(canvas, [(5 * i, 5 * i) for i in range(40)])
    return [max(colour) - min(colour) for colour in diagonal]


def test_an_export_says_all_that_is_known(page: Page, tmp_path: Path) -> None:
    open_why(page, "versus=6&stage=block4.relu")
    expect(title(page)).to_have_text("Why cat? rather than frog")
    with page.expect_download() as download:
        page.get_by_role("combobox", name="Save").select_option("numbers")
    download.value.save_as(tmp_path / "why.json")
    saved = json.loads((tmp_path / "why.json").read_text("utf-8"))
    known = {"method": "grad-cam", "target": "cat", "versus": "frog", "stage": "block4.relu", "computed_at": [13, 13]}
    assert known.items() <= saved.items()
    assert saved["checkpoint"] == "cifar10-photographs"
    assert len(saved["attribution"]) == 227**2
    assert (saved["minimum"], saved["maximum"]) == pytest.approx(
        (min(saved["attribution"]), max(saved["attribution"])), rel=1e-3
    )
    with page.expect_download() as picture:
        page.get_by_role("combobox", name="Save").select_option("picture")
    assert picture.value.suggested_filename.endswith(".png")


def test_an_untrained_checkpoint_is_explained_only_when_asked(page: Page) -> None:
    page.goto("/why?checkpoint=untrained")
    expect(sentence(page)).to_contain_text("This checkpoint has not been trained: a map would explain chance.")
    tool(page, "Show it all the same").click()
    expect(map_picture(page)).to_have_attribute("aria-label", re.compile("^Grad-CAM for "))


def test_nothing_lies_beside_a_small_screen(page: Page) -> None:
    page.goto("/why?checkpoint=untrained")
    expect(sentence(page)).to_contain_text("has not been trained")
    for width, height in ((1024, 768), (800, 600), (390, 844), (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        for part in (".microscope", ".why-body"):
            shown = page.locator(part).element_handle()
            page.wait_for_function("part => part.scrollWidth <= part.clientWidth", arg=shown)
        if width == 1024:  # narrower ones walk through the strip
            expect(page.locator(".prediction-bars .bar-value").first).to_be_in_viewport(ratio=1)
