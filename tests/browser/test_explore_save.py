"""What is saved holds what the page shows, and says what it is of."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Download, Page, expect

from alexnet_viz.images import GALLERY
from tests.browser.explore import (
    is_painted,
    open_explore,
    percentile_end,
    pixels,
    ramp,
    tool,
    wait_for_maps,
    wall,
    wall_canvas,
)

Traced = Callable[..., Any]


def save(page: Page, item: str) -> Download:
    """Choose an entry of the list behind Save."""
    tool(page, "Save").click()
    with page.expect_download() as saving:
        page.get_by_role("group", name="Save").get_by_role("button", name=item).click()
    name = saving.value.suggested_filename
    expect(page.get_by_role("status").filter(has_text=f"{name} is being saved").first).to_be_visible()
    return saving.value


def content(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def test_a_channel_one_pixel_per_value(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool&channel=20")
    download = save(page, "Channel 20, one pixel per value")
    assert download.suggested_filename == "chelsea_untrained_seed_block1.pool_channel-20.png"
    picture = np.asarray(Image.open(io.BytesIO(content(download))).convert("RGB"))
    maps = traced("chelsea").stages["block1.pool"].numpy()
    assert picture.shape == (27, 27, 3)
    end, table = percentile_end(maps), ramp("activation")
    colours = picture.reshape(-1, 3).astype(int).tolist()
    values = maps[20].ravel().tolist()
    assert all(is_painted(tuple(c), value, 0, end, table) for c, value in zip(colours, values, strict=True))


def test_a_channel_enlarged_with_its_legend(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool&channel=20")
    small = np.asarray(Image.open(io.BytesIO(content(save(page, "Channel 20, one pixel per value")))).convert("RGB"))
    download = save(page, "Channel 20, enlarged with legend")
    assert download.suggested_filename == "chelsea_untrained_seed_block1.pool_channel-20-enlarged.png"
    large = np.asarray(Image.open(io.BytesIO(content(download))).convert("RGB"))
    # 660 / 27 = 24 pixels per value, a margin of 16, three lines of text and legend below.
    inside = large[16 : 16 + 27 * 24, 16 : 16 + 27 * 24]
    assert (inside == np.kron(small, np.ones((24, 24, 1), np.uint8))).all()
    below = large[16 + 27 * 24 :]
    assert below.shape[0] >= 60
    assert len(np.unique(below.reshape(-1, 3), axis=0)) > 100  # the legend's colours


def test_the_wall_as_a_picture(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool")
    download = save(page, "The wall, picture")
    assert download.suggested_filename == "chelsea_untrained_seed_block1.pool_wall.png"
    picture = np.asarray(Image.open(io.BytesIO(content(download))).convert("RGB")).astype(int)
    width, height = wall_canvas(page).evaluate("canvas => [canvas.width, canvas.height]")
    assert picture.shape[0] > height
    assert picture.shape[1] >= width + 32
    points = [(x, y) for x in range(20, width - 20, 67) for y in range(20, height - 20, 59)]
    on_page = pixels(wall_canvas(page), points)
    saved = [tuple(picture[y + 16, x + 16]) for x, y in points]
    # A gap of the canvas is transparent (0, 0, 0); on the picture the page's colour is behind it.
    painted = [(a, b) for a, b in zip(on_page, saved, strict=True) if a != (0, 0, 0)]
    assert len(painted) > 30
    assert all(a == b for a, b in painted)


def test_arrays_load_with_numpy_and_are_the_traces(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=block2.pool&photo=coffee")
    trace = traced("coffee")
    download = save(page, "Arrays of this stage")
    assert download.suggested_filename == "coffee_untrained_seed_block2.pool.npz"
    with np.load(io.BytesIO(content(download))) as arrays:
        assert np.abs(arrays["block2.pool"] - trace.stages["block2.pool"].numpy()).max() < 1e-5
        assert np.abs(arrays["input"] - trace.input.numpy()).max() < 1e-6
        assert str(arrays["photo"]) == "A cup of espresso"
        assert [str(arrays[key]) for key in ("checkpoint", "variant", "resize")] == ["untrained", "seed", "crop"]
    download = save(page, "Arrays of all stages")
    assert download.suggested_filename == "coffee_untrained_seed_all-stages.npz"
    with np.load(io.BytesIO(content(download))) as arrays:
        assert set(trace.stages) <= set(arrays)
        worst = max(float(np.abs(arrays[name] - maps.numpy()).max()) for name, maps in trace.stages.items())
    assert worst < 1e-5


def test_the_table_of_shapes(page: Page) -> None:
    open_explore(page, "checkpoint=untrained")
    download = save(page, "Table of shapes")
    assert download.suggested_filename == "chelsea_untrained_seed_shapes.csv"
    rows = list(csv.DictReader(io.StringIO(content(download).decode("utf-8-sig"))))
    by_name = {row["name"]: row for row in rows}
    assert by_name["block1.conv"]["params"] == "34944"
    assert by_name["block1.conv"]["params_spelled"] == "11 × 11 × 3 × 96 + 96"
    assert by_name["block5.pool"]["receptive_field"] == "195"
    assert sum(int(row["params"]) for row in rows) == 58_322_314
    about = {(row["variant"], row["checkpoint"], row["photo"]) for row in rows}
    assert about == {("seed", "untrained", "Chelsea the cat")}


def test_units_are_saved_as_a_picture_too(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=fc1")
    download = save(page, "All units, picture")
    assert download.suggested_filename == "chelsea_untrained_seed_fc1_wall.png"
    assert Image.open(io.BytesIO(content(download))).width > 400


def test_the_shapes_dialog_sorts_and_saves(page: Page) -> None:
    open_explore(page, "checkpoint=untrained")
    page.get_by_role("heading", name="Block 1").get_by_role("button").click()
    dialog = page.get_by_role("dialog", name="Shapes")
    rows = dialog.locator("tbody tr")
    expect(rows.first).to_contain_text("11 × 11 × 3 × 96 + 96")
    expect(rows.first).to_contain_text("34\u202f944")
    expect(dialog.locator("tfoot")).to_contain_text("58\u202f322\u202f314")
    sort = dialog.get_by_role("columnheader", name="parameters").last
    sort.get_by_role("button").click()
    expect(sort).to_have_attribute("aria-sort", "descending")
    expect(rows.first).to_contain_text(re.compile("^fc1"))
    expect(rows.first).to_contain_text("37\u202f752\u202f832")
    sort.get_by_role("button").click()
    expect(sort).to_have_attribute("aria-sort", "ascending")
    expect(rows.last).to_contain_text(re.compile("^fc1"))
    dialog.get_by_role("columnheader", name="field").get_by_role("button").click()
    expect(dialog.get_by_role("row", name="block5.pool")).to_contain_text("195")
    with page.expect_download() as saving:
        dialog.get_by_role("link", name="Save table").click()
    assert saving.value.suggested_filename.endswith(".csv")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def items(page: Page) -> list[str]:
    """What the list behind Save offers now."""
    tool(page, "Save").click()
    offered = page.get_by_role("group", name="Save").get_by_role("button").all_inner_texts()
    page.keyboard.press("Escape")
    return offered


def test_only_the_picture_on_the_screen_is_offered(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool&channel=20")
    assert items(page)[0] == "The wall, picture"
    wall(page).focus()
    page.keyboard.press("Enter")
    assert items(page)[0] == "Channel 20, one pixel per value"
    tool(page, "All channels").click()
    tool(page, "All photos").click()
    expect(page.get_by_role("button", name="Open A cup of espresso")).to_contain_text("maximum")
    assert items(page)[:2] == ["All photos, picture", "Channel 20, one pixel per value"]
    assert "The wall, picture" not in items(page)


def test_the_wall_after_all_photos_is_that_of_the_photo_that_is_open(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool&view=photos&channel=20")
    page.get_by_role("button", name="Open A cup of espresso").click()
    wait_for_maps(page)
    expect(wall(page)).to_be_visible()
    download = save(page, "The wall, picture")
    assert download.suggested_filename == "coffee_untrained_seed_block1.pool_wall.png"
    picture = np.asarray(Image.open(io.BytesIO(content(download))).convert("RGB")).astype(int)
    width, height = wall_canvas(page).evaluate("canvas => [canvas.width, canvas.height]")
    points = [(x, y) for x in range(20, width - 20, 67) for y in range(20, height - 20, 59)]
    on_page = pixels(wall_canvas(page), points)
    painted = [(a, tuple(picture[y + 16, x + 16])) for a, (x, y) in zip(on_page, points, strict=True) if a != (0, 0, 0)]
    assert len(painted) > 30
    assert all(a == b for a, b in painted)


def test_all_photos_are_saved_with_the_maps_that_stand_there(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool&view=photos&channel=20")
    frames = page.locator(".film .frame")
    expect(frames.filter(has_text="maximum")).to_have_count(len(GALLERY))
    download = save(page, "All photos, picture")
    assert download.suggested_filename == "chelsea_untrained_seed_block1.pool_channel-20-all-photos.png"
    picture = np.asarray(Image.open(io.BytesIO(content(download))).convert("RGB")).astype(int)
    side = frames.first.locator("canvas").first.evaluate("canvas => canvas.width")
    assert picture.shape[1] >= 4 * (2 * side + 2)
    # The second photo's map: behind the first pair and its gap of 20, and the photo's own width and gap of 2.
    left = 16 + (2 * side + 2 + 20) + side + 2
    points = [(x, y) for x in range(3, side, 11) for y in range(3, side, 11)]
    on_page = pixels(frames.nth(1).locator("canvas").nth(1), points)
    assert [tuple(picture[16 + y, left + x]) for x, y in points] == on_page


def test_the_classes_are_saved_as_they_stand(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=logits")
    download = save(page, "All classes, picture")
    assert download.suggested_filename == "chelsea_untrained_seed_logits_classes.png"
    picture = np.asarray(Image.open(io.BytesIO(content(download))).convert("RGB"))
    signed = {tuple(colour) for colour in picture.reshape(-1, 3).astype(int).tolist()}
    bars = page.locator(".both-ways span").first.evaluate("bar => getComputedStyle(bar).backgroundColor")
    assert tuple(int(part) for part in re.findall(r"\d+", bars)) in signed
    assert "All units, picture" not in items(page)
