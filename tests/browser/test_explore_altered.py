"""Channels switched off, held and doubled in Explore: by keyboard alone, with all signs of it, and undone."""

import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, Position, expect

from alexnet_viz.checkpoints import Checkpoint
from alexnet_viz.explain.ablation import altered_stages, changes_of
from tests.browser.explore import open_explore, percent, sentence, tool, wait_for_maps, wall
from tests.support.accessibility import find_violations

Traced = Callable[..., Any]
STAGE = "block5.relu"  # its tail is short, and its 256 channels are quickly counted


def box(page: Page) -> Locator:
    return page.get_by_role("group", name="Altered network")


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="What changes")


def altered_of(page: Page) -> str:
    """The alteration in the address."""
    return parse_qs(urlsplit(page.url).query).get("altered", [""])[0]


def tile_words(page: Page) -> str:
    return page.get_by_role("gridcell").inner_text()


def begin(page: Page, query: str = "") -> None:
    open_explore(page, f"checkpoint=untrained&stage={STAGE}&channel=40{query}")
    wall(page).focus()


def wait_for_altered(page: Page, words: str) -> None:
    expect(box(page)).to_contain_text(words)
    wait_for_maps(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_four_channels_are_switched_off_and_undone_by_keyboard_alone(
    new_page: Callable[..., Page], traced: Traced, untrained: Checkpoint, theme: str
) -> None:
    page = new_page(color_scheme=theme)
    begin(page)
    page.keyboard.press("Shift+ArrowRight")  # 40 and 41
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")  # 43 without 42
    page.keyboard.press("Shift+ArrowDown")  # and 63 below it: rows of 20
    expect(sentence(page)).to_have_text("4 of 256 channels selected:")
    assert tile_words(page).endswith(", selected 4 of 4")
    expect(page.get_by_role("button", name="on", exact=True)).to_have_attribute("aria-pressed", "true")
    assert altered_of(page) == ""

    page.keyboard.press("0")
    wait_for_altered(page, "Altered network: 4 channels of Block 5 are off.")
    assert altered_of(page) == "block5.relu:40=0,41=0,43=0,63=0"
    assert ", off, selected 4 of 4" in tile_words(page)
    # The five signs: the strip, the checkpoint's pick, the box, the footer, the address.
    expect(page.get_by_text("altered from here on")).to_be_visible()
    expect(page.locator(".pick.altered")).to_contain_text("altered")
    expect(page.locator(".footer-facts")).to_contain_text("altered: 4 of 256 channels off")
    expect(page.locator(".footer-facts")).to_contain_text("others see the network as it is")
    # What changes: each class before and altered, as computed without the app.
    before = traced("chelsea")
    after = altered_stages(untrained.model, before.stages, changes_of(altered_of(page)))["logits"].softmax(0)
    best = int(before.probabilities.argmax())
    name = untrained.classes[best]
    shares = [percent(float(share)) for share in (before.probabilities[best], after[best])]
    row = panel(page).get_by_role("listitem").filter(has_text=f"{name}: before").first
    words = row.text_content() or ""
    # Where both round to the same they have decimals that tell them apart.
    told = [float(text) for text in re.findall(r"([\d.]+) %", words)]
    assert told == pytest.approx([float(text.split()[0]) for text in shares], abs=0.5)
    assert find_violations(page) == []

    for left in (3, 2, 1):
        page.keyboard.press("Control+z")
        noun = "channel of Block 5 is" if left == 1 else "channels of Block 5 are"
        wait_for_altered(page, f"Altered network: {left} {noun} off.")
    assert altered_of(page) == "block5.relu:40=0"
    page.keyboard.press("Control+z")
    expect(box(page)).to_be_hidden()
    expect(page.get_by_text("altered from here on")).to_be_hidden()
    expect(page.locator(".pick.altered")).to_have_count(0)
    assert altered_of(page) == ""
    page.keyboard.press("Escape")  # the selection goes last
    expect(sentence(page)).to_contain_text("256 of 256 channels.")


def test_what_every_channel_costs_is_counted_and_may_be_cancelled(
    page: Page, traced: Traced, untrained: Checkpoint
) -> None:
    parts = re.compile(r"/api/costs\?.*first=(\d+)")
    asked: list[int] = []

    def count(route: Any) -> None:
        asked.append(int((parts.search(route.request.url) or [0, 0])[1]))
        if len(asked) == 3:  # the third part is held back until it is cancelled
            return
        route.continue_()

    page.route(parts, count)
    begin(page, "&altered=block5.relu:3=0")
    costs = panel(page).locator(".costs")
    expect(costs).to_contain_text("16 of 256 passes")
    costs.get_by_role("button", name="Cancel").click()
    expect(costs).to_contain_text("16 of 256 channels")
    costs.get_by_role("button", name="Go on").click()
    expect(costs.get_by_role("button", name="show all")).to_be_visible()
    assert asked == [0, 8, 16, *range(16, 256, 8)]
    before = traced("chelsea")
    best = int(before.probabilities.argmax())
    left = [
        float(altered_stages(untrained.model, before.stages, changes_of(f"{STAGE}:{c}=0"))["logits"].softmax(0)[best])
        for c in range(0, 256, 1)
    ]
    dearest = list(np.argsort(left, kind="stable")[:8])
    shown = [int(text) for text in costs.locator(".cost-name").all_inner_texts()]
    # What is nearly equal may change places: sums of float32 differ in their last bits.
    assert [left[c] for c in shown] == pytest.approx([left[c] for c in dearest], abs=1e-6)
    costs.get_by_role("button", name="show all").click()
    expect(costs.locator(".cost-name")).to_have_count(256)
    assert find_violations(page) == []


def test_tiles_are_added_by_shift_and_ctrl_and_held_or_doubled_by_the_control(page: Page) -> None:
    begin(page)
    tiles = page.locator("canvas.wall-marks")
    area = tiles.bounding_box()
    assert area is not None
    width = area["width"] / 20

    def at(column: int) -> Position:
        """A place on the first row."""
        return {"x": width * column + width / 2, "y": 16}

    tiles.click(position=at(2), modifiers=["Shift"])
    tiles.click(position=at(5), modifiers=["Control"])
    tiles.click(position=at(7), modifiers=["Shift"])
    tiles.click(position=at(5), modifiers=["Shift"])  # once more is one less
    expect(sentence(page)).to_have_text("2 of 256 channels selected:")
    tool(page, "held").click()
    wait_for_altered(page, "2 channels of Block 5 are held.")
    assert altered_of(page) == "block5.relu:2=held,7=held"
    tool(page, "doubled").click()
    wait_for_altered(page, "2 channels of Block 5 are doubled.")
    tool(page, "doubled").click()
    wait_for_altered(page, "2 channels of Block 5 are doubled 2 times.")
    assert altered_of(page) == "block5.relu:2=4,7=4"
    tool(page, "Reset").click()
    expect(box(page)).to_be_hidden()
    # A click without Shift chooses a channel as ever.
    tiles.click(position=at(4))
    expect(page.get_by_role("gridcell")).to_have_text(re.compile("^channel 4 of 256"))


def test_a_clicked_tile_has_the_usual_inspector_for_as_long_as_it_is_pointed_at(page: Page) -> None:
    begin(page, "&altered=block5.relu:3=0")
    wait_for_altered(page, "1 channel of Block 5 is off.")
    tiles = page.locator("canvas.wall-marks")
    tiles.click(position={"x": 20, "y": 16})
    usual = page.get_by_role("region", name="Inspector")
    expect(usual).to_be_visible()
    expect(panel(page)).to_be_hidden()
    expect(box(page)).to_be_visible()
    tiles.hover(position={"x": 400, "y": 200})
    expect(panel(page)).to_be_visible()
    expect(usual).to_be_hidden()


def test_right_answers_are_counted_on_test_pictures_when_asked_for_and_may_be_cancelled(page: Page) -> None:
    begin(page, "&altered=block5.relu:3=0")
    wait_for_altered(page, "1 channel of Block 5 is off.")
    tool(page, "Count on test pictures").click()
    expect(box(page)).to_contain_text(re.compile(r"[\d.]+ % of \d+ so far, 500 in about .*\. Cancel"))
    box(page).get_by_role("button", name="Cancel").click()
    expect(box(page)).to_contain_text(re.compile(r"so far, 500\. Go on"))


def test_v_held_shows_the_strip_as_it_was(page: Page) -> None:
    begin(page, "&altered=block5.relu:" + ",".join(f"{c}=0" for c in range(256)))
    wait_for_altered(page, "All 256 channels are off: the prediction is that of the biases alone.")
    tick = page.locator(".bar-tick")
    expect(tick.first).to_be_visible()
    expect(page.locator(".strip")).to_contain_text("bar: altered · tick: before")
    page.keyboard.down("v")
    expect(tick).to_have_count(0)
    page.keyboard.up("v")
    expect(tick.first).to_be_visible()


def test_a_link_opens_altered_another_photo_keeps_it_another_checkpoint_ends_it(page: Page) -> None:
    begin(page, "&altered=block5.relu:3=0,9=0")
    wait_for_altered(page, "2 channels of Block 5 are off.")
    page.get_by_role("combobox", name="photo").select_option("coffee")
    expect(page).to_have_url(re.compile("photo=coffee"))
    wait_for_altered(page, "2 channels of Block 5 are off.")
    page.keyboard.press("Escape")
    expect(box(page)).to_be_hidden()
    wall(page).focus()
    page.keyboard.press("Control+z")  # what Escape has ended comes back too
    wait_for_altered(page, "2 channels of Block 5 are off.")
    assert altered_of(page) == "block5.relu:3=0,9=0"


def test_a_link_that_does_not_fit_the_network_opens_unaltered_and_says_why(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&altered=block5.relu:300=0")
    expect(page.get_by_role("alert")).to_contain_text("no channel 300 at block5.relu, which has 256")
    assert altered_of(page) == ""
    open_explore(page, "checkpoint=untrained&altered=nonsense")
    expect(box(page)).to_be_hidden()


def test_what_is_saved_says_how_the_network_is_altered(page: Page, untrained: Checkpoint, traced: Traced) -> None:
    begin(page, "&altered=block5.relu:3=0,9=held")
    wait_for_altered(page, "1 channel of Block 5 is off, 1 channel of Block 5 is held.")
    tool(page, "Save").click()
    with page.expect_download() as saved:
        tool(page, "Arrays of this stage (.npz)").click()
    assert "_altered-Block-5-3-off-9-held_block5.relu" in saved.value.suggested_filename
    with np.load(io.BytesIO(saved.value.path().read_bytes())) as arrays:
        assert str(arrays["altered"]) == "block5.relu:3=0,9=held"
        mean = float(traced("chelsea").stages[STAGE][9].mean())
        torch.testing.assert_close(torch.tensor(arrays[STAGE][9]), torch.full((13, 13), mean), rtol=1e-5, atol=1e-7)


def test_nobody_else_sees_the_alteration(new_page: Callable[..., Page]) -> None:
    mine, other = new_page(), new_page()
    begin(mine, "&altered=block5.relu:3=0")
    wait_for_altered(mine, "1 channel of Block 5 is off.")
    begin(other)
    expect(other.locator(".strip")).to_contain_text("not trained: answers are chance")
    expect(box(other)).to_be_hidden()
