"""The wall: every channel of every stage, painted with the numbers that the network computes."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from alexnet_viz.checkpoints import Checkpoint
from tests.browser.explore import (
    MARGIN,
    TOKENS,
    agrees,
    inspector,
    is_painted,
    legend,
    number_in,
    open_explore,
    percent,
    percentile_end,
    pixels,
    ramp,
    sentence,
    spelled,
    tile_corner,
    tool,
    wait_for_maps,
    wall,
    wall_canvas,
)

Traced = Callable[..., Any]
MARKER, EDGE = (
    tuple(int(TOKENS["colour"]["light"][name][i : i + 2], 16) for i in (1, 3, 5)) for name in ("marker", "line")
)
# Design, section 2: sizes of the stages, the wall's columns and rows at 1280 × 800.
BLOCKS: dict[int, list[tuple[str, str, tuple[int, int, int], int, int]]] = {
    1: [
        ("conv", "convolution", (96, 55, 55), 12, 8),
        ("relu", "ReLU", (96, 55, 55), 12, 8),
        ("norm", "LRN", (96, 55, 55), 12, 8),
        ("pool", "pooling", (96, 27, 27), 12, 8),
    ],
    2: [
        ("conv", "convolution", (256, 27, 27), 20, 13),
        ("relu", "ReLU", (256, 27, 27), 20, 13),
        ("norm", "LRN", (256, 27, 27), 20, 13),
        ("pool", "pooling", (256, 13, 13), 20, 13),
    ],
    3: [("conv", "convolution", (384, 13, 13), 24, 16), ("relu", "ReLU", (384, 13, 13), 24, 16)],
    4: [("conv", "convolution", (384, 13, 13), 24, 16), ("relu", "ReLU", (384, 13, 13), 24, 16)],
    5: [
        ("conv", "convolution", (256, 13, 13), 20, 13),
        ("relu", "ReLU", (256, 13, 13), 20, 13),
        ("norm", "LRN", (256, 13, 13), 20, 13),
        ("pool", "pooling", (256, 6, 6), 20, 13),
    ],
}


def stage_of(traced: Traced, name: str, photo: str = "chelsea") -> Any:
    return traced(photo).stages[name].numpy()


def test_the_first_screen_shows_a_photo_that_is_already_through(page: Page) -> None:
    open_explore(page, "")
    expect(page.get_by_role("heading", name="Block 1 96 × 55 × 55")).to_be_visible()
    expect(sentence(page)).to_have_text(re.compile(r"^96 of 96 channels\. .* silent on this photo\.$"))
    expect(page.get_by_role("combobox", name="photo")).to_have_value("chelsea")
    expect(page.get_by_role("contentinfo").or_(page.locator("footer"))).to_contain_text("forward pass")


def test_every_tile_is_painted_with_its_own_numbers(page: Page, traced: Traced) -> None:
    open_explore(page)
    maps = stage_of(traced, "block1.relu")
    expect(wall(page)).to_have_attribute("aria-rowcount", "8")
    expect(wall(page)).to_have_attribute("aria-colcount", "12")
    high, table = percentile_end(maps), ramp("activation")
    points, values = [], []
    for channel, one in enumerate(maps):
        left, top = tile_corner(wall_canvas(page), channel, maps.shape, 1, 12)
        for position in (int(one.argmax()), int(one.argmin()), 55 * 27 + 3 * (channel % 18)):
            row, column = divmod(position, 55)
            points.append((left + column, top + row))
            values.append(float(one[row, column]))
    colours = pixels(wall_canvas(page), points)
    wrong = [
        (point, colour, value)
        for point, colour, value in zip(points, colours, values, strict=True)
        if not is_painted(colour, value, 0, high, table)
    ]
    assert not wrong
    assert len(set(colours)) > 50  # and not one colour everywhere


def test_pointing_tells_channel_row_column_value_and_what_is_seen(page: Page, traced: Traced) -> None:
    open_explore(page)
    maps = stage_of(traced, "block1.relu")
    channel = 40
    row, column = divmod(int(maps[channel].argmax()), 55)
    left, top = tile_corner(wall_canvas(page), channel, maps.shape, 1, 12)
    page.locator("canvas.wall-marks").hover(position={"x": left + column + 0.5, "y": top + row + 0.5})
    readout = page.locator(".wall-panel .readout")
    expect(readout).to_contain_text(f"ch 40, row {row}, col {column}: ")
    assert agrees(readout.inner_text().split(": ")[1], float(maps[channel, row, column]))
    expect(inspector(page)).to_contain_text(f"Row {row}, column {column}: ")
    around = [(left + column + x, top + row + y) for x in range(-4, 5) for y in range(-4, 5)]
    assert MARKER in pixels(page.locator("canvas.wall-marks"), around)  # the pixel is marked
    # Windows of 11 pixels, 4 apart, without padding.
    rows, columns = f"rows {4 * row}–{4 * row + 10}", f"columns {4 * column}–{4 * column + 10}"
    expect(inspector(page)).to_contain_text(f"{rows}, {columns}")
    # Pointing is not selecting: the large map is still the strongest channel's.
    strongest = int(maps.max(axis=(1, 2)).argmax())
    expect(inspector(page).get_by_role("heading", name=f"Channel {strongest} 55 × 55")).to_be_visible()
    page.mouse.move(5, 5)
    expect(readout).to_be_hidden()
    expect(inspector(page)).not_to_contain_text(f"Row {row}, column {column}: ")


@pytest.mark.parametrize("ratio", [1.25, 2])
def test_pointing_is_exact_on_fine_screens(new_page: Callable[..., Page], traced: Traced, ratio: float) -> None:
    page = open_explore(new_page(device_scale_factor=ratio), "checkpoint=untrained&stage=block2.pool")
    maps = stage_of(traced, "block2.pool")
    end, table = percentile_end(maps), ramp("activation")
    seen = set()
    for x, y in ((20, 20), (217, 133), (402, 251), (611, 307), (690, 440)):
        page.locator("canvas.wall-marks").hover(position={"x": x, "y": y})
        told = re.match(r"ch (\d+), row (\d+), col (\d+): (.+)", page.locator(".wall-panel .readout").inner_text())
        assert told
        channel, row, column = (int(told[i]) for i in (1, 2, 3))
        seen.add(channel)
        value = float(maps[channel, row, column])
        assert agrees(told[4], value)
        (colour,) = pixels(wall_canvas(page), [(int(x * ratio), int(y * ratio))])
        if colour not in ((0, 0, 0), EDGE):  # between tiles the nearest value is told
            assert is_painted(colour, value, 0, end, table)
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("stage", "place", "rows", "columns", "field", "clipped"),
    [
        # conv1: 11 / 4.  pool1: 11 + 2 × 4 = 19, jump 8.
        ("block1.pool", "0,26", "0–18", "208–226", 19, False),
        # conv2: 19 + 4 × 8 = 51, begins 2 × 8 before; pool2: 51 + 2 × 8 = 67, jump 16: −16 … 50.
        ("block2.pool", "0,3", "0–50", "32–98", 67, True),
        # conv3 to conv5 add 2 × 16 each and begin 16 earlier: 163, −64 … 98; pool5: 195, jump 32.
        ("block5.pool", "5,2", "96–226", "0–194", 195, True),
    ],
)
def test_the_receptive_field_is_the_one_on_paper(
    page: Page, stage: str, place: str, rows: str, columns: str, field: int, clipped: bool
) -> None:
    open_explore(page, f"checkpoint=untrained&stage={stage}&channel=7&place={place}")
    expect(inspector(page)).to_contain_text(f"Receptive field {field} × {field} px")
    expect(inspector(page).locator(".beside")).to_contain_text(f"rows{rows}")
    expect(inspector(page).locator(".beside")).to_contain_text(f"columns{columns}")
    expect(inspector(page).get_by_text("clipped", exact=True)).to_have_count(int(clipped))
    outlined = f"outlined: rows {rows.replace('–', ' to ')}, columns {columns.replace('–', ' to ')}"
    expect(inspector(page).get_by_role("img", name=outlined)).to_be_visible()


def test_the_field_is_outlined_on_the_photo_in_the_marker_colour(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&channel=7&place=10,20")
    photo = inspector(page).get_by_role("img", name="as the network sees it")
    expect(photo).to_have_attribute("aria-label", re.compile("outlined: rows 40 to 50, columns 80 to 90$"))
    # A line of 2 px on the border between the pixels 79 and 80, and between 90 and 91.
    corners = pixels(photo, [(79, 45), (80, 45), (90, 45), (91, 45), (85, 40), (85, 50)])
    assert set(corners) == {MARKER}
    assert MARKER not in pixels(photo, [(85, 45), (60, 45)])


@pytest.mark.parametrize("block", BLOCKS)
def test_every_stage_shows_all_its_channels(page: Page, traced: Traced, block: int) -> None:
    open_explore(page, f"checkpoint=untrained&stage=block{block}.relu")
    for stage, kind, shape, columns, rows in BLOCKS[block]:
        tool(page, kind).click()
        total = shape[0]
        expect(wall(page)).to_have_attribute("aria-label", f"Block {block}, {kind}: {total} of {total} channels")
        expect(page.get_by_role("heading", name=f"Block {block} {' × '.join(map(str, shape))}")).to_be_visible()
        expect(tool(page, kind)).to_have_attribute("aria-pressed", "true")
        expect(wall(page)).to_have_attribute("aria-colcount", str(columns))
        expect(wall(page)).to_have_attribute("aria-rowcount", str(rows))
        maps = stage_of(traced, f"block{block}.{stage}")
        silent = int((maps == 0).all(axis=(1, 2)).sum())
        words = {0: "None is silent", 1: "1 is silent"}.get(silent, f"{silent} are silent")
        expect(sentence(page)).to_have_text(f"{total} of {total} channels. {words} on this photo.")
        best = int(maps.max(axis=(1, 2)).argmax())
        highest = f"channel {best} of {total}, maximum {spelled(float(maps[best].max()))}"
        zeros = percent((maps[best] == 0).mean()).replace("%", "percent")
        expect(page.get_by_role("gridcell")).to_have_text(f"{highest}, {zeros} zeros")


def test_the_wall_is_as_large_as_the_design_has_it(new_page: Callable[..., Page]) -> None:
    for window, size in (((1280, 800), (738, 467)), ((1920, 1080), (1152, 735))):
        page = new_page(viewport={"width": window[0], "height": window[1]})
        open_explore(page)
        found = page.locator(".wall-panel").evaluate("panel => [panel.clientWidth, panel.clientHeight]")
        assert np.abs(np.array(found) - size).max() <= 4
        expect(wall(page)).to_have_attribute("aria-colcount", "12")


def test_range_and_its_numbers(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block2.pool")
    stages = {name: maps.numpy() for name, maps in traced("chelsea").stages.items()}
    block = max(percentile_end(stages[f"block2.{kind}"]) for kind in ("conv", "relu", "norm", "pool"))
    network = max(percentile_end(maps) for maps in stages.values())
    own = percentile_end(stages["block2.pool"])
    highest = float(stages["block2.pool"].max())
    menu = tool(page, "range layer")
    expect(legend(page)).to_have_attribute("aria-label", f"Range layer, from 0 to ≥ {spelled(own)}")
    menu.click()
    choice = page.get_by_label("range", exact=True)
    for name, end in (("block", block), ("network", network)):
        choice.select_option(name)
        expect(legend(page)).to_have_attribute("aria-label", f"Range {name}, from 0 to ≥ {spelled(end)}")
    choice.select_option("channel")
    expect(legend(page)).to_have_attribute("aria-label", "Range channel, from 0 to own max")
    choice.select_option("layer")
    page.get_by_label("upper end").select_option("whole")
    expect(legend(page)).to_have_attribute("aria-label", f"Range layer, from 0 to {spelled(highest)}")
    page.keyboard.press("Escape")
    tool(page, spelled(highest)).click()
    expect(legend(page)).to_have_attribute("aria-label", f"Range layer, from 0 to ≥ {spelled(own)}")


def test_a_signed_stage_has_zero_in_the_middle(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.conv")
    maps = stage_of(traced, "block1.conv")
    end = percentile_end(maps)
    spoken = f"Range layer, from ≤ {spelled(-end)} to ≥ {spelled(end)}"
    expect(legend(page)).to_have_attribute("aria-label", spoken)
    points, values = [], []
    for channel in range(0, 96, 5):
        left, top = tile_corner(wall_canvas(page), channel, maps.shape, 1, 12)
        for row, column in ((3, 50), (27, 27), (51, 8)):
            points.append((left + column, top + row))
            values.append(float(maps[channel, row, column]))
    colours = pixels(wall_canvas(page), points)
    pairs = zip(colours, values, strict=True)
    assert [value for colour, value in pairs if not is_painted(colour, value, -end, end, ramp("signed"))] == []


def test_with_its_own_range_every_channel_reaches_the_last_colour(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.relu&range=channel")
    maps = stage_of(traced, "block1.relu")
    points = []
    for channel, one in enumerate(maps):
        left, top = tile_corner(wall_canvas(page), channel, maps.shape, 1, 12)
        row, column = divmod(int(one.argmax()), 55)
        points.append((left + column, top + row))
    last = tuple(int(value) for value in ramp("activation")[255])
    assert set(pixels(wall_canvas(page), points)) == {last}


def test_order(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool")
    maps = stage_of(traced, "block1.pool").reshape(96, -1).astype(np.float64)
    ruler = page.locator(".wall-ruler span").first.locator("xpath=..").locator("span")
    expect(ruler).to_have_text([str(12 * row) for row in range(8)])
    zeros = (maps == 0).mean(axis=1)
    for order, keys in (("maximum", maps.max(axis=1)), ("mean", maps.mean(axis=1)), ("zeros", zeros)):
        page.get_by_role("combobox", name="order").select_option(order)
        expect(page.locator(".wall-panel .wall-ruler span")).to_have_count(8)
        sorted_keys = np.sort(keys) if order == "zeros" else np.sort(keys)[::-1]
        shown = ruler.all_inner_texts()
        for text, value in zip(shown, sorted_keys[::12], strict=True):
            if order == "zeros":
                assert abs(number_in(text) - 100 * value) <= (0.05 if value < 0.0995 else 0.5) + 1e-6
            else:
                assert agrees(text, float(value))
    # The first tile of an order is the channel that numpy puts first.
    page.get_by_role("combobox", name="order").select_option("maximum")
    left, top = tile_corner(wall_canvas(page), 0, (96, 27, 27), 2, 12)
    page.locator("canvas.wall-marks").click(position={"x": left + 9, "y": top + 9})
    expect(page.get_by_role("gridcell")).to_have_text(re.compile(f"^channel {int(maps.max(axis=1).argmax())} of 96,"))


def test_colour_maps_and_gamma(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool")
    maps = stage_of(traced, "block1.pool")
    end = percentile_end(maps)
    channel = 20
    left, top = tile_corner(wall_canvas(page), channel, maps.shape, 2, 12)
    places = [(row, column) for row in range(1, 27, 5) for column in range(1, 27, 5)]
    points = [(left + 2 * column, top + 2 * row) for row, column in places]
    values = [float(maps[channel, row, column]) for row, column in places]

    def is_right(name: str, gamma: float = 1.0) -> bool:
        bent = [min(max(value / end, 0), 1) ** gamma for value in values]
        colours = pixels(wall_canvas(page), points)
        # With a small gamma one step of the value is many of the colour.
        return all(
            is_painted(colour, value, 0, 1, ramp(name)) or (gamma != 1 and value < 0.2)
            for colour, value in zip(colours, bent, strict=True)
        )

    tool(page, "range layer").click()
    for name, entry in (("viridis", "viridis"), ("cividis", "cividis"), ("magma", "magma"), ("grey", "gray")):
        page.get_by_label("colour map").select_option(name)
        assert is_right(entry), name
    page.get_by_label("colour map").select_option("house")
    assert is_right("activation")
    page.get_by_label("gamma").fill("3")  # 0.25, 0.4, 0.6, 0.8, 1 …
    expect(page.locator(".range-name")).to_have_text("layer, gamma 0.8")
    assert is_right("activation", 0.8)
    page.get_by_label("gamma").fill("6")
    expect(page.locator(".range-name")).to_have_text("layer, gamma 1.6")
    assert is_right("activation", 1.6)


def test_silent_channels_can_be_hidden(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block3.relu")
    silent = (stage_of(traced, "block3.relu") == 0).all(axis=(1, 2))
    count = int(silent.sum())
    assert count > 1
    tool(page, "range layer").click()
    page.get_by_label("hide silent channels").check()
    words = f"{384 - count} of 384 channels respond; {count} silent ones are hidden."
    expect(sentence(page)).to_have_text(words)
    expect(wall(page)).to_have_attribute("aria-label", f"Block 3, ReLU: {384 - count} of 384 channels")
    page.get_by_label("hide silent channels").uncheck()
    expect(sentence(page)).to_have_text(f"384 of 384 channels. {count} are silent on this photo.")


def test_a_silent_channel_is_an_empty_slot(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block3.relu")
    silent = np.flatnonzero((stage_of(traced, "block3.relu") == 0).all(axis=(1, 2)))
    left, top = tile_corner(wall_canvas(page), int(silent[0]), (384, 13, 13), 2, 24)
    alpha = "(canvas, [x, y]) => canvas.getContext('2d').getImageData(x, y, 1, 1).data[3]"
    assert wall_canvas(page).evaluate(alpha, [left + 13, top + 13]) == 0
    loud = int(np.flatnonzero(~np.isin(np.arange(384), silent))[0])
    left, top = tile_corner(wall_canvas(page), loud, (384, 13, 13), 2, 24)
    assert wall_canvas(page).evaluate(alpha, [left + 13, top + 13]) == 255


def test_a_tile_size_of_ones_own_scrolls_and_keeps_the_selection_in_view(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool&channel=0")
    tool(page, "range layer").click()
    page.get_by_label("tile size").select_option("4")
    page.keyboard.press("Escape")
    # 27 × 4 = 108 and a gap of 3: six to a row.
    expect(wall(page)).to_have_attribute("aria-colcount", "6")
    panel = page.locator(".wall-panel")
    assert panel.evaluate("panel => panel.scrollHeight > panel.clientHeight")
    wall(page).focus()
    for _ in range(15):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("gridcell")).to_have_text(re.compile("^channel 90 of 96,"))
    # Row 15 of 16 rows of 111 pixels ends at 1773.
    assert panel.evaluate("panel => panel.scrollTop + panel.clientHeight") >= 15 * 111 + 108


def test_the_largest_tiles_are_painted_to_the_last_channel(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.relu&channel=95&tile=12")
    maps = stage_of(traced, "block1.relu")
    # A tile of 660 pixels, one to a row: 96 of them are higher than a canvas may be.
    expect(wall(page)).to_have_attribute("aria-rowcount", "96")
    wall(page).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    height = wall_canvas(page).evaluate("canvas => canvas.height")
    assert height < 1000
    page.locator(".wall-panel").evaluate("panel => panel.scrollTo(0, panel.scrollHeight)")
    # The tile ends 6 pixels above the end of the canvas; its last rows are in view.
    row, column = 50, int(maps[95, 50].argmax())
    x, y = 6 + 12 * column + 6, height - 6 - 12 * (55 - row) + 6
    page.locator("canvas.wall-marks").hover(position={"x": x, "y": y})
    value = spelled(float(maps[95, row, column]))
    expect(page.locator(".wall-panel .readout")).to_have_text(f"ch 95, row {row}, col {column}: {value}")
    assert (
        wall_canvas(page).evaluate("(c, [x, y]) => c.getContext('2d').getImageData(x, y, 1, 1).data[3]", [x, y]) == 255
    )


def test_a_click_selects_and_pins_the_place(page: Page, traced: Traced) -> None:
    open_explore(page)
    maps = stage_of(traced, "block1.relu")
    left, top = tile_corner(wall_canvas(page), 17, maps.shape, 1, 12)
    page.locator("canvas.wall-marks").click(position={"x": left + 30.5, "y": top + 20.5})
    page.mouse.move(5, 5)
    expect(page.get_by_role("gridcell")).to_have_text(re.compile("^channel 17 of 96,"))
    expect(inspector(page).get_by_role("heading", name="Channel 17 55 × 55")).to_be_visible()
    expect(inspector(page)).to_contain_text("Row 20, column 30: ")
    text = inspector(page).get_by_role("heading", name="Row 20, column 30: ").inner_text()
    assert agrees(text.split(": ")[1], float(maps[17, 20, 30]))
    rank = 1 + int((maps.max(axis=(1, 2)) > maps[17].max()).sum())
    expect(inspector(page)).to_contain_text(f"{spelled(float(maps[17].max()))} rank {rank} of 96")
    expect(inspector(page)).to_contain_text(f"mean{spelled(float(maps[17].astype(np.float64).mean()))}")
    responding = int((maps[:, 20, 30] > 0).sum())
    expect(inspector(page)).to_contain_text(f"{responding} respond")


def test_the_strip_opens_what_is_pressed(page: Page) -> None:
    open_explore(page)
    page.get_by_role("button", name="Block 5, pooling, 256 × 6 × 6").click()
    wait_for_maps(page)
    expect(page.get_by_role("heading", name="Block 5 256 × 6 × 6")).to_be_visible()
    expect(tool(page, "pooling")).to_have_attribute("aria-pressed", "true")
    tool(page, "convolution").click()
    expect(wall(page)).to_have_attribute("aria-label", "Block 5, convolution: 256 of 256 channels")
    page.get_by_role("button", name="Block 2 256 × 13 × 13").click()
    expect(wall(page)).to_have_attribute("aria-label", "Block 2, ReLU: 256 of 256 channels")


def test_the_first_filters_stand_in_colour_as_stored_and_as_pictures_excite_them(
    page: Page, untrained: Checkpoint
) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.relu")
    tool(page, "Filters").click()
    walls = page.locator(".filter-walls canvas")
    expect(walls).to_have_count(2)  # drawn at random: most of it never meets a picture
    expect(sentence(page)).to_have_text(re.compile("^96 of 96 filters, twice: "))
    expect(legend(page)).to_be_hidden()
    weights = untrained.model.get_parameter("block1.conv_layer.weight").detach().numpy()[0]
    expected = 127.5 + 127.5 * weights / np.abs(weights).max()
    for zoom in (3, 4):  # whole pixels a weight
        places = [(MARGIN + zoom * column + 1, MARGIN + zoom * row + 1) for row in range(11) for column in range(11)]
        colours = np.array(pixels(walls.first, places)).reshape(11, 11, 3).transpose(2, 0, 1)
        if np.abs(colours - expected).max() < 1.5:
            break
    else:
        pytest.fail("the first tile is not the first filter")
    walls.first.click(position={"x": MARGIN + 2, "y": MARGIN + 2})
    expect(inspector(page)).to_contain_text("Channel 0")
    page.keyboard.press("Escape")
    expect(wall(page)).to_be_visible()
