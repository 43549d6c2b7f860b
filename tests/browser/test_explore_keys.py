"""Every key of the Explore page is pressed, and what it does is seen."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

import alexnet_viz
from tests.browser.explore import inspector, legend, open_explore, sentence, spelled, tool, wait_for_maps, wall

Traced = Callable[..., Any]
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
# Design, section 8, as far as the page has it. The tests below press each of them.
KEYS = {
    *(
        "←",
        "→",
        "↑",
        "↓",
        "[]",
        "1…8",
        "R",
        "O",
        "U",
        "Enter",
        "G",
        "ShiftG",
        "Z",
        "ShiftZ",
        "C",
        "X",
        "H",
        "P",
        "W",
        "S",
        "Esc",
        "?",
        "Shift←→↑↓",  # selecting and altering: test_explore_altered.py presses these
        "Space",
        "0",
        "CtrlZ",
        "V",
    ),
    "←→",  # both, as the footer names them
    "←→↑↓",  # the pixel of the large map that has the focus
}


def selected(page: Page) -> str:
    """The channel that a screen reader is told: "channel 40 of 96, maximum 5.52, 40 percent zeros"."""
    return page.get_by_role("gridcell").inner_text().split(",")[0]


def test_question_mark_lists_every_key_of_the_page(page: Page) -> None:
    open_explore(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text(f"alexnet_viz {alexnet_viz.__version__}")).to_be_visible()
    listed = {"".join(term.split()) for term in dialog.get_by_role("term").all_inner_texts()}
    assert listed == KEYS
    page.keyboard.press("r")  # a dialog has the keys to itself
    expect(legend(page)).to_have_attribute("aria-label", re.compile("^Range layer"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("?")
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()


def test_arrows_walk_the_wall_in_its_order(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool&channel=40")
    walk = (("ArrowRight", 41), ("ArrowDown", 53), ("ArrowLeft", 52), ("ArrowUp", 40))  # rows of 12
    for key, channel in walk:
        page.keyboard.press(key)
        expect(page.get_by_role("gridcell")).to_have_text(re.compile(f"^channel {channel} of 96,"))
        expect(inspector(page).get_by_role("heading", name=f"Channel {channel} 27 × 27")).to_be_visible()
    page.get_by_role("combobox", name="order").select_option("maximum")
    wall(page).focus()
    highest = traced("chelsea").stages["block1.pool"].numpy().max(axis=(1, 2))
    by_maximum = list(np.argsort(-highest, kind="stable"))
    at = by_maximum.index(40)
    page.keyboard.press("ArrowRight" if at < 95 else "ArrowLeft")
    expected = by_maximum[at + 1 if at < 95 else at - 1]
    expect(page.get_by_role("gridcell")).to_have_text(re.compile(f"^channel {expected} of 96,"))


def test_arrows_stop_at_the_ends(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool&channel=0")
    for key in ("ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    assert selected(page) == "channel 0 of 96"
    for _ in range(9):  # eight rows
        page.keyboard.press("ArrowDown")
    assert selected(page) == "channel 84 of 96"


def test_brackets_go_through_all_stages(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.norm")
    page.keyboard.press("]")
    expect(tool(page, "pooling")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("]")
    expect(wall(page)).to_have_attribute("aria-label", "Block 2, convolution: 256 of 256 channels")
    page.keyboard.press("[")
    expect(wall(page)).to_have_attribute("aria-label", "Block 1, pooling: 96 of 96 channels")
    for _ in range(4):
        page.keyboard.press("[")
    expect(page.get_by_role("heading", name="What the network saw")).to_be_visible()
    page.keyboard.press("[")  # nothing is before the photo
    page.keyboard.press("]")
    expect(wall(page)).to_have_attribute("aria-label", "Block 1, convolution: 96 of 96 channels")


def test_digits_open_blocks_fc_layers_and_the_prediction(page: Page) -> None:
    open_explore(page)
    for digit, label in ((5, "Block 5"), (1, "Block 1"), (3, "Block 3"), (2, "Block 2"), (4, "Block 4")):
        page.keyboard.press(str(digit))
        expect(wall(page)).to_have_attribute("aria-label", re.compile(f"^{label}, ReLU: "))
        expect(page.locator(".strip-column.open")).to_contain_text(label)
    for digit, label in ((6, "fc1 4096 units"), (7, "fc2 4096 units"), (8, "Prediction 10 classes")):
        page.keyboard.press(str(digit))
        expect(page.get_by_role("heading", name=label)).to_be_visible()


def test_r_goes_through_the_ranges(page: Page) -> None:
    open_explore(page)
    for name in ("block", "network", "channel", "layer"):
        page.keyboard.press("r")
        expect(legend(page)).to_have_attribute("aria-label", re.compile(f"^Range {name},"))


def test_o_goes_through_the_orders(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool")
    highest = float(traced("chelsea").stages["block1.pool"].max())
    first = page.locator(".wall-panel .wall-ruler span").first
    for name, label in (("maximum", spelled(highest)), ("mean", None), ("zeros", None), ("index", "0")):
        page.keyboard.press("o")
        expect(page.get_by_role("combobox", name="order")).to_have_value(name)
        if label is not None:
            expect(first).to_have_text(label)


def test_enter_opens_the_channel_and_escape_goes_back(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block5.pool&channel=3")
    large = page.get_by_role("img", name="Block 5, pooling, channel 3, 6 × 6 values", exact=True)
    page.keyboard.press("Enter")
    expect(large).to_be_visible()
    expect(sentence(page)).to_have_text("Channel 3 of 256, every value.")
    page.keyboard.press("Escape")
    expect(wall(page)).to_be_visible()
    wall(page).focus()
    page.keyboard.press("Enter")
    expect(tool(page, "All channels")).to_be_focused()  # what had the focus is hidden now
    page.keyboard.press("Escape")
    expect(wall(page)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(large).to_be_hidden()


def test_g_and_shift_g_bend_the_colours(page: Page) -> None:
    open_explore(page)
    name = page.locator(".range-name")
    for key, said in (
        ("g", "layer, gamma 1.25"),
        ("Shift+G", "layer"),
        ("Shift+G", "layer, gamma 0.8"),
        ("g", "layer"),
    ):
        page.keyboard.press(key)
        expect(name).to_have_text(said)
    for _ in range(12):
        page.keyboard.press("g")
    expect(name).to_have_text("layer, gamma 2.5")


def test_z_and_shift_z_change_the_tiles(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block3.relu")
    expect(wall(page)).to_have_attribute("aria-colcount", "24")
    page.keyboard.press("z")  # ×1: tiles of 13 and gaps of 3 in 704, 44 columns
    expect(wall(page)).to_have_attribute("aria-colcount", "44")
    page.keyboard.press("Shift+Z")
    expect(wall(page)).to_have_attribute("aria-colcount", "24")
    page.keyboard.press("Shift+Z")  # the largest, ×12: tiles of 156
    expect(wall(page)).to_have_attribute("aria-colcount", "4")


def test_c_goes_through_the_colour_maps(page: Page) -> None:
    open_explore(page)
    for name in ("viridis", "cividis", "magma", "grey"):
        page.keyboard.press("c")
        expect(page).to_have_url(re.compile(f"map={name}"))
    page.keyboard.press("c")
    expect(page).not_to_have_url(re.compile("map="))


def test_x_hides_the_silent_channels(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block3.relu")
    page.keyboard.press("x")
    expect(sentence(page)).to_have_text(re.compile("silent ones are hidden"))
    page.keyboard.press("Escape")  # one level back
    expect(sentence(page)).to_have_text(re.compile("^384 of 384 channels"))


def test_h_holds_the_channel_while_browsing(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.relu&channel=5")
    page.keyboard.press("h")
    page.keyboard.press("2")
    wait_for_maps(page)
    expect(wall(page)).to_have_attribute("aria-label", re.compile("^Block 2"))
    expect(inspector(page).get_by_role("heading", name="Channel 5 Block 1, ReLU, held")).to_be_visible()
    page.keyboard.press("h")
    expect(inspector(page).get_by_role("heading", name="27 × 27")).to_be_visible()
    page.keyboard.press("h")
    page.keyboard.press("Escape")
    expect(inspector(page).get_by_role("heading", name="held")).to_have_count(0)


def test_s_opens_the_list_of_what_can_be_saved(page: Page) -> None:
    open_explore(page)
    page.keyboard.press("s")
    menu = page.get_by_role("group", name="Save")
    expect(menu.get_by_role("button").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(tool(page, "Save")).to_be_focused()


def test_escape_unpins_the_place(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&channel=5&place=1,2")
    expect(inspector(page)).to_contain_text("Row 1, column 2:")
    page.keyboard.press("Escape")
    expect(inspector(page)).not_to_contain_text("Row 1, column 2:")
    expect(page).not_to_have_url(re.compile("place="))


def test_keys_stay_with_a_field_that_has_the_focus(page: Page) -> None:
    open_explore(page)
    order = page.get_by_role("combobox", name="order")
    order.focus()
    page.keyboard.press("r")
    page.keyboard.press("]")
    expect(legend(page)).to_have_attribute("aria-label", re.compile("^Range layer"))
    expect(wall(page)).to_have_attribute("aria-label", re.compile("^Block 1, ReLU"))
    page.keyboard.press("Control+o")
    expect(order).to_have_value("index")


def test_the_pixel_of_a_large_map_is_moved_by_key(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool&channel=5&place=3,4")
    pixel = inspector(page).get_by_role("application", name=re.compile("^Pixel of channel 5"))
    pixel.focus()
    for key, row, column in (("ArrowRight", 3, 5), ("ArrowDown", 4, 5), ("ArrowLeft", 4, 4), ("ArrowUp", 3, 4)):
        page.keyboard.press(key)
        expect(pixel).to_have_attribute("aria-label", re.compile(f"^Pixel of channel 5, row {row}, column {column}: "))
        expect(inspector(page)).to_contain_text(f"Row {row}, column {column}:")
    assert selected(page) == "channel 5 of 96"  # the wall's arrows are another matter
    wall(page).focus()
    page.keyboard.press("Enter")
    large = page.get_by_role("region", name="Feature maps").get_by_role("application")
    large.focus()
    page.keyboard.press("ArrowUp")
    expect(large).to_have_attribute("aria-label", re.compile("^Pixel of channel 5, row 2, column 4: "))


def test_an_open_channel_has_a_way_back_and_neighbours(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block5.pool&view=channel&channel=0")
    expect(tool(page, "← Previous")).to_be_disabled()
    tool(page, "Next →").click()
    expect(sentence(page)).to_have_text("Channel 1 of 256, every value.")
    tool(page, "← Previous").click()
    expect(sentence(page)).to_have_text("Channel 0 of 256, every value.")
    tool(page, "All channels").click()
    expect(wall(page)).to_be_visible()


def test_hold_has_a_button(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.relu&channel=5")
    inspector(page).get_by_role("button", name="Hold").click()
    page.keyboard.press("2")
    expect(inspector(page).get_by_role("heading", name="Channel 5 Block 1, ReLU, held")).to_be_visible()
    inspector(page).get_by_role("button", name="Let go").click()
    expect(inspector(page).get_by_role("heading", name="held")).to_have_count(0)


def test_keys_that_do_nothing_on_a_stage_are_not_named_there(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=fc1")
    keys = page.get_by_role("dialog", name="Keys")
    page.keyboard.press("?")
    expect(keys).to_contain_text("previous channel")
    expect(keys).not_to_contain_text("open channel")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.keyboard.press("?")
    expect(keys).to_contain_text("open channel")


def test_larger_tiles_keep_the_selected_channel_in_view(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block3.relu&channel=380")
    for _ in range(6):
        page.keyboard.press("z")
        panel = page.locator(".wall-panel").evaluate(
            "panel => [panel.scrollTop, panel.clientHeight, panel.scrollHeight]"
        )
        if panel[2] > panel[1] + 12:  # channel 380 of 384 stands in the last rows
            assert panel[0] + panel[1] > panel[2] - 200


def test_the_strip_shows_the_open_stage_on_a_narrow_screen(new_page: Callable[..., Page]) -> None:
    page = open_explore(new_page(viewport={"width": 390, "height": 844}), "checkpoint=untrained&stage=block5.pool")
    expect(page.locator(".strip-column.open")).to_be_in_viewport(ratio=1)


def test_the_range_menu_stays_in_its_panel(page: Page) -> None:
    open_explore(page)
    page.get_by_role("button", name="range layer").click()
    widths = page.get_by_role("group", name="How values become colours").evaluate(
        "panel => [panel.scrollWidth, panel.clientWidth]"
    )
    assert widths[0] <= widths[1]
