"""fc1, fc2 and the logits: units without a place."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.explore import (
    agrees,
    inspector,
    is_painted,
    legend,
    open_explore,
    percentile_end,
    pixels,
    ramp,
    sentence,
    spelled,
    tool,
    wait_for_maps,
    wall,
)

Traced = Callable[..., Any]


def units_of(traced: Traced, stage: str) -> Any:
    return traced("chelsea").stages[stage].numpy()


def test_all_units_stand_in_64_rows_of_64(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=fc1")
    values = units_of(traced, "fc1")
    expect(page.get_by_role("heading", name="fc1 4096 units")).to_be_visible()
    expect(sentence(page)).to_have_text("4096 of 4096 units by index, 64 to a row. Blue is negative.")
    expect(wall(page)).to_have_attribute("aria-label", "fc1: 4096 of 4096 units")
    end = percentile_end(values)
    expect(legend(page)).to_have_attribute("aria-label", f"Range layer, from ≤ {spelled(-end)} to ≥ {spelled(end)}")
    canvas = page.locator("canvas.cells")
    side = canvas.evaluate("canvas => canvas.width") // 64
    assert side == 7
    points = [(7 * (unit % 64) + 3, 7 * (unit // 64) + 3) for unit in range(0, 4096, 97)]
    painted = zip(pixels(canvas, points), values[::97], strict=True)
    assert [value for colour, value in painted if not is_painted(colour, value, -end, end, ramp("signed"))] == []


def test_the_strongest_ten_and_the_sorted_curve(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=fc2")
    values = units_of(traced, "fc2")
    best = np.argsort(-values, kind="stable")[:10]
    rows = page.locator(".unit-list").get_by_role("button")
    expect(rows).to_have_count(10)
    for row, unit in zip(rows.all_inner_texts(), best, strict=True):
        name, value = row.split("\n")
        assert name == str(unit)
        assert agrees(value, float(values[unit]))
    curve = page.get_by_role("img", name=re.compile("^All 4096 values sorted, from "))
    expect(curve).to_have_attribute("aria-label", re.compile(f"unit {best[0]} has rank 1$"))
    page.locator(".unit-list").get_by_role("button", name=re.compile(f"^{best[6]} ")).click()
    expect(curve).to_have_attribute("aria-label", re.compile(f"unit {best[6]} has rank 7$"))
    expect(inspector(page).get_by_role("heading", name=f"Unit {best[6]}")).to_be_visible()
    expect(inspector(page)).to_contain_text("7 of 4096")
    expect(inspector(page)).to_contain_text("Every unit of fc2 weighs all 4096 units of fc1.")
    ends = "end => end.getBoundingClientRect().bottom"
    assert page.locator(".logit").last.evaluate(ends) <= page.locator(".inspector-side").evaluate(ends)


def test_pointing_clicking_and_walking(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=fc1&channel=0")
    values = units_of(traced, "fc1")
    cell = wall(page).get_by_role("gridcell")
    expect(cell).to_have_text(re.compile("^unit 0 of 4096, "))  # its value is there, so that pointing has what to say
    cells = page.locator("canvas.cells")
    cells.hover(position={"x": 7 * 5 + 3, "y": 7 * 2 + 3})  # row 2, column 5: unit 133
    readout = page.locator(".units-panel .readout")
    expect(readout).to_contain_text("unit 133: ")
    assert agrees(readout.inner_text().split(": ")[1], float(values[133]))
    cells.click(position={"x": 7 * 5 + 3, "y": 7 * 2 + 3})
    expect(cell).to_have_text(re.compile("^unit 133 of 4096, "))
    wall(page).focus()
    for key, unit in (("ArrowRight", 134), ("ArrowDown", 198), ("ArrowUp", 134), ("ArrowLeft", 133)):
        page.keyboard.press(key)
        expect(cell).to_have_text(re.compile(f"^unit {unit} of 4096, "))
    expect(inspector(page)).to_contain_text("All 9216 values meet in every unit of fc1")
    positive = int((values > 0).sum())
    expect(inspector(page)).to_contain_text(f"{positive} units")


def test_units_by_size(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=fc1")
    values = units_of(traced, "fc1")
    page.get_by_role("combobox", name="order").select_option("maximum")
    expect(sentence(page)).to_have_text("4096 of 4096 units largest first, 64 to a row. Blue is negative.")
    page.locator("canvas.cells").click(position={"x": 3, "y": 3})
    expect(wall(page).get_by_role("gridcell")).to_have_text(re.compile(f"^unit {int(values.argmax())} of 4096"))
    page.locator("canvas.cells").click(position={"x": 7 * 63 + 3, "y": 7 * 63 + 3})
    expect(wall(page).get_by_role("gridcell")).to_have_text(re.compile(f"^unit {int(values.argmin())} of 4096"))


def test_a_class_is_chosen_among_the_bars(page: Page, traced: Traced) -> None:
    open_explore(page)
    page.get_by_role("button", name=re.compile("^Prediction ")).click()
    wait_for_maps(page)
    logits = units_of(traced, "logits")
    page.get_by_role("group", name="All 10 classes").get_by_role("button", name=re.compile("^ship ")).click()
    expect(inspector(page).get_by_role("heading", name="ship")).to_be_visible()
    rank = 1 + int((logits > logits[8]).sum())
    expect(inspector(page)).to_contain_text(f"{rank} of 10")
    expect(tool(page, "All photos")).to_be_hidden()
