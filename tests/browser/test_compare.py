"""The Compare page: two networks on one photo, linked in the browser alone, and the same again from its address."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from alexnet_viz.checkpoints import Checkpoint, load_checkpoint
from alexnet_viz.images import GALLERY, read_image
from alexnet_viz.inference import Trace, trace
from tests.browser.checkpoint_menu import choose, line, menu, pick
from tests.browser.explore import MARGIN, MINUS, Array, agrees, is_painted, number_in, percentile_end, pixels, ramp
from tests.support.model_files import article_shapes, saved, tiny

NewPage = Callable[..., Page]
A, B = "untrained", "cifar10-fast"
STAGE = "block2.relu"
PAIR = f"a={A}&b={B}"


@pytest.fixture(scope="module")
def pair(untrained: Checkpoint) -> dict[str, Trace]:
    """What both compute for the first photo, in this process and not in the server's."""
    photo = next(each for each in GALLERY if each.name == "chelsea")
    image = read_image(photo.path, name="chelsea.jpg")
    return {"a": trace(untrained, image), "b": trace(load_checkpoint(B), image)}


def maps(pair: dict[str, Trace], stage: str = STAGE) -> tuple[Array, Array]:
    first, second = (pair[side].stages[stage].numpy() for side in "ab")
    return first, second


def changes(pair: dict[str, Trace], stage: str = STAGE) -> Array:
    """Root mean square of B − A, channel by channel."""
    first, second = maps(pair, stage)
    flat = (second.astype(np.float64) - first).reshape(len(first), -1)
    return np.sqrt((flat**2).mean(axis=1)).astype(np.float32)


def open_compare(page: Page, query: str = PAIR) -> Page:
    page.goto(f"/compare?{query}")
    wait_for_all(page)
    return page


def wait_for_all(page: Page) -> None:
    """Wait until everything that the keys can open has come."""
    expect(page.locator(".compare-body[aria-busy=false]")).to_be_visible(timeout=60_000)  # the first page loads torch
    expect(page.get_by_text("out of date, computing").filter(visible=True)).to_have_count(0)


def wall(page: Page, side: str) -> Locator:
    return page.locator(f"#wall-{side}")


def marks(page: Page, side: str) -> Locator:
    return wall(page, side).locator("canvas.wall-marks")


def sentence(page: Page) -> Locator:
    return page.locator("#wall-a-sentence")


def legend(page: Page, name: str) -> str:
    return page.get_by_role("group", name=f"Range of {name},").get_attribute("aria-label") or ""


def mode(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="How A and B are shown").get_by_role("button", name=name)


def selected(page: Page) -> Locator:
    return page.get_by_role("region", name="The selected pair").locator("h3").first


def asked(page: Page) -> list[str]:
    """From now on the addresses that the page asks the server for; whether it still answers is of no page's making."""
    addresses: list[str] = []

    def note(request: Request) -> None:
        if "/api/" in request.url and "/api/queue" not in request.url:
            addresses.append(request.url)

    page.on("request", note)
    return addresses


def state_of(page: Page) -> dict[str, Any]:
    """What is on the screen, as words."""
    return {
        "selected": selected(page).inner_text(),
        "sentence": sentence(page).inner_text(),
        "captions": page.locator(".pair-pictures figcaption").all_inner_texts(),
        "mode": page.locator(".compare-walls").get_attribute("data-mode"),
        "heads": page.locator(".compare-title h3").all_inner_texts(),
        "legend": legend(page, "A"),
    }


def beginning(page: Page) -> Locator:
    return page.get_by_text("To begin with: two networks that came with the app.")


def test_the_first_visit_computes_two_passes_and_nothing_else(page: Page) -> None:
    addresses = asked(page)
    open_compare(page, "")
    expect(pick(page, "Checkpoint A")).to_have_attribute("data-value", "cifar10-fast")
    expect(pick(page, "Checkpoint B")).to_have_attribute("data-value", "cifar10-photographs")
    expect(page.get_by_role("link", name="Compare")).to_have_attribute("aria-current", "page")
    # What is stated in the files, on all 10,000, and what ships beside them, on the 500 that ship, too.
    expect(page.locator(".verdict")).to_have_text(
        "On this photo A says frog and B says cat, although they are right on 85 % and 87 % of the test pictures "
        "and give the same answer on 89 %."
    )
    expect(beginning(page)).to_be_visible()
    expect(page.locator(".stages-note")).to_have_text("linear CKA, 500 test pictures")
    expect(page.locator(".stage-row .stage-value")).to_have_count(11)
    expect(page.locator(".footer")).to_contain_text("right: 10\u202f000 test pictures; alike, agreeing: 500")
    assert not [address for address in addresses if "/jobs/" in address]
    assert "?" not in page.url


@pytest.mark.parametrize(("stage", "width"), [("block2.relu", 1920), ("fc1", 1280)])
def test_the_answers_stay_where_they_are_when_the_maps_arrive(new_page: NewPage, stage: str, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 1080})
    held: list[Route] = []
    page.route("**/api/stages/**", lambda route: held.append(route), times=1)  # the open stage of A
    page.goto(f"/compare?{PAIR}&stage={stage}")
    answers = page.get_by_role("heading", name="Predictions, A to B")
    expect(answers).to_be_visible()
    top = answers.evaluate("title => title.getBoundingClientRect().top")
    held.pop().continue_()
    expect(page.locator(".pair-pictures figcaption").first).not_to_be_empty()
    assert answers.evaluate("title => title.getBoundingClientRect().top") == pytest.approx(top, abs=2)


def test_the_line_of_the_first_visit_goes_for_good(page: Page) -> None:
    open_compare(page, "")
    page.get_by_role("button", name="Hide this line").click()
    expect(beginning(page)).to_be_hidden()
    page.reload()
    wait_for_all(page)
    expect(beginning(page)).to_be_hidden()


@pytest.mark.parametrize(("label", "value"), [("Checkpoint A", "untrained"), ("photo", "coffee")])
def test_the_line_goes_as_soon_as_anything_changes(page: Page, label: str, value: str) -> None:
    open_compare(page, "")
    choose(page, value, label) if label.startswith("Checkpoint") else page.get_by_role(
        "combobox", name=label
    ).select_option(value)
    expect(beginning(page)).to_be_hidden()
    wait_for_all(page)
    page.go_back()
    wait_for_all(page)
    expect(pick(page, "Checkpoint A")).to_have_attribute("data-value", "cifar10-fast")
    expect(beginning(page)).to_be_hidden()


def test_two_others_are_chosen_at_a(page: Page) -> None:
    open_compare(page, "")
    page.get_by_role("button", name="Compare two others").click()
    expect(menu(page)).to_be_visible()
    expect(line(page, "cifar10-fast")).to_be_focused()


def test_order_range_and_numbers_are_those_of_the_networks(page: Page, pair: dict[str, Trace]) -> None:
    open_compare(page)
    first, second = maps(pair)
    change = changes(pair)
    best = int(change.argmax())
    expect(selected(page)).to_have_text(f"Channel {best}")
    # 8 columns of 27 + 2 pixels fit into 230, 17 rows into the height: the walls say how many of all they show.
    expect(sentence(page)).to_have_text(re.compile(r"^\d+ of 256 channels, most changed first\."))
    end = max(percentile_end(first), percentile_end(second))
    high = legend(page, "A").rpartition(" to ")[2]
    assert agrees(high.removeprefix("≥ "), end)
    assert legend(page, "B").rpartition(" to ")[2] == high
    assert legend(page, "B − A").rpartition(" to ")[2].removeprefix("≥ ") == high.removeprefix("≥ ")
    captions = dict(text.rsplit(" ", 1) for text in page.locator(".pair-pictures figcaption").all_inner_texts()[1:])
    assert agrees(captions["B − A, rms"], float(change[best]))
    assert agrees(captions["A, maximum"], float(first[best].max()))
    assert agrees(captions["B, maximum"], float(second[best].max()))


def test_the_same_place_of_every_wall_holds_the_same_channel(page: Page, pair: dict[str, Trace]) -> None:
    open_compare(page)
    first, second = maps(pair)
    best = int(changes(pair).argmax())
    high = number_in(legend(page, "A").rpartition(" to ")[2])
    drawn = {"a": first[best], "b": second[best], "difference": second[best] - first[best]}
    for side, values in drawn.items():
        signed = side == "difference"
        table, low = ramp("signed" if signed else "activation"), -high if signed else 0.0
        # The first tile stands at the margin, one pixel for each value.
        places = [(row, column) for row in range(2, 25, 5) for column in range(2, 25, 5)]
        found = pixels(wall(page, side).locator("canvas.wall-base"), [(MARGIN + x, MARGIN + y) for y, x in places])
        for (row, column), colour in zip(places, found, strict=True):
            assert is_painted(colour, float(values[row, column]), low, high, table), (side, row, column)


def test_a_hover_in_one_wall_marks_the_same_place_in_the_others(page: Page, pair: dict[str, Trace]) -> None:
    open_compare(page)
    first, second = maps(pair)
    best = int(changes(pair).argmax())
    before = {side: marks(page, side).evaluate("canvas => canvas.toDataURL()") for side in ("b", "difference")}
    addresses = asked(page)
    marks(page, "a").hover(position={"x": MARGIN + 10.5, "y": MARGIN + 4.5})
    readout = wall(page, "a").locator(".readout")
    expect(readout).to_contain_text(f"ch {best}, row 4, col 10")
    texts = re.findall(rf"(A|B|B − A) ({MINUS}?[\d.]+|[<>] {MINUS}?0.001)", readout.inner_text())
    found = dict(texts)
    assert agrees(found["A"], float(first[best, 4, 10]))
    assert agrees(found["B"], float(second[best, 4, 10]))
    for side, picture in before.items():
        # The small square round the place, in the marker's colour.
        colours = pixels(marks(page, side), [(MARGIN + 8 + dx, MARGIN + 2) for dx in range(-1, 4)])
        marker = page.locator(".microscope").evaluate("root => getComputedStyle(root).getPropertyValue('--marker')")
        expected = tuple(int(marker.strip()[i : i + 2], 16) for i in (1, 3, 5))
        assert expected in colours, side
        assert marks(page, side).evaluate("canvas => canvas.toDataURL()") != picture
    page.mouse.move(5, 5)
    expect(readout).to_be_hidden()
    for side, picture in before.items():
        assert marks(page, side).evaluate("canvas => canvas.toDataURL()") == picture
    assert addresses == []


def test_a_click_selects_in_all_walls(page: Page) -> None:
    open_compare(page)
    marks(page, "b").click(position={"x": MARGIN + 40, "y": MARGIN + 10})
    expect(selected(page)).not_to_have_text("Channel 161")
    channel = selected(page).inner_text().removeprefix("Channel ")
    assert f"channel={channel}" in page.url
    assert "place=10%2C" in page.url
    expect(page.get_by_role("gridcell")).to_have_text(re.compile(f"^channel {channel} of 256"))


def test_swipe_shows_a_left_and_b_right_of_the_divider(page: Page) -> None:
    open_compare(page)
    addresses = asked(page)
    page.keyboard.press("w")
    expect(mode(page, "swipe")).to_have_attribute("aria-pressed", "true")
    divider = page.get_by_role("slider", name="Divider")
    expect(divider).to_have_attribute("aria-valuenow", "50")
    area = page.locator(".compare-view.a").bounding_box()
    assert area is not None

    def on_top(share: float) -> str:
        """Which wall lies at a share of the width, in the middle of the height."""
        x, y = area["x"] + share * area["width"], area["y"] + 30
        script = "([x, y]) => { let e = document.elementFromPoint(x, y);"
        script += " while (e.shadowRoot) e = e.shadowRoot.elementFromPoint(x, y);"
        script += " return e.closest('.compare-view')?.className ?? e.className; }"
        return str(page.evaluate(script, [x, y]))

    assert on_top(0.2) == "compare-view a"
    assert on_top(0.8) == "compare-view b"
    divider.focus()
    page.keyboard.press("End")
    expect(divider).to_have_attribute("aria-valuenow", "100")
    assert on_top(0.8) == "compare-view a"
    box = divider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(area["x"] + 0.1 * area["width"], box["y"] + 40, steps=4)
    page.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", "10")
    assert on_top(0.2) == "compare-view b"
    assert "split=10" in page.url
    assert addresses == []


def test_flicker_alternates_and_never_faster_than_twice_a_second(page: Page) -> None:
    open_compare(page)
    page.keyboard.press("f")
    walls = page.locator(".compare-walls")
    script = """element => new Promise(resolve => {
      const times = [];
      new MutationObserver(() => { times.push(performance.now()); if (times.length === 5) resolve(times); })
        .observe(element, { attributeFilter: ["data-showing"] });
    })"""
    times = walls.evaluate(script)
    # Two changes are one cycle: 2 Hz would be a change every 250 ms.
    assert (times[-1] - times[0]) / (len(times) - 1) > 250
    expect(page.locator(".compare-view.b")).to_be_visible()
    expect(page.locator(".compare-view.a")).to_be_visible()
    page.keyboard.press("d")
    expect(wall(page, "difference")).to_be_visible()


def test_without_motion_flicker_is_a_switch_that_is_held(new_page: NewPage) -> None:
    page = open_compare(new_page(reduced_motion="reduce"), f"{PAIR}&mode=flicker")
    switch = page.get_by_role("button", name="Hold to show B")
    expect(page.locator(".compare-view.b")).to_be_hidden()
    switch.focus()
    page.keyboard.down(" ")
    expect(page.locator(".compare-view.b")).to_be_visible()
    expect(page.locator(".compare-view.a")).to_be_hidden()
    page.keyboard.up(" ")
    expect(page.locator(".compare-view.a")).to_be_visible()
    expect(page.locator(".compare-view.b")).to_be_hidden()


def test_every_key_without_the_server(page: Page) -> None:
    open_compare(page)
    addresses = asked(page)
    first = selected(page).inner_text()
    page.keyboard.press("ArrowRight")
    expect(selected(page)).not_to_have_text(first)
    page.keyboard.press("ArrowLeft")
    expect(selected(page)).to_have_text(first)
    page.keyboard.press("ArrowDown")
    expect(selected(page)).not_to_have_text(first)
    page.keyboard.press("ArrowUp")
    expect(selected(page)).to_have_text(first)
    page.keyboard.press("]")
    expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("Block 2 pooling"))
    page.keyboard.press("[")
    expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("Block 2 ReLU"))
    page.keyboard.press("o")
    expect(sentence(page)).to_have_text(re.compile("by index"))
    expect(page.get_by_label("order")).to_have_value("index")
    page.keyboard.press("o")
    page.keyboard.press("x")
    expect(pick(page, "Checkpoint A")).to_have_attribute("data-value", B)
    expect(pick(page, "Checkpoint B")).to_have_attribute("data-value", A)
    page.keyboard.press("w")
    expect(mode(page, "swipe")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(mode(page, "difference")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    # The remarks on the data sets name A and B: they are asked for once more after a swap, nothing else is.
    assert [address for address in addresses if "/api/comparison/data?" not in address] == []
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(rf"/\?checkpoint={A}&stage=block2.relu&channel=\d+"))


def test_the_swap_turns_the_difference_round(page: Page) -> None:
    open_compare(page)
    before = state_of(page)
    page.get_by_role("button", name="Swap A and B").click()
    expect(page.locator(".compare-title.a h3")).to_contain_text(B)
    turned = before["captions"][3].replace("B", "A", 1)
    expect(page.locator(".pair-pictures figcaption").nth(2)).to_have_text(turned)
    after = state_of(page)
    assert after["selected"] == before["selected"]  # the size of a difference does not depend on its direction
    assert after["captions"][1] == before["captions"][1]
    assert after["captions"][2].removeprefix("A") == before["captions"][3].removeprefix("B")
    page.go_back()
    expect(page.locator(".compare-title.a h3")).to_contain_text(A)
    expect(page.locator(".pair-pictures figcaption").nth(2)).to_have_text(before["captions"][2])
    assert state_of(page) == before


def test_the_address_is_the_view(page: Page, new_page: NewPage) -> None:
    open_compare(page)
    page.get_by_label("photo", exact=True).select_option("coffee")
    wait_for_all(page)
    page.locator(".stage-row").filter(has_text="Block 5 ReLU").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("w")
    page.get_by_role("group", name="Range of A,").get_by_role("button").click()
    expect(page).to_have_url(re.compile("top=whole"))
    before = state_of(page)
    page.reload()
    wait_for_all(page)
    assert state_of(page) == before
    elsewhere = new_page()
    elsewhere.goto(page.url)
    wait_for_all(elsewhere)
    assert state_of(elsewhere) == before
    page.go_back()  # from swipe
    expect(mode(page, "difference")).to_have_attribute("aria-pressed", "true")


def test_a_network_against_itself_is_zero_everywhere(page: Page) -> None:
    open_compare(page, f"a={B}&b={B}")
    expect(page.get_by_text("A and B are the same checkpoint: every difference is zero.")).to_be_visible()
    expect(sentence(page)).to_have_text(re.compile("None differs by more than rounding"))
    expect(page.locator(".pair-pictures figcaption").nth(1)).to_have_text("B − A, rms 0")
    ends = {item.split(": ")[1] for item in page.locator(".dumbbell").evaluate_all("rows => rows.map(r => r.title)")}
    for text in ends:
        a, b = text.removeprefix("A ").split(", B ")
        assert a == b


def test_all_channels_on_demand_scroll_together(page: Page) -> None:
    open_compare(page)
    page.get_by_role("button", name="Show all 256").click()
    expect(sentence(page)).to_have_text(re.compile("^All 256 channels"))
    panels = {side: wall(page, side).locator("..") for side in ("a", "b", "difference")}
    panels["b"].evaluate("panel => { panel.scrollTop = 80; }")
    for panel in panels.values():
        page.wait_for_function("panel => panel.scrollTop === 80", arg=panel.element_handle())


def test_units_have_no_places(page: Page, pair: dict[str, Trace]) -> None:
    open_compare(page, f"{PAIR}&stage=fc1")
    expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("fc1.*4096 units"))
    first, second = maps(pair, "fc1")
    best = int(np.abs(second - first).argmax())
    expect(selected(page)).to_have_text(f"Unit {best}")
    expect(sentence(page)).to_have_text(re.compile("^All 4096 units, most changed first"))


@pytest.fixture
def thousand(server_folder: Path) -> Iterator[str]:
    """A network of a thousand classes among a person's own: all weights of a layer are one number."""
    folder = server_folder / "runs" / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    path = saved(tiny(article_shapes(1000)), folder / "thousand.pt")
    yield "thousand"
    path.unlink()


def test_bars_beside_a_thousand_classes_stay_in_their_column(page: Page, thousand: str) -> None:
    open_compare(page, f"a={thousand}&b=cifar10-photographs&stage=logits")
    bars = page.locator(".compare-view.b .class-bar .both-ways > span")
    expect(bars).to_have_count(10)
    inside = """bars => bars.every((bar) => {
        const [own, track] = [bar, bar.parentElement].map((each) => each.getBoundingClientRect());
        return own.left >= track.left - 1 && own.right <= track.right + 1;
    })"""
    assert bars.evaluate_all(inside)
    assert page.locator(".compare-view.a .class-bar").count() == 0


def test_logits_are_bars_with_class_names(page: Page, pair: dict[str, Trace], untrained: Checkpoint) -> None:
    open_compare(page, f"{PAIR}&stage=logits&order=index")
    for side in "ab":
        bars = page.locator(f".compare-view.{side} .class-bar")
        expect(bars.locator(".unit-name")).to_have_text(list(untrained.classes))
        values = [float(text.replace("−", "-")) for text in bars.locator(".bar-value").all_text_contents()]
        logits = pair[side].stages["logits"].numpy()
        assert np.abs(np.array(values) - logits).max() <= 0.05
    page.locator(".compare-view.b .class-bar").nth(3).click()
    expect(selected(page)).to_have_text(f"Class {untrained.classes[3]}")
    for side in ("a", "b", "difference"):
        expect(page.locator(f".compare-view.{side} .class-bar.on .unit-name")).to_have_text(untrained.classes[3])


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (640, 400), (1920, 1080)])
def test_nothing_is_wider_than_the_window(new_page: NewPage, width: int, height: int) -> None:
    page = open_compare(new_page(viewport={"width": width, "height": height}))
    wide = page.locator(".microscope").evaluate("root => root.scrollWidth - root.clientWidth")
    assert wide <= 0
    for name in ("Channel", "Predictions"):
        expect(page.get_by_role("region", name="The selected pair").get_by_text(name).first).to_be_visible()
