"""Photos reach the page by every way there is; what is no photo is refused in one sentence."""

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from alexnet_viz.images import GALLERY, InputRule, seen_by_network
from alexnet_viz.number_words import percent
from tests.browser.explore import (
    agrees,
    error_box,
    inspector,
    is_painted,
    jpeg,
    legend,
    open_explore,
    percentile_end,
    photo_like,
    pixels,
    ramp,
    sentence,
    settle,
    spelled,
    tile_corner,
    tool,
    upload,
    wait_for_maps,
    wall,
    wall_canvas,
)
from tests.support.pictures import RGB, png

Traced = Callable[..., Any]
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@pytest.fixture(scope="module")
def garden() -> bytes:
    return jpeg(photo_like(seed=5))


@pytest.fixture(scope="module")
def harbour() -> bytes:
    return jpeg(photo_like(400, 300, seed=8))


def shown_photo(page: Page) -> Locator:
    return page.get_by_role("combobox", name="photo").locator("option:checked")


def expect_prediction(page: Page, trace: Any) -> None:
    """The strip's bars are the most probable classes with their probabilities."""
    best = trace.probabilities.argsort(descending=True).tolist()
    bars = page.locator(".prediction-bars .bar")
    expect(bars.first).to_contain_text(CLASSES[best[0]])
    shown = best[: bars.count()]
    assert len(shown) >= 3
    shares = told_apart(trace)
    expect(bars.first).to_contain_text(shares[best[0]])
    for bar, each in zip(bars.all(), shown, strict=True):
        assert bar.inner_text().split("\n") == [CLASSES[each], shares[each]]


def told_apart(trace: Any) -> list[str]:
    """The share of each class with as few decimals as tell it apart; of several below "< 0.1 %" that tells none."""
    shares = [float(share) for share in trace.probabilities]
    return [next(_apart(shares, own)) for own in range(len(CLASSES))]


def _apart(shares: list[float], own: int) -> Iterator[str]:
    for decimals in range(5):
        texts = [percent(share, decimals) for share in shares]
        below = sum(share < 10.0 ** -max(1, decimals) / 100 for share in shares)
        if texts.count(texts[own]) == 1 and not (texts[own].startswith("<") and below > 1):
            yield texts[own]


def test_an_uploaded_jpeg_goes_through_the_network(page: Page, traced: Traced, garden: bytes) -> None:
    open_explore(page)
    upload(page, ("garden.jpg", garden))
    expect(shown_photo(page)).to_have_text("garden")
    wait_for_maps(page)
    trace = traced(garden)
    expect(
        inspector(page).get_by_role("img", name="garden.jpg, as the network sees it, 227 × 227 pixels")
    ).to_be_visible()
    expect_prediction(page, trace)
    expect(sentence(page)).to_have_text("96 of 96 channels. None is silent on this photo.")
    maps = trace.stages["block1.relu"].numpy()
    end = percentile_end(maps)
    points, values = [], []
    for channel in range(0, 96, 7):
        left, top = tile_corner(wall_canvas(page), channel, maps.shape, 1, 12)
        row, column = divmod(int(maps[channel].argmax()), 55)
        points.append((left + column, top + row))
        values.append(float(maps[channel, row, column]))
    painted = zip(pixels(wall_canvas(page), points), values, strict=True)
    assert all(is_painted(colour, value, 0, end, ramp("activation")) for colour, value in painted)
    # Its name means nothing elsewhere, so a link does not hold it; a reload of this tab does.
    expect(page).not_to_have_url(re.compile("photo="))
    page.reload()
    expect(shown_photo(page)).to_have_text("garden")
    wait_for_maps(page)
    expect_prediction(page, trace)


def test_the_whole_prediction_and_its_logits(page: Page, traced: Traced) -> None:
    open_explore(page, "checkpoint=untrained&stage=logits")
    trace = traced("chelsea")
    expect(sentence(page)).to_have_text("This checkpoint has not been trained: its answers are chance.")
    expect(page.get_by_role("button", name="Prediction not trained: answers are chance")).to_be_visible()
    rows = page.get_by_role("group", name="All 10 classes").get_by_role("button")
    expect(rows).to_have_count(10)
    shown = dict(zip(CLASSES, [""] * 10, strict=True))
    shares = told_apart(trace)
    for row in rows.all_inner_texts():
        name, probability, logit = row.split("\n")
        shown[name] = probability
        index = CLASSES.index(name)
        assert probability == shares[index]
        assert agrees(logit, float(trace.logits[index]))
    assert set(shown) == set(CLASSES)
    expect_prediction(page, trace)


HUGE = png((30_000, 30_000), 8, RGB, bytes(3000))
REFUSED = [
    ("notes.png", b"Buy milk.\n", r"notes\.png is not a picture the app can read \(JPEG, PNG, WebP, GIF, BMP, TIFF"),
    ("empty.jpg", b"", r"empty\.jpg is empty\."),
    ("half.jpg", jpeg(photo_like())[:4000], r"half\.jpg is cut short"),
    ("huge.png", HUGE, r"huge\.png is 30.000 × 30.000 pixels; the limit is 40 million\. Shrink it and upload again\."),
    ("<img src=x onerror=alert(1)>.png", b"?", r"<img src=x onerror=alert\(1\)>\.png is not a picture"),
    ("page.jpg", b"<html><script>alert(1)</script></html>", r"page\.jpg is not a picture the app can read"),
]


def test_what_is_no_photo_is_refused_in_one_sentence(page: Page, garden: bytes, tmp_path: Path) -> None:
    open_explore(page)
    for name, content, words in REFUSED:
        upload(page, (name, content))
        expect(error_box(page)).to_contain_text(re.compile(words))
        expect(error_box(page)).to_contain_text("The last photo stays on the page.")
        expect(tool(page, "Upload photo")).to_be_enabled()
        expect(shown_photo(page)).to_have_text("chelsea")
        expect(wall(page)).to_be_visible()
    heavy = tmp_path / "heavy.jpg"
    with heavy.open("wb") as stream:
        stream.truncate(26_000_000)
    page.get_by_label("Choose photos").set_input_files(heavy)
    expect(error_box(page)).to_contain_text("heavy.jpg is 26 MB; the limit is 25 MB. Shrink it and upload again.")
    tool(page, "Close").click()
    expect(error_box(page)).to_be_hidden()
    upload(page, ("notes.png", b"Buy milk.\n"))
    expect(error_box(page)).to_be_visible()
    upload(page, ("garden.jpg", garden))
    expect(shown_photo(page)).to_have_text("garden")
    expect(error_box(page)).to_be_hidden()


def test_a_refusal_is_told_in_the_panel_that_is_open(page: Page) -> None:
    open_explore(page)
    tool(page, "Upload photo").click()
    upload(page, ("notes.png", b"Buy milk.\n"))
    panel = page.get_by_role("dialog", name="Choose a photo")
    expect(panel.get_by_role("alert")).to_contain_text("notes.png is not a picture")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()


def test_several_photos_become_a_film(page: Page, traced: Traced, garden: bytes, harbour: bytes) -> None:
    open_explore(page, "checkpoint=untrained&stage=block2.pool&channel=9")
    upload(page, ("garden.jpg", garden), ("notes.png", b"Buy milk.\n"), ("harbour.jpg", harbour))
    expect(error_box(page)).to_contain_text("notes.png is not a picture")
    tool(page, "Close").click()
    expect(sentence(page)).to_have_text(f"Channel 9 on {len(GALLERY) + 2} photos, one range for all.")
    for title, content in (("garden.jpg", garden), ("harbour.jpg", harbour)):
        highest = float(traced(content).stages["block2.pool"][9].max())
        frame = page.get_by_role("button", name=f"Open {title}")
        expect(frame).to_contain_text("maximum")
        assert agrees(frame.inner_text().split("maximum ")[1], highest)
    page.get_by_role("button", name="Open harbour.jpg").click()
    expect(shown_photo(page)).to_have_text("harbour")
    expect(wall(page)).to_have_attribute("aria-label", "Block 2, pooling: 256 of 256 channels")
    wait_for_maps(page)
    expect_prediction(page, traced(harbour))
    tool(page, "All photos").click()
    expect(page.get_by_role("button", name="Open garden.jpg")).to_be_visible()


def dropped(page: Page, event: str, name: str, content: bytes) -> None:
    """Let a file be dropped on the page, or pasted, as the browser would tell the page of it."""
    script = """({ event, name, content }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
      const options = { bubbles: true, cancelable: true, composed: true };
      const of = (type) => (type === "paste" ? new ClipboardEvent(type, { ...options, clipboardData: transfer })
                                             : new DragEvent(type, { ...options, dataTransfer: transfer }));
      for (const type of event === "drop" ? ["dragover", "drop"] : ["paste"]) document.body.dispatchEvent(of(type));
    }"""
    page.evaluate(script, {"event": event, "name": name, "content": base64.b64encode(content).decode()})


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_picture_is_dropped_anywhere_or_pasted(page: Page, traced: Traced, garden: bytes, event: str) -> None:
    open_explore(page)
    dropped(page, event, "dropped.jpg", garden)
    expect(shown_photo(page)).to_have_text("dropped")
    wait_for_maps(page)
    expect_prediction(page, traced(garden))


def test_the_gallery_has_credits_and_opens_its_photos(page: Page, traced: Traced) -> None:
    open_explore(page)
    tool(page, "Upload photo").click()
    panel = page.get_by_role("dialog", name="Choose a photo")
    assert len(GALLERY) >= 6
    for photo in GALLERY:
        figure = panel.get_by_role("figure").filter(has_text=photo.title)
        expect(figure).to_contain_text(photo.credit)
        expect(figure).to_contain_text(photo.licence)
    coffee = next(photo for photo in GALLERY if photo.name == "coffee")
    panel.get_by_role("button", name=coffee.title).click()
    expect(panel).to_be_hidden()
    expect(shown_photo(page)).to_have_text("coffee")
    wait_for_maps(page)
    expect(page).to_have_url(re.compile("photo=coffee"))
    expect_prediction(page, traced("coffee"))


def test_the_camera_takes_a_photo(new_page: Callable[..., Page]) -> None:
    page = new_page(permissions=["camera"])
    open_explore(page)
    tool(page, "Upload photo").click()
    panel = page.get_by_role("dialog", name="Choose a photo")
    panel.get_by_role("button", name="Use the camera").click()
    shoot = panel.get_by_role("button", name="Take the picture")
    expect(shoot).to_be_visible()
    page.wait_for_function("video => video.videoWidth > 0", arg=panel.locator("video").element_handle())
    shoot.click()
    expect(shown_photo(page)).to_have_text("camera")
    expect(page.get_by_role("combobox", name="photo")).not_to_have_value("camera")  # the gallery has one of that name
    wait_for_maps(page)


def test_without_a_camera_the_panel_says_so(page: Page) -> None:
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotFoundError'))"
    )
    open_explore(page)
    tool(page, "Upload photo").click()
    panel = page.get_by_role("dialog", name="Choose a photo")
    panel.get_by_role("button", name="Use the camera").click()
    expect(panel.get_by_role("alert")).to_contain_text("No camera can be used")


def test_the_resize_rule_decides_what_is_seen(page: Page, traced: Traced, untrained: Any) -> None:
    open_explore(page, "checkpoint=untrained&stage=input&photo=coffee")
    crop, squash = tool(page, "fit the short side, crop the centre"), tool(page, "squash to a square")
    expect(crop).to_have_attribute("aria-pressed", "true")
    expect_prediction(page, traced("coffee"))
    squash.click()
    expect(page.get_by_role("img", name="What the network saw: 227 × 227 pixels, squash to a square")).to_be_visible()
    wait_for_maps(page)
    expect_prediction(page, traced("coffee", "squash"))
    expect(page).to_have_url(re.compile("resize=squash"))
    # The exact pixels, and what becomes of them: the middle of the picture is pixel 113.
    coffee = next(photo for photo in GALLERY if photo.name == "coffee")
    seen = np.asarray(seen_by_network(Image.open(coffee.path), InputRule(resize="squash")))
    canvas = page.get_by_role("img", name="What the network saw")
    box = canvas.bounding_box()
    assert box is not None
    canvas.hover(position={"x": box["width"] * 113.5 / 227, "y": box["height"] * 113.5 / 227})
    red, green, blue = (int(value) for value in seen[113, 113])
    readout = page.get_by_text("Row 113, column 113:")
    expect(readout).to_contain_text(f"red {red}, green {green}, blue {blue}; the network gets ")
    given = readout.inner_text().split("gets ")[1].split(", ")
    rule = untrained.input_rule
    for text, value, mean, std in zip(given, (red, green, blue), rule.mean, rule.std, strict=True):
        assert agrees(text, (value / 255 - mean) / std)
    crop.click()
    wait_for_maps(page)
    expect_prediction(page, traced("coffee"))


def test_the_original_stands_where_the_network_view_was(page: Page) -> None:
    open_explore(page, "checkpoint=untrained&photo=coffee&channel=3&place=0,0")
    photo = inspector(page).get_by_role("img", name="A cup of espresso")
    expect(inspector(page).get_by_role("heading", name="Photo as the network sees it")).to_be_visible()
    tool(page, "original").click()
    expect(inspector(page).get_by_role("heading", name="Photo as it came")).to_be_visible()
    # 600 × 400 in a square of 227: bands of 37.8 pixels above and below, whose colour is the sunk ground's.
    corners = pixels(photo, [(3, 3), (113, 30), (223, 223)])
    assert len(set(corners)) == 1
    tool(page, "network's view").click()
    expect(inspector(page).get_by_role("heading", name="Photo as the network sees it")).to_be_visible()
    assert pixels(photo, [(3, 3), (113, 30), (223, 223)]) != corners


def test_two_visitors_get_their_own_answers(
    new_page: Callable[..., Page], traced: Traced, garden: bytes, harbour: bytes
) -> None:
    pages = [open_explore(new_page()) for _ in range(2)]
    for page, name, content in zip(pages, ("garden.jpg", "harbour.jpg"), (garden, harbour), strict=True):
        upload(page, (name, content))
    for page, name, content in zip(pages, ("garden", "harbour"), (garden, harbour), strict=True):
        expect(shown_photo(page)).to_have_text(name)
        wait_for_maps(page)
        expect_prediction(page, traced(content))
    for page, other in zip(pages, ("harbour", "garden"), strict=True):
        assert other not in page.get_by_role("combobox", name="photo").inner_text()


def test_all_photos_are_drawn_with_the_range_that_the_legend_names(page: Page, traced: Traced) -> None:
    stage, channel = "block1.relu", 20
    open_explore(page, f"checkpoint=untrained&stage={stage}&view=photos&channel={channel}")
    expect(page.locator(".film .note").filter(has_text="maximum")).to_have_count(len(GALLERY))
    maps = {photo.name: traced(photo.name).stages[stage].numpy() for photo in GALLERY}
    end = max(percentile_end(each) for each in maps.values())
    places = {name: np.unravel_index(int(each[channel].argmax()), each[channel].shape) for name, each in maps.items()}

    def expect_drawn(ends: dict[str, float]) -> None:
        for name, own in maps.items():
            canvas = page.locator(f'[data-photo="{name}"] canvas').nth(1)
            side = canvas.evaluate("canvas => canvas.width")
            row, column = (int(place) for place in places[name])
            at = (int((column + 0.5) * side / 55), int((row + 0.5) * side / 55))
            value = float(own[channel, row, column])
            assert is_painted(pixels(canvas, [at])[0], value, 0, ends[name], ramp("activation")), name

    expect(legend(page)).to_have_attribute("aria-label", f"Range layer, from 0 to ≥ {spelled(end)}")
    expect_drawn(dict.fromkeys(maps, end))
    tool(page, "All photos").press("r")  # block
    tool(page, "All photos").press("r")  # network
    highest = max(percentile_end(each.numpy()) for photo in GALLERY for each in traced(photo.name).stages.values())
    expect(legend(page)).to_have_attribute("aria-label", f"Range network, from 0 to ≥ {spelled(highest)}")
    expect_drawn(dict.fromkeys(maps, highest))
    tool(page, "All photos").press("r")  # each its own
    expect(legend(page)).to_have_attribute("aria-label", "Range channel, from 0 to own max")
    expect(sentence(page)).to_have_text(f"Channel {channel} on {len(GALLERY)} photos, each up to its own maximum.")
    expect_drawn({name: float(each[channel].max()) for name, each in maps.items()})


def test_ones_own_photos_come_first(page: Page, garden: bytes) -> None:
    open_explore(page, "checkpoint=untrained&stage=block2.pool&channel=9")
    names = [f"mine-{number}" for number in range(6)]
    upload(page, *((f"{name}.jpg", jpeg(photo_like(seed=20 + number))) for number, name in enumerate(names)))
    expect(sentence(page)).to_have_text(f"Channel 9 on {len(GALLERY) + 6} photos, one range for all.")
    for name in names:
        expect(page.get_by_role("button", name=f"Open {name}.jpg")).to_be_in_viewport()
    options = page.get_by_role("combobox", name="photo").locator("option")
    assert options.all_inner_texts()[:6] == names
    page.reload()
    wait_for_maps(page)
    assert options.all_inner_texts()[:6] == names


def test_the_box_says_only_what_is_true_and_goes_with_its_cause(page: Page, garden: bytes) -> None:
    # From the start: a page with time to spare fetches stages before anybody asks for them.
    page.route(
        re.compile(r"/api/stages/block3\.relu"), lambda route: route.fulfill(json={"error": "The server is busy."})
    )
    open_explore(page)
    with page.expect_response(lambda answer: "/api/stages/block3.relu" in answer.url and "chelsea" not in answer.url):
        upload(page, ("garden.jpg", garden), ("notes.png", b"Buy milk.\n"))
    settle(page)
    expect(error_box(page)).to_contain_text("notes.png is not a picture")  # and not what nobody has asked for
    expect(error_box(page)).not_to_contain_text("stays on the page")  # the garden has taken its place
    tool(page, "Close").click()
    page.keyboard.press("3")
    expect(error_box(page)).to_contain_text("The server is busy.")
    expect(error_box(page)).not_to_contain_text("stays on the page")
    page.unroute(re.compile(r"/api/stages/block3\.relu"))
    page.keyboard.press("4")
    wait_for_maps(page)
    expect(error_box(page)).to_be_hidden()


def test_the_same_file_of_another_visitor_keeps_its_own_name(new_page: Callable[..., Page], garden: bytes) -> None:
    mine, theirs = (open_explore(new_page()) for _ in range(2))
    upload(mine, ("my garden.jpg", garden))
    expect(shown_photo(mine)).to_have_text("my garden")
    upload(theirs, ("secret name.jpg", garden))
    expect(shown_photo(theirs)).to_have_text("secret name")
    mine.reload()
    expect(shown_photo(mine)).to_have_text("my garden")
    wait_for_maps(mine)
    expect(
        inspector(mine).get_by_role("img", name=re.compile("^my garden.jpg, as the network sees it"))
    ).to_be_visible()
    expect(mine.get_by_text("secret name")).to_have_count(0)
