"""The Unit page: come to from the wall and left again, by keyboard alone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from alexnet_viz.inference import Trace
from tests.browser.checkpoint_menu import choose
from tests.browser.explore import agrees, number_in, open_explore, search_image_parts, tool, wall
from tests.support.accessibility import find_violations

Opened = Callable[..., Page]
CURVES = re.compile(r"/api/unit/tuning")
TRACES = re.compile(r"/api/trace")
# As CaffeNet computes, in whose blocks the pooling comes first.
AFTER_A_POOLING_AND_AN_LRN = """async () => {
    const preloaded = document.querySelector('link[rel=modulepreload][href*="/web/"]').href;
    const [front] = preloaded.match(/^.*\\/web\\/[^/]+\\//);
    const { lrnAndPooling } = await import(`${front}unit/lrn_and_pooling.js`);
    const pool = { kind: "pool", window: [[1]], top: 0, left: 0, winner: [0, 0], value: 1 };
    const neighbours = [{ channel: 0, value: 1 }];
    const norm = { kind: "norm", channel: 0, neighbours, before: 1, denominator: 1, value: 1 };
    const shown = lrnAndPooling({ at: 0, steps: [pool, norm], softmax: null });
    return [...shown.querySelectorAll("h3")].map(({ textContent }) => textContent);
}"""


def heading(page: Page, words: str) -> None:
    # The first page waits until the server has warmed up.
    expect(page.get_by_role("heading", level=2, name=words, exact=True)).to_be_visible(timeout=90_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_the_wall_to_one_product_and_back_by_key(
    new_page: Opened, scheme: str, traced: Callable[..., Trace]
) -> None:
    page = open_explore(new_page(color_scheme=scheme), "checkpoint=untrained&stage=block2.pool&channel=20&order=mean")
    page.keyboard.press("u")
    heading(page, "Block 2, pooling, channel 20")
    made = page.get_by_role("region", name="How the number is made")
    highest = float(traced("chelsea").stages["block2.pool"][20].max())
    title = made.get_by_role("heading", level=3).first
    expect(title).to_have_text(re.compile("^How .* is made$"))
    assert agrees(title.inner_text().removeprefix("How ").removesuffix(" is made"), highest)
    page.keyboard.press("Enter")
    products = page.get_by_role("grid", name=re.compile("^5 × 5 products of channel"))
    expect(products).to_be_focused()
    one = made.get_by_role("status")
    first = one.inner_text()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    expect(one).not_to_have_text(first)
    value, weight, product = re.fullmatch(r"(.+?) \(.*\) × (.+) = (.+)", one.inner_text()).groups()
    assert number_in(product) == pytest.approx(number_in(value) * number_in(weight), rel=0.02)
    page.keyboard.press("Escape")
    expect(products).to_be_hidden()
    page.keyboard.press("Escape")
    expect(wall(page)).to_have_attribute("aria-label", re.compile("^Block 2, pooling"))
    expect(page.get_by_role("gridcell", selected=True)).to_contain_text("channel 20 of 256")
    expect(page.get_by_role("combobox", name="order")).to_have_value("mean")
    page.go_back()
    heading(page, "Block 2, pooling, channel 20")
    assert page.evaluate(AFTER_A_POOLING_AND_AN_LRN) == ["Then pooling 1 × 1", "Then LRN over the neighbours"]


def test_the_inspector_leads_to_the_place_that_is_pinned(page: Page, traced: Callable[..., Trace]) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.relu&channel=7&place=10,42")
    tool(page, "Unit →").click()
    heading(page, "Block 1, ReLU, channel 7")
    expect(page.get_by_text("Row 10, column 42 on this photo")).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_role("region", name="Inspector")).to_contain_text("Row 10, column 42:")


def test_a_class_is_a_unit_without_a_map(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=logits&channel=3")
    page.keyboard.press("u")
    heading(page, "logits, cat")
    expect(page.get_by_text("it sees the whole photo")).to_be_visible()
    expect(page.get_by_role("heading", name="Image parts that excite this class most")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("^Then softmax"))).to_be_visible()


def test_a_search_is_offered_once_the_server_has_said_that_there_is_none(page: Page) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/api/unit/parts\?"), lambda route: held.append(route))
    page.goto("/unit?checkpoint=untrained&stage=block1.relu&channel=3")
    heading(page, "Block 1, ReLU, channel 3")
    parts = page.get_by_role("region", name="Image parts")
    expect(parts.get_by_role("heading")).to_be_visible()
    expect(parts.get_by_role("button")).to_have_count(0)  # pressed too soon, it would search a second time
    held[0].fulfill(json={"state": "none", "message": ""})
    expect(parts.get_by_role("button", name="Search", exact=True)).to_be_visible()


def test_a_picture_is_made_followed_and_walked_through(page: Page) -> None:
    page.goto("/unit?checkpoint=untrained&stage=block1.relu&channel=3&steps=128")
    heading(page, "Block 1, ReLU, channel 3")
    parts = search_image_parts(page)
    best = parts.get_by_role("figure").first.inner_text().strip()
    page.keyboard.press("a")
    made = page.get_by_role("region", name="Picture made for it")
    expect(made.get_by_role("button", name="Make it")).to_have_count(2)
    page.keyboard.press("m")
    for sign in ("excites", "inhibits"):
        shown = made.get_by_role("button", name=re.compile(f"^Picture that {sign} the channel, step 128: "))
        expect(shown).to_be_visible(timeout=120_000)
    expect(made).to_contain_text(
        re.compile(rf"best image part, {re.escape(best)}|Not reached: .*part {re.escape(best)}")
    )
    steps = made.get_by_role("group", name="Steps").get_by_role("button")
    expect(steps).to_have_count(7)  # 0, 4, 8, 16, 32, 64, 128
    page.keyboard.press(",")
    expect(made.get_by_role("button", name=re.compile("^Picture that excites the channel, step 64: "))).to_be_visible()
    with page.expect_download() as saved:
        made.get_by_role("button", name="Save").click()
    assert saved.value.suggested_filename == "untrained_block1.relu_3_excites_seed-0_step-64.png"
    made.get_by_role("button", name="Another seed").click()
    expect(made.get_by_role("button", name="Make it")).to_have_count(2)
    expect(made).to_contain_text("other seeds")


def test_the_point_of_a_tuning_curve_is_dragged_and_walked(page: Page, traced: Callable[..., Trace]) -> None:
    page.goto("/unit?checkpoint=untrained&stage=block1.relu&channel=3")
    heading(page, "Block 1, ReLU, channel 3")
    point = page.get_by_role("slider", name="Response against the photo’s rotation")
    expect(point).to_have_attribute("aria-valuenow", "0", timeout=60_000)
    text = point.get_attribute("aria-valuetext") or ""
    assert agrees(text.split(": ")[1], float(traced("chelsea").stages["block1.relu"][3].max()))
    photo = page.get_by_role("img", name=re.compile("^The photo, "))
    page.keyboard.press("r")
    expect(point).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(point).to_have_attribute("aria-valuenow", "10")
    expect(photo).to_have_attribute("src", re.compile(r"by=rotation&amount=10$"))
    heading(page, "Block 1, ReLU, channel 3")  # the page's arrows are another matter
    box = point.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 2, box["y"] + 20, steps=4)
    page.mouse.up()
    expect(point).to_have_attribute("aria-valuenow", "-90")
    expect(photo).to_have_js_property("complete", True)
    expect(page).to_have_url(re.compile("amount=-90"))


def test_what_feeds_a_unit_and_what_it_feeds_lead_to_their_pages(page: Page) -> None:
    page.goto("/unit?checkpoint=untrained&stage=block2.relu&channel=8&lower=feeds&cover=shown")
    heading(page, "Block 2, ReLU, channel 8")
    below = page.get_by_role("region", name="Tuning and wiring")
    expect(below).to_contain_text("What this channel adds on this photo to Block 3, convolution", timeout=60_000)
    first = below.get_by_role("button", name=re.compile("^Block 3, convolution, .*: open its page$")).first
    channel = first.inner_text()
    expect(page.get_by_text(re.compile("ochre lowers the value, by up to"))).to_be_visible(timeout=60_000)
    first.click()
    heading(page, f"Block 3, convolution, channel {channel}")
    page.keyboard.press("w")
    page.keyboard.press("w")
    kernels = below.get_by_role("img", name=re.compile("^256 kernels of 3 × 3, the largest first"))
    expect(kernels).to_be_visible(timeout=60_000)
    page.go_back()
    heading(page, "Block 2, ReLU, channel 8")


def test_cancel_keeps_the_focus_while_what_it_waits_for_counts_up(page: Page) -> None:
    looked = 0

    def tell(route: Route) -> None:
        nonlocal looked
        looked += 1
        route.fulfill(json={"state": "running", "id": "1", "done": 100 * looked, "total": 100_000})

    page.route(re.compile(r"/api/unit/parts"), tell)
    page.goto("/unit?checkpoint=untrained&stage=block1.relu&channel=3")
    parts = page.get_by_role("region", name="Image parts")
    cancel = parts.get_by_role("button", name="Cancel")
    cancel.focus(timeout=90_000)
    words = parts.get_by_text("so far.")
    expect(words).not_to_have_text(words.inner_text())
    expect(cancel).to_be_focused()
    with page.expect_request(re.compile(r"/api/unit/parts/1/cancel")):
        page.keyboard.press("Enter")


def test_a_name_is_kept_exported_and_shown_on_the_wall(page: Page) -> None:
    page.goto("/unit?checkpoint=untrained&stage=block1.pool&channel=5")
    heading(page, "Block 1, pooling, channel 5")
    expect(page.get_by_role("region", name="How the number is made")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.type("edge of a dark disc")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="note").fill("on most photos")
    with page.expect_download() as saved:
        tool(page, "Export names").click()
    rows = saved.value.path().read_text("utf-8-sig").splitlines()
    assert rows[1].startswith("block1,5,edge of a dark disc,on most photos,untrained,")
    tool(page, "On the wall").click()
    expect(page.get_by_role("gridcell", selected=True)).to_contain_text("channel 5 of 96, edge of a dark disc, maximum")
    page.reload()
    expect(page.get_by_role("gridcell", selected=True)).to_contain_text("edge of a dark disc", timeout=60_000)


def test_a_name_is_only_taken_for_the_unit_that_is_shown(page: Page) -> None:
    page.goto("/unit?checkpoint=untrained&stage=block1.pool&channel=6")
    name = page.get_by_role("textbox", name="name", exact=True)
    name.fill("of the untrained one")
    page.route(TRACES, lambda route: None)  # held until it is let go
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")  # no photo and no checkpoint has changed: it is known at once
    heading(page, "Block 1, pooling, channel 7")
    expect(name).to_have_value("")
    name.fill("of channel 7")
    choose(page, "cifar10-fast")
    expect(name).to_have_value("")
    expect(name).not_to_be_editable()  # until the checkpoint is known
    page.unroute(TRACES)
    expect(name).to_be_editable()
    expect(name).to_have_value("")
    choose(page, "untrained")
    expect(name).to_have_value("of channel 7")
    page.keyboard.press("ArrowLeft")
    expect(name).to_have_value("of the untrained one")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_channel_is_held_while_browsing_and_let_go_by_key(new_page: Opened, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    page.goto("/unit?checkpoint=untrained&stage=block2.relu&channel=8")
    heading(page, "Block 2, ReLU, channel 8")
    photo = page.get_by_role("region", name="On this photo")
    own = photo.get_by_role("img", name=re.compile("^Map of channel 8, 27 × 27 values from 0"))
    expect(own).to_be_visible(timeout=60_000)
    words = own.get_attribute("aria-label") or ""
    page.keyboard.press("h")
    held = photo.get_by_role("img", name=f"Held: Block 2, ReLU. {words}")
    expect(held).to_be_visible()
    expect(page).to_have_url(re.compile("held=block2.relu(:|%3A)8"))
    page.keyboard.press("ArrowRight")
    heading(page, "Block 2, ReLU, channel 9")
    expect(photo.get_by_role("img", name=re.compile("^Map of channel 9, "))).to_be_visible()
    expect(held).to_be_visible()
    page.keyboard.press("]")
    heading(page, "Block 2, LRN, channel 0")
    expect(photo).to_contain_text("channel 8 held, Block 2, ReLU, 0 to")
    assert find_violations(page) == []
    tool(page, "channel 8").click()  # back to the one that is held
    heading(page, "Block 2, ReLU, channel 8")
    page.keyboard.press("Escape")
    expect(held).to_be_hidden()
    expect(tool(page, "Hold while browsing")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_of_a_curve_stay_readable_while_another_is_computed(new_page: Opened, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    page.goto("/unit?checkpoint=untrained&stage=block2.relu&channel=8")
    expect(page.locator(".unit-tuning-body .note")).to_contain_text("Its largest value on the map.", timeout=90_000)
    page.route(CURVES, lambda route: None)  # holds them
    page.keyboard.press("ArrowRight")
    heading(page, "Block 2, ReLU, channel 9")
    expect(page.locator(".unit-tuning-body")).to_have_class(re.compile("stale"))
    expect(page.locator(".unit-number.stale, section.stale")).to_have_count(0)
    assert find_violations(page) == []
    page.unroute(CURVES)
    expect(page.locator(".unit-tuning-body")).not_to_have_class(re.compile("stale"))


def test_a_unit_is_switched_off_in_explore_and_is_on_again_by_undo(page: Page) -> None:
    page.goto("/unit?checkpoint=untrained&stage=block5.relu&channel=40")
    heading(page, "Block 5, ReLU, channel 40")
    page.keyboard.press("0")
    box = page.get_by_role("group", name="Altered network")
    expect(box).to_contain_text("Altered network: 1 channel of Block 5 is off.", timeout=60_000)
    expect(page).to_have_url(re.compile("altered=block5.relu(:|%3A)40(=|%3D)0"))
    expect(page.get_by_role("gridcell", selected=True)).to_contain_text("channel 40 of 256")
    page.keyboard.press("Control+z")
    expect(box).to_be_hidden()
    page.goto("/unit?checkpoint=untrained&stage=logits&channel=3")
    heading(page, "logits, cat")
    expect(tool(page, "Switch off")).to_be_hidden()


def test_in_each_block_the_channel_that_costs_most_is_found_when_asked_for(page: Page) -> None:
    page.goto("/unit?checkpoint=untrained&stage=block1.relu&channel=3&panel=made")
    heading(page, "Block 1, ReLU, channel 3")
    across = page.get_by_role("region", name="Across the blocks")
    expect(across.get_by_role("status")).to_contain_text("1376 passes with a channel off alone", timeout=60_000)
    tool(page, "Find them").click()
    expect(across.get_by_role("status")).to_contain_text(re.compile(r"Each channel off alone, [1-9]\d* of 1376 passes"))
    across.get_by_role("button", name="Cancel").click()
    expect(across.get_by_role("status")).to_contain_text(re.compile("Cancelled at .* of 1376 passes"))
    expect(across.get_by_role("button", name="Go on")).to_be_visible()


def test_pictures_without_classes_have_those_of_the_test_pictures_beside_them(page: Page) -> None:
    asked: list[str] = []
    classes = [{"class": "cat", "mean": 3.25, "deviation": 0.5}, {"class": "dog", "mean": 1.5, "deviation": 0.25}]
    done = {"state": "done", "images": 500, "title": "test pictures", "field": 11, "strongest": [], "classes": classes}

    def answer(route: Route) -> None:
        asked.append(route.request.method)
        route.fulfill(json=done if "POST" in asked else {"state": "none", "message": ""})

    page.route(re.compile("/api/unit/parts.*cifar10-sample"), answer)
    page.route(
        re.compile("/api/unit/parts$"),
        lambda route: answer(route) if "cifar10-sample" in (route.request.post_data or "") else route.continue_(),
    )
    page.goto("/unit?checkpoint=untrained&stage=block1.relu&channel=3")
    search_image_parts(page)
    by_class = page.get_by_role("region", name="Mean response by class")
    expect(by_class).not_to_contain_text("cat")
    assert "POST" not in asked  # a search is long: only when asked for
    by_class.get_by_role("button", name="Compute from test pictures").click()
    expect(by_class.locator(".unit-class")).to_have_text(["cat3.25", "dog1.50"])
    expect(by_class).to_contain_text("500 test pictures; line = one standard deviation.")


def test_images_on_their_way_can_be_stopped(page: Page, tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_bytes(b"whatever it holds")
    page.goto("/unit?checkpoint=untrained")
    page.route("**/api/datasets?*", lambda route: None)  # a server that takes its time
    page.get_by_label("Zip of folders of images").set_input_files(tmp_path / "mine.zip")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_hidden()
    expect(page.get_by_text("mine.zip")).to_have_count(0)
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)  # nothing went wrong
