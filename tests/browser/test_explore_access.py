"""The page without a mouse, without sight, in the dark, in a narrow window and enlarged."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.explore import (
    TOKENS,
    inspector,
    is_painted,
    open_explore,
    percentile_end,
    pixels,
    ramp,
    tile_corner,
    tool,
    wait_for_maps,
    wall,
    wall_canvas,
)
from tests.support.accessibility import find_violations

NewPage = Callable[..., Page]
FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return null;
  const zone = element.closest(".topbar, .strip, .wall-head, .wall-line, .views, .inspector, .footer, .skip");
  const box = element.getBoundingClientRect();
  const name = element.getAttribute("aria-label") || element.textContent.trim();
  return {
    zone: zone ? zone.classList[0] : element.tagName.toLowerCase(),
    name,
    // What is larger than the window fills it.
    inView: box.left >= -1 && (box.top >= -1 || box.bottom >= innerHeight) && box.right <= innerWidth + 1
      && box.top < innerHeight && box.width > 0,
    outline: getComputedStyle(element).outlineStyle + " " + getComputedStyle(element).outlineWidth,
  };
}"""


def tab_stops(page: Page) -> list[dict[str, Any]]:
    """Everything that Tab reaches from the top of the page, in order."""
    page.evaluate("document.activeElement?.blur()")
    stops: list[dict[str, Any]] = []
    for _ in range(120):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            break
        stops.append(stop)
    return stops


def test_focus_goes_through_the_page_in_its_order(page: Page) -> None:
    open_explore(page)
    stops = tab_stops(page)
    zones = [stop["zone"] for stop in stops]
    order = list(dict.fromkeys(zones))
    assert order == ["skip", "topbar", "strip", "wall-head", "wall-line", "views", "inspector"]
    assert zones == sorted(zones, key=order.index)  # no zone is entered twice
    assert zones.count("views") == 1  # the wall is one stop
    assert [stop for stop in stops if not stop["inView"]] == []
    assert [stop for stop in stops if stop["outline"] != "solid 2px"] == []


def test_the_skip_link_leads_to_the_maps(page: Page) -> None:
    open_explore(page)
    page.keyboard.press("Tab")
    link = page.get_by_role("button", name="To the feature maps")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(wall(page)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("gridcell")).to_have_text(re.compile("^channel "))


def test_there_is_one_main_and_each_part_has_a_name(page: Page) -> None:
    open_explore(page)
    expect(page.get_by_role("main")).to_have_count(1)
    parts: tuple[tuple[Literal["navigation", "region"], str], ...] = (
        ("navigation", "Pages"),
        ("navigation", "The network, from the photo to the prediction"),
        ("region", "Feature maps"),
        ("region", "Inspector"),
    )
    for role, name in parts:
        expect(page.get_by_role(role, name=name)).to_be_visible()
    unnamed = page.locator(".microscope").evaluate(
        """root => [...root.querySelectorAll("button, select, input, canvas:not([aria-hidden])")]
          .filter((each) => each.checkVisibility())
          .filter((each) => !each.getAttribute("aria-label") && !each.textContent.trim())
          .filter((each) => !each.closest("label")?.textContent.trim())
          .map((each) => each.outerHTML.slice(0, 200))"""
    )
    assert unnamed == []


def test_the_read_out_is_spoken_politely_and_not_too_often(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.pool")
    live = page.locator(".wall-panel").get_by_role("status")
    expect(live).to_have_attribute("aria-live", "polite")
    live.evaluate(
        """element => {
          window.spoken = [];
          new MutationObserver(() => window.spoken.push([performance.now(), element.textContent]))
            .observe(element, { childList: true, characterData: true, subtree: true });
        }"""
    )
    for step in range(12):
        page.mouse.move(70 + 9 * step, 320 + 3 * step)
    expect(live).to_contain_text(re.compile(r"^channel \d+, row \d+, column \d+: "))
    left, top = tile_corner(wall_canvas(page), 30, (96, 27, 27), 2, 12)
    page.locator("canvas.wall-marks").hover(position={"x": left + 21, "y": top + 11})
    expect(live).to_have_text(re.compile("^channel 30, row 5, column 10: "))
    times = [time for time, _ in page.evaluate("window.spoken")]
    assert len(times) >= 2
    assert min(later - earlier for earlier, later in pairwise(times)) > 450


@pytest.mark.parametrize("first", ["light", "dark"])
def test_the_theme_switches_while_the_page_is_open(new_page: NewPage, traced: Callable[..., Any], first: str) -> None:
    page = new_page(color_scheme=first)
    open_explore(page)
    maps = traced("chelsea").stages["block1.relu"].numpy()
    end = percentile_end(maps)
    points, values = [], []
    for channel in range(0, 96, 9):
        left, top = tile_corner(wall_canvas(page), channel, maps.shape, 1, 12)
        for place in (int(maps[channel].argmax()), int(maps[channel].argmin())):
            row, column = divmod(place, 55)
            points.append((left + column, top + row))
            values.append(float(maps[channel, row, column]))

    def is_drawn_for(theme: str) -> bool:
        pairs = zip(pixels(wall_canvas(page), points), values, strict=True)
        return all(is_painted(colour, value, 0, end, ramp("activation", theme)) for colour, value in pairs)

    other: Literal["light", "dark"] = "dark" if first == "light" else "light"
    assert is_drawn_for(first)
    page.emulate_media(color_scheme=other)
    ground = TOKENS["colour"][other]["page"]
    rgb = ", ".join(str(int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    expect(page.locator(".microscope")).to_have_css("background-color", f"rgb({rgb})")
    expect(page.locator(f".microscope[data-theme={other}]")).to_be_visible()
    page.wait_for_function(
        "([canvas, [x, y], wanted]) => canvas.getContext('2d').getImageData(x, y, 1, 1).data[0] === wanted",
        arg=[wall_canvas(page).element_handle(), list(points[1]), int(ramp("activation", other)[0][0])],
    )
    assert is_drawn_for(other)


def test_reduced_motion_and_more_contrast(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce", contrast="more")
    open_explore(page)
    moving = page.locator(".microscope").evaluate(
        """root => [...root.querySelectorAll("*")].filter((each) => {
          const { transitionDuration, animationName } = getComputedStyle(each);
          return parseFloat(transitionDuration) > 0 || animationName !== "none";
        }).length"""
    )
    assert moving == 0
    quiet, plain = page.locator(".microscope").evaluate(
        "root => ['--ink-3', '--ink-2'].map((name) => getComputedStyle(root).getPropertyValue(name).trim())"
    )
    assert quiet == plain


def controls(page: Page) -> set[str]:
    """Names of all that can be operated."""
    found: list[str] = page.locator(".microscope").evaluate(
        """root => [...root.querySelectorAll("button, select, a[href], [role=grid]")]
          .filter((each) => each.checkVisibility({ visibilityProperty: true }) && each.tabIndex >= 0)
          .map((each) => each.getAttribute("aria-label") || each.textContent.trim())"""
    )
    return set(found)


@pytest.mark.parametrize(
    "window",
    [
        {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},  # 1280 × 800 at 200 %
        {"viewport": {"width": 800, "height": 900}},
        {"viewport": {"width": 1099, "height": 690}},
        {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 3, "has_touch": True},
    ],
    ids=["200 %", "800", "1099", "telephone"],
)
def test_a_narrow_window_loses_nothing(page: Page, new_page: NewPage, window: dict[str, Any]) -> None:
    open_explore(page)
    narrow = new_page(**window)
    open_explore(narrow)
    assert controls(narrow) == controls(page)
    stops = tab_stops(narrow)
    assert len(stops) >= 35
    assert [stop["name"] for stop in stops if not stop["inView"]] == []
    # Only the strip scrolls sideways.
    wide = narrow.locator(".microscope").evaluate("root => root.scrollWidth - root.clientWidth")
    assert wide <= 0
    box = wall(narrow).bounding_box()
    picture = inspector(narrow).bounding_box()
    assert box is not None
    assert picture is not None
    assert picture["y"] > box["y"]  # the inspector goes under the wall
    # And everything acts: stage, selection, range, save.
    tool(narrow, "pooling").click()
    expect(wall(narrow)).to_have_attribute("aria-label", "Block 1, pooling: 96 of 96 channels")
    narrow.locator("canvas.wall-marks").click(position={"x": 20, "y": 20})
    expect(narrow.get_by_role("gridcell")).to_have_text(re.compile("^channel 0 of 96"))
    tool(narrow, "range layer").click()
    narrow.get_by_label("range", exact=True).select_option("block")
    expect(narrow.get_by_label("range", exact=True)).to_be_in_viewport(ratio=1)
    narrow.keyboard.press("Escape")
    tool(narrow, "Save").click()
    item = narrow.get_by_role("group", name="Save").get_by_role("button").last
    item.scroll_into_view_if_needed()
    expect(item).to_be_in_viewport(ratio=0.98)  # scrolling stops at whole pixels
    narrow.keyboard.press("Escape")
    narrow.keyboard.press("8")
    wait_for_maps(narrow)
    expect(narrow.get_by_role("group", name="All 10 classes")).to_be_visible()


def test_at_1280_by_800_nothing_scrolls(page: Page) -> None:
    open_explore(page)
    scrolling = page.locator(".microscope").evaluate(
        """root => [root, ...root.querySelectorAll("*")]
          .filter((each) => ["auto", "scroll"].includes(getComputedStyle(each).overflowY))
          .filter((each) => each.scrollHeight > each.clientHeight + 1)
          .map((each) => each.className)"""
    )
    assert scrolling == []
    assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
    cut = page.locator(".microscope").evaluate(
        """root => [...root.querySelectorAll(".topbar, .wall-panel, .inspector, .footer")]
          .filter((each) => each.getBoundingClientRect().bottom > innerHeight
            || (each.matches(".topbar, .footer") && each.scrollWidth > each.clientWidth))
          .map((each) => each.className)"""
    )
    assert cut == []


def test_type_and_targets_are_large_enough(page: Page) -> None:
    open_explore(page)
    small = page.locator(".microscope").evaluate(
        """root => [...root.querySelectorAll("*")]
          .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
          .filter((each) => each.checkVisibility() && parseFloat(getComputedStyle(each).fontSize) < 12)
          .map((each) => each.textContent)"""
    )
    assert small == []
    # A press 13 px above or below the middle of a control still meets it: 28 px with its border.
    missed = page.locator(".microscope").evaluate(
        """root => {
          const shadow = root.getRootNode();
          return [...root.querySelectorAll("button, select, .topbar nav a")]
            // What they open, larger controls open too: the words below them, and the bars of the stage.
            .filter((each) => each.checkVisibility() && !each.matches(".face, .prediction-bars .bar"))
            .filter((each) => !each.classList.contains("skip")) // out of sight until Tab comes to it
            .filter((each) => {
              const box = each.getBoundingClientRect();
              return [-12.9, 12.9].some((step) => {
                const met = shadow.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2 + step);
                return !(met && (each === met || each.contains(met) || met.closest("label")?.contains(each)));
              });
            })
            .map((each) => each.getAttribute("aria-label") || each.textContent.trim());
        }"""
    )
    assert missed == []


def test_pictures_have_words(page: Page, traced: Callable[..., Any]) -> None:
    open_explore(page, "checkpoint=untrained&stage=block5.pool&channel=12")
    maps = traced("chelsea").stages["block5.pool"].numpy()[12]
    row, column = divmod(int(maps.argmax()), 6)
    described = re.compile("^Block 5, pooling, channel 12, 6 × 6 values, drawn from 0 to ")
    picture = inspector(page).get_by_role("img", name=described)
    expect(picture).to_have_attribute("aria-label", re.compile(f"Strongest: row {row}, column {column}: "))
    channels = inspector(page).get_by_role("img", name=re.compile("^All 256 channels at row"))
    strongest = int(traced("chelsea").stages["block5.pool"].numpy()[:, row, column].argmax())
    expect(channels).to_have_attribute("aria-label", re.compile(f"Strongest: channel {strongest} with "))


def test_on_a_laptop_nothing_lies_over_the_footer(new_page: NewPage) -> None:
    page = open_explore(new_page(viewport={"width": 1366, "height": 768}))
    bottom = "part => part.getBoundingClientRect().bottom"
    page.locator(".table").evaluate("table => table.scrollTo(0, table.scrollHeight)")
    assert inspector(page).evaluate(bottom) <= page.locator(".page").evaluate(bottom)


def test_at_1024_by_768_all_is_on_one_screen(new_page: NewPage) -> None:
    page = open_explore(new_page(viewport={"width": 1024, "height": 768}))
    for value in page.locator(".prediction-bars .bar-value").all():
        expect(value).to_be_in_viewport(ratio=1)
    for picture in inspector(page).locator(".picture").all():
        expect(picture).to_be_in_viewport(ratio=1)
    expect(page.locator(".column-cut canvas").first).to_be_in_viewport(ratio=1)
    for part in (".topbar", ".strip", ".footer"):
        assert page.locator(part).evaluate("part => part.scrollWidth <= part.clientWidth"), part


@pytest.mark.parametrize("channel", [0, 95])
def test_the_number_of_the_first_and_the_last_channel_is_whole(new_page: NewPage, channel: int) -> None:
    page = new_page(viewport={"width": 1024, "height": 768})
    open_explore(page, f"checkpoint=untrained&stage=block1.relu&channel={channel}")
    number = page.locator(".bar-labels .marked")
    expect(number).to_have_text(str(channel))
    bars, written = page.locator(".column-cut canvas").bounding_box(), number.bounding_box()
    assert bars is not None
    assert written is not None
    assert bars["x"] - 0.5 <= written["x"]
    assert written["x"] + written["width"] <= bars["x"] + bars["width"] + 0.5


def test_axe_finds_nothing_in_the_panel_of_a_checkpoint(page: Page) -> None:
    open_explore(page)
    page.locator(".about-button").click()
    expect(page.get_by_role("group", name="About this checkpoint")).to_be_visible()
    # The link to the maps leads into its own shadow root, where axe-core does not look; a test above follows it.
    assert [each for each in find_violations(page) if not each.startswith("skip-link")] == []


def test_bars_and_what_is_chosen_are_seen_in_forced_colours(new_page: NewPage) -> None:
    page = open_explore(new_page(forced_colors="active"), "checkpoint=untrained&stage=block1.relu")
    script = "(part, name) => getComputedStyle(part)[name]"

    def colour(selector: str) -> str:
        return str(page.locator(selector).first.evaluate(script, "backgroundColor"))

    assert colour(".bar-fill") != colour(".bar-track")
    assert colour(".segments [aria-pressed=true]") != colour(".segments [aria-pressed=false]")
