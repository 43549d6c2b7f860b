"""The Architecture page: its numbers against paper, its pictures against the network, a lesson, every key."""

import csv
import io
import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, expect

NewPage = Callable[..., Page]
Traced = Callable[..., Any]
THIN = "\N{NARROW NO-BREAK SPACE}"

# By hand: outputs (size + 2 padding - window) / stride + 1; multiply-adds = weights x places of the output.
ARTICLE = [
    ("conv1", "11 × 11, stride 4", "96 × 55 × 55", "11 × 11 × 3 × 96 + 96", "34 944", "105.4 M", "11"),
    ("pool1", "3 × 3, stride 2", "96 × 27 × 27", "", "", "", "19"),
    ("conv2", "5 × 5, padding 2", "256 × 27 × 27", "5 × 5 × 96 × 256 + 256", "614 656", "447.9 M", "51"),
    ("pool2", "3 × 3, stride 2", "256 × 13 × 13", "", "", "", "67"),
    ("conv3", "3 × 3, padding 1", "384 × 13 × 13", "3 × 3 × 256 × 384 + 384", "885 120", "149.5 M", "99"),
    ("conv4", "3 × 3, padding 1", "384 × 13 × 13", "3 × 3 × 384 × 384 + 384", "1 327 488", "224.3 M", "131"),
    ("conv5", "3 × 3, padding 1", "256 × 13 × 13", "3 × 3 × 384 × 256 + 256", "884 992", "149.5 M", "163"),
    ("pool5", "3 × 3, stride 2", "256 × 6 × 6", "", "", "", "195"),
    ("fc1", "all to all", "4096", "6 × 6 × 256 × 4096 + 4096", "37 752 832", "37.7 M", "all"),
    ("fc2", "all to all", "4096", "4096 × 4096 + 4096", "16 781 312", "16.8 M", "all"),
    ("logits", "all to all", "10", "4096 × 10 + 10", "40 970", "0.04 M", "all"),
]
NAMES = [row[0] for row in ARTICLE]
# 5 convolutions and 3 linear layers with 5 numbers each, 3 poolings with 2, the totals and the two shares.
HIDDEN = 8 * 5 + 3 * 2 + 2 + 2


def open_architecture(page: Page, query: str = "") -> Page:
    page.goto(f"/architecture?checkpoint=untrained&{query}")
    expect(page.get_by_role("heading", name="AlexNet to scale")).to_be_visible()
    expect(rows(page)).to_have_count(len(ARTICLE))
    wait_for_tensors(page)
    return page


def wait_for_tensors(page: Page) -> None:
    """Wait until no tensor is on its way and none belongs to another photo."""
    expect(page.locator(".tensor canvas.waiting, .line.waiting")).to_have_count(0)
    expect(page.get_by_text("out of date, computing").filter(visible=True)).to_have_count(0)


def rows(page: Page) -> Locator:
    return page.locator("table.layers tbody tr")


def row(page: Page, name: str) -> Locator:
    return rows(page).filter(has=page.get_by_role("rowheader", name=name, exact=True))


def shown(page: Page) -> list[tuple[str, ...]]:
    """The table's texts, row by row."""
    texts = rows(page).evaluate_all("rows => rows.map(row => [...row.children].map(cell => cell.textContent))")
    return [tuple(text.replace(THIN, " ") for text in texts_of_row) for texts_of_row in texts]


def totals(page: Page) -> tuple[str, str]:
    texts = page.locator("table.layers tfoot td").all_inner_texts()
    parameters, multiply_adds = (text.replace(THIN, " ").strip() for text in texts if text.strip())
    return parameters, multiply_adds


def facts(page: Page) -> Locator:
    return page.locator(".footer-facts")


def covers(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Hidden: "))


def column(page: Page, index: int) -> list[str]:
    return [texts[index] for texts in shown(page)]


def boxes_of(page: Page, selector: str) -> dict[str, list[float]]:
    """Left, top, right, bottom of each element relative to the photo, by its first word."""
    # One look at all of them: they are drawn anew when a tensor arrives.
    script = """(stack, selector) => {
      const photo = stack.getBoundingClientRect();
      return [...stack.querySelectorAll(selector)].filter(element => !element.hidden).map(element => {
        const box = element.getBoundingClientRect();
        return [element.dataset.stage ?? element.textContent.trim(),
          [box.left - photo.left, box.top - photo.top, box.right - photo.left, box.bottom - photo.top]];
      });
    }"""
    return dict(page.locator(".fields-stack").evaluate(script, selector))


def test_every_number_of_the_article_agrees_with_paper(page: Page) -> None:
    open_architecture(page)
    assert shown(page) == ARTICLE
    # 34944 + 614656 + 885120 + 1327488 + 884992 + 37752832 + 16781312 + 40970
    assert totals(page) == ("58 322 314", "1131.2 M")
    # 54,575,114 of 58,322,314 parameters; 1,076,634,144 of 1,131,201,056 multiply-adds.
    sentence = page.get_by_text("The fully connected layers hold")
    expect(sentence).to_have_text(
        re.compile("hold 94 % of the parameters; the convolutions do 95 % of the multiplications")
    )
    expect(page.get_by_text("After pool5 one unit sees 195 of the 227 pixels")).to_be_visible()
    expect(facts(page)).to_have_text(re.compile(r"227 input pixels: \(227 − 11\) / 4 \+ 1 = 55"))
    expect(facts(page)).to_contain_text("numbers computed from the modules")
    # 4096 units at the scale of 1232 pixels less eight gaps of 26 for 227 rows and 1984 channels: 1897 of 1280 pixels.
    expect(page.locator(".line-note")).to_have_text(re.compile("4096 units each,1.5 pages wide"))


@pytest.mark.parametrize(
    ("variant", "classes", "parameters", "input_side"),
    [
        ("default", "1000", "62 378 344", 227),
        ("paper, 2 groups", "1000", "60 965 224", 227),
        ("torchvision", "1000", "61 100 840", 224),
    ],
)
def test_variants_and_classes(page: Page, variant: str, classes: str, parameters: str, input_side: int) -> None:
    open_architecture(page)
    page.get_by_role("button", name=f"{classes} classes").click()
    page.get_by_role("button", name=variant, exact=True).click()
    expect(page.locator("table.layers tfoot")).to_contain_text(parameters.replace(" ", THIN))
    expect(page.get_by_role("button", name=variant, exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".tensor-shape").first).to_have_text(f"3 × {input_side} × {input_side}")
    assert shown(page)[-1][2:5] == ("1000", "4096 × 1000 + 1000", "4 097 000")
    is_empty = variant != "default"
    expect(page.locator("canvas.hollow")).to_have_count(10 if is_empty else 0)
    empty = page.get_by_text("No checkpoint of this variant here, so the tensors are drawn empty.")
    expect(empty).to_have_count(1 if is_empty else 0)
    if variant == "torchvision":
        # (224 + 4 - 11) / 4 + 1 = 55.25
        expect(facts(page)).to_contain_text("(224 + 2 × 2 − 11) / 4 + 1 = 55.25, rounded down to 55")
        assert shown(page)[0][1] == "11 × 11, stride 4, padding 2"
    if variant == "paper, 2 groups":
        assert shown(page)[2][1:5] == (
            "5 × 5, padding 2, 2 groups",
            "256 × 27 × 27",
            "5 × 5 × 48 × 256 + 256",
            "307 456",
        )


def test_nothing_moves_when_the_table_arrives(page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/layers?*", lambda route: held.append(route))
    page.goto("/architecture?checkpoint=untrained")
    parts = [page.locator(".fields-stack"), page.locator("table.layers")]
    expect(parts[1]).to_be_visible()
    tops = [part.evaluate("part => part.getBoundingClientRect().top") for part in parts]
    held.pop().continue_()
    expect(rows(page)).to_have_count(len(ARTICLE))
    wait_for_tensors(page)
    assert [part.evaluate("part => part.getBoundingClientRect().top") for part in parts] == pytest.approx(tops, abs=3)


def test_ribbons_are_the_tensors_seen_from_the_side(page: Page, traced: Traced) -> None:
    open_architecture(page)
    stages = traced("chelsea").stages
    for name, stage, share in (
        ("conv1", "block1.relu", 0.31),
        ("conv3", "block3.relu", 0.77),
        ("pool5", "block5.pool", 0.5),
    ):
        canvas = page.locator(".tensor", has=page.get_by_text(name, exact=True)).locator("canvas")
        box = canvas.bounding_box()
        assert box is not None
        channels, height, _ = stages[stage].shape
        # One scale: a channel is as wide as a row is high, on every ribbon.
        assert box["width"] / channels == pytest.approx(box["height"] / height, rel=0.02)
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        text = page.locator(".scale .readout").inner_text()
        found = re.fullmatch(rf"{name}, channel (\d+), row (\d+): mean (\S+)", text)
        assert found, text
        channel, line = int(found[1]), int(found[2])
        assert channel == pytest.approx(share * channels, abs=2)
        assert line == height // 2
        assert float(found[3]) == pytest.approx(float(stages[stage][channel, line].mean()), rel=0.01)
    line_canvas = page.get_by_role("img", name="fc1, 4096, one line of units")
    box = line_canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 1)
    found = re.fullmatch(r"fc1, unit (\d+): (\S+)", page.locator(".scale .readout").inner_text())
    assert found
    value = float(found[2].replace("\N{MINUS SIGN}", "-"))
    assert value == pytest.approx(float(stages["fc1"][int(found[1])]), rel=0.01, abs=0.001)


def test_a_ribbon_shows_the_mean_of_each_row(new_page: NewPage, traced: Traced) -> None:
    # At four screen pixels to a CSS pixel every value has its own: dark where the mean is large.
    page = open_architecture(new_page(device_scale_factor=4))
    canvas = page.locator(".tensor", has=page.get_by_text("pool1", exact=True)).locator("canvas")
    script = """canvas => {
      const { width, height } = canvas;
      const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
      return Array.from({ length: 27 }, (_, y) => Array.from({ length: 96 }, (_, x) =>
        data[(Math.floor((y + 0.5) * height / 27) * width + Math.floor((x + 0.5) * width / 96)) * 4]));
    }"""
    red = np.array(canvas.evaluate(script), float)
    side = traced("chelsea").stages["block1.pool"].numpy().mean(axis=2).T
    assert red.shape == side.shape == (27, 96)
    assert np.corrcoef(red.ravel(), side.ravel())[0, 1] < -0.9


def test_receptive_fields_lie_where_the_units_look(page: Page) -> None:
    open_architecture(page)
    photo = page.locator(".fields-stack").bounding_box()
    assert photo is not None
    scale = photo["width"] / 227
    # The middle unit i sees start + i jump and on, field pixels: conv4 has jump 16, start -48, pool5 32 and -64.
    ranges = {"block1.conv": (108, 119), "block1.pool": (104, 123), "block4.conv": (48, 179), "block5.pool": (0, 195)}
    found = boxes_of(page, ".field-box")
    assert len(found) == 8
    for stage, (first, beyond) in ranges.items():
        assert found[stage] == pytest.approx([first * scale, first * scale, beyond * scale, beyond * scale], abs=0.6)
    name = page.get_by_role("img", name=re.compile("what the unit in the middle of each stage sees"))
    expect(name).to_have_attribute("aria-label", re.compile("conv4, row 6, column 6: pixels 48–178"))


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (640, 900)])
def test_labels_never_cover_each_other(new_page: NewPage, size: tuple[int, int]) -> None:
    page = new_page(viewport={"width": size[0], "height": size[1]})
    open_architecture(page)
    for variant in ("default", "torchvision"):
        page.get_by_role("button", name=variant, exact=True).click()
        expect(page.get_by_role("button", name=variant, exact=True)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".field-label", has_text="clipped")).to_have_count(1 if variant == "torchvision" else 0)
        labels = boxes_of(page, ".field-label")
        assert len(labels) == 8
        for (one, a), (other, b) in combinations(labels.items(), 2):
            apart = a[2] <= b[0] + 0.1 or b[2] <= a[0] + 0.1 or a[3] <= b[1] + 0.1 or b[3] <= a[1] + 0.1
            assert apart, f"{one} covers {other}"


def test_row_field_and_ribbon_are_pointed_at_together(page: Page) -> None:
    open_architecture(page)
    row(page, "conv4").hover()
    expect(page.locator(".field-box.on")).to_have_attribute("data-stage", "block4.conv")
    expect(page.locator(".tensor.on")).to_have_attribute("data-stage", "block4.conv")
    expect(
        page.get_by_role("heading", name="What one unit of conv4 sees row 6, column 6: pixels 48–178")
    ).to_be_visible()
    expect(facts(page)).to_contain_text("conv4, 13 rows in: (13 + 2 × 1 − 3) / 1 + 1 = 13")
    # 30 input pixels from the corner only pool5's field lies, 40 from it conv5's as well.
    side = page.locator(".fields-stack").evaluate("element => element.clientWidth")
    page.locator(".fields-stack").hover(position={"x": 25 * side / 227, "y": 120 * side / 227})
    expect(page.locator("table.layers tr.on")).to_have_attribute("data-stage", "block5.pool")
    page.locator(".fields-stack").hover(position={"x": 40 * side / 227, "y": 120 * side / 227})
    expect(page.locator("table.layers tr.on")).to_have_attribute("data-stage", "block5.conv")
    row(page, "fc1").hover()
    expect(page.get_by_role("heading", name="What one unit of fc1 sees all of it")).to_be_visible()
    expect(facts(page)).to_contain_text(f"every unit sees all 9216 numbers: 9216 × 4096 + 4096 = 37{THIN}752{THIN}832")
    page.get_by_role("heading", name="AlexNet to scale").hover()
    expect(page.locator("table.layers tr.on")).to_have_count(0)
    row(page, "pool2").click()
    page.get_by_role("heading", name="AlexNet to scale").hover()
    expect(page.locator("table.layers tr.on")).to_have_attribute("data-stage", "block2.pool")
    assert "stage=block2.pool" in page.url


def test_a_lesson_hides_the_numbers_and_opens_them_one_by_one(page: Page) -> None:
    open_architecture(page)
    page.get_by_role("button", name="Hide numbers").click()
    expect(covers(page)).to_have_count(HIDDEN)
    assert shown(page) == [(name, window, "", "", "", "", "") for name, window, *_ in ARTICLE]
    # Nowhere else on the page stands what is hidden in the table.
    expect(page.locator(".tensor-shape").nth(1)).to_have_text("")
    expect(page.locator(".field-label", has_text="pool5")).to_have_text("pool5 ")
    expect(facts(page)).to_contain_text("(227 − 11) / 4 + 1 = ?")
    expect(page.locator(".measure-bar")).to_have_count(0)
    body = page.locator("#page").inner_text()
    assert not re.search(r"\b(55|195|94|95|34.944|4096)\b", body), body
    row(page, "conv3").hover()
    expect(facts(page)).to_contain_text("(rows in + 2 × 1 − 3) / 1 + 1 = ?")

    page.get_by_role("button", name="Hidden: parameters of conv2. Open it").click()
    expect(row(page, "conv2")).to_contain_text(f"614{THIN}656")
    expect(row(page, "conv2").locator(".measure-bar")).to_have_count(1)
    expect(covers(page)).to_have_count(HIDDEN - 1)
    expect(page.get_by_role("status").filter(has_text="parameters of conv2")).to_have_text(
        f"parameters of conv2: 614{THIN}656. {HIDDEN - 1} of {HIDDEN} numbers are hidden."
    )
    page.keyboard.press("Space")  # what follows in reading order
    expect(row(page, "conv2")).to_contain_text("447.9 M")
    page.keyboard.press("Space")
    expect(row(page, "conv2")).to_contain_text("51")
    expect(page.locator(".field-label", has_text="conv2")).to_have_text("conv2 51")
    expect(covers(page)).to_have_count(HIDDEN - 3)
    page.get_by_role("button", name="torchvision").click()  # another network has its own answers
    expect(covers(page)).to_have_count(HIDDEN)
    page.get_by_role("button", name="Show numbers").click()
    expect(covers(page)).to_have_count(0)


def test_hidden_numbers_are_not_told_by_the_order_of_the_rows(page: Page) -> None:
    open_architecture(page, "sort=-macs")
    assert column(page, 0)[0] == "conv2"
    page.get_by_role("button", name="Hide numbers").click()
    assert column(page, 0) == NAMES
    header = page.get_by_role("columnheader", name="multiply-adds")
    expect(header.get_by_role("button")).to_have_attribute("aria-disabled", "true")
    header.get_by_role("button").click(force=True)  # it says that it is disabled
    assert column(page, 0) == NAMES
    page.get_by_role("button", name="Show numbers").click()
    assert column(page, 0)[0] == "conv2"


def test_the_page_is_as_it_was_left_and_shows_the_photo_of_the_other_page(page: Page) -> None:
    open_architecture(page, "variant=paper&sort=-macs")
    page.get_by_role("link", name="Train").click()
    page.get_by_role("link", name="Architecture").click()
    expect(page.get_by_role("button", name="paper of 2012", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(rows(page).first).to_contain_text("conv2")
    assert "sort=-macs" in page.url


def test_storage_that_the_browser_refuses_leaves_no_page_blank(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    open_architecture(page, "photo=coffee")
    page.get_by_role("link", name="Train").click()
    page.get_by_role("link", name="Architecture").click()
    expect(page.get_by_role("combobox", name="photo")).to_have_value("coffee")


def test_space_alone_goes_through_the_whole_lesson(page: Page) -> None:
    open_architecture(page, "numbers=hidden")
    expect(covers(page)).to_have_count(HIDDEN)
    for left in range(HIDDEN - 1, -1, -1):
        page.keyboard.press("Space")
        expect(covers(page)).to_have_count(left)
    assert shown(page) == ARTICLE
    page.keyboard.press("Space")  # nothing is left to open


def test_headers_sort_by_mouse_and_by_keyboard(page: Page) -> None:
    open_architecture(page)
    header = page.get_by_role("columnheader", name="multiply-adds")
    expect(page.get_by_role("columnheader", name="stage")).to_have_attribute("aria-sort", "ascending")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    assert column(page, 0)[:5] == ["conv2", "conv4", "conv3", "conv5", "conv1"]
    assert "sort=-macs" in page.url
    page.keyboard.press("Enter")  # the header has the focus still
    expect(header).to_have_attribute("aria-sort", "ascending")
    assert column(page, 0)[:5] == ["pool1", "pool2", "pool5", "logits", "fc2"]
    assert totals(page) == ("58 322 314", "1131.2 M")
    page.get_by_role("button", name="stage", exact=True).click()
    expect(header).to_have_attribute("aria-sort", "none")
    assert column(page, 0) == NAMES


def test_every_key(page: Page) -> None:
    open_architecture(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    listed = {
        " ".join(term.locator("kbd").all_inner_texts()).replace("\N{NO-BREAK SPACE}", " ")
        for term in dialog.get_by_role("term").all()
    }
    assert listed == {"V", "Shift V", "N", "W", "↑ ↓", "[ ]", "1 … 8", "Enter", "S", "P", "Esc", "?"}
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    pressed = page.get_by_role("group", name="Variant").locator("[aria-pressed=true]")
    for name in ("paper of 2012", "paper, 2 groups", "torchvision", "default"):
        page.keyboard.press("v")
        expect(pressed).to_have_text(name)
    page.keyboard.press("Shift+V")
    expect(pressed).to_have_text("torchvision")
    page.keyboard.press("v")
    wait_for_tensors(page)

    on = page.locator("table.layers tr.on")
    for key, stage in (
        ("ArrowDown", "block1.conv"),
        ("ArrowDown", "block1.pool"),
        ("ArrowUp", "block1.conv"),
        ("ArrowUp", "block1.conv"),
    ):
        page.keyboard.press(key)
        expect(on).to_have_attribute("data-stage", stage)
    page.keyboard.press("]")
    expect(on).to_have_attribute("data-stage", "block1.pool")
    page.keyboard.press("[")
    expect(on).to_have_attribute("data-stage", "block1.conv")
    for digit, stage in zip(
        "12345678",
        ["block1.conv", "block2.conv", "block3.conv", "block4.conv", "block5.conv", "fc1", "fc2", "logits"],
        strict=True,
    ):
        page.keyboard.press(digit)
        expect(on).to_have_attribute("data-stage", stage)
    page.keyboard.press("Escape")
    expect(on).to_have_count(0)

    page.keyboard.press("n")
    expect(covers(page)).to_have_count(HIDDEN)
    page.keyboard.press("Space")
    expect(row(page, "conv1")).to_contain_text("96 × 55 × 55")
    page.keyboard.press("n")
    expect(covers(page)).to_have_count(0)
    with page.expect_download() as download:
        page.keyboard.press("s")
    assert download.value.suggested_filename == "chelsea_seed_10-classes_layers.csv"
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Block 4 384 × 13 × 13")).to_be_visible()
    assert "stage=block4.relu" in page.url


def test_the_keyboard_alone_reaches_everything(page: Page) -> None:
    open_architecture(page)
    skip = page.get_by_role("button", name="To the table")
    for _ in range(3):  # the shell may have a stop or two of its own
        if not skip.evaluate("link => link.matches(':focus')"):
            page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    first = page.get_by_role("button", name="conv1", exact=True)
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="pool1", exact=True)).to_be_focused()
    page.get_by_role("button", name="Hide numbers").focus()
    page.keyboard.press("Enter")
    output = page.get_by_role("button", name="Hidden: output of conv1. Open it")
    expect(output).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, "conv1")).to_contain_text("96 × 55 × 55")
    expect(page.get_by_role("button", name="Hidden: parameters, spelled out, of conv1. Open it")).to_be_focused()


def test_the_address_holds_the_view_and_back_undoes(page: Page) -> None:
    open_architecture(page)
    page.get_by_role("button", name="paper of 2012", exact=True).click()
    page.get_by_role("button", name="1000 classes").click()
    page.get_by_role("combobox", name="photo").select_option("coffee")
    page.keyboard.press("n")
    expect(covers(page)).to_have_count(HIDDEN)
    assert re.search(r"\?(?=.*variant=paper)(?=.*classes=1000)(?=.*photo=coffee)(?=.*numbers=hidden)", page.url)
    page.reload()
    expect(covers(page)).to_have_count(HIDDEN)
    expect(page.get_by_role("button", name="paper of 2012", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="1000 classes")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("combobox", name="photo")).to_have_value("coffee")
    page.get_by_role("button", name="Show numbers").click()
    assert totals(page)[0] == "62 378 344"
    page.get_by_role("button", name="10 classes").click()
    expect(page.locator("table.layers tfoot")).to_contain_text(f"58{THIN}322{THIN}314")
    page.go_back()
    expect(page.locator("table.layers tfoot")).to_contain_text(f"62{THIN}378{THIN}344")
    page.goto("/architecture?variant=vgg&classes=12&numbers=no&sort=colour&stage=block9")
    expect(page.get_by_role("button", name="default")).to_have_attribute("aria-pressed", "true")
    expect(rows(page)).to_have_count(len(ARTICLE))
    page.goto("/architecture?photo=unicorn")
    expect(page.get_by_role("alert")).to_be_visible()
    wait_for_tensors(page)
    expect(page.get_by_role("combobox", name="photo")).to_have_value("chelsea")


def test_the_table_is_saved_with_what_it_belongs_to(page: Page) -> None:
    open_architecture(page, "variant=torchvision&classes=1000&photo=coffee")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save table").click()
    assert download.value.suggested_filename == "coffee_torchvision_1000-classes_layers.csv"
    text = download.value.path().read_text("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert {line["variant"] for line in table} == {"torchvision"}
    assert {line["photo"] for line in table} == {"A cup of espresso"}
    assert sum(int(line["params"]) for line in table) == 61_100_840
    expect(page.get_by_text("coffee_torchvision_1000-classes_layers.csv is being saved")).to_be_visible()


def test_to_explore_and_back_without_loading_the_page_anew(page: Page) -> None:
    open_architecture(page, "photo=rocket")
    page.evaluate("() => { window.sameDocument = true; }")
    page.get_by_role("link", name="Explore").click()
    expect(page.get_by_role("heading", name="Block 1 96 × 55 × 55")).to_be_visible()
    expect(page.get_by_role("combobox", name="photo")).to_have_value("rocket")
    page.get_by_role("link", name="Architecture").click()
    expect(page.get_by_role("heading", name="AlexNet to scale")).to_be_visible()
    expect(rows(page)).to_have_count(len(ARTICLE))
    expect(page.get_by_role("combobox", name="photo")).to_have_value("rocket")
    page.go_back()
    expect(page.get_by_role("heading", name="Block 1 96 × 55 × 55")).to_be_visible()
    page.go_forward()
    expect(rows(page)).to_have_count(len(ARTICLE))
    assert page.evaluate("() => window.sameDocument") is True


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [(1280, 800, "light"), (1280, 800, "dark"), (1600, 950, "light"), (1920, 1080, "dark")],
)
def test_nothing_scrolls_on_a_large_window(new_page: NewPage, width: int, height: int, scheme: str) -> None:
    page = new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    open_architecture(page)
    for variant in ("default", "paper, 2 groups", "torchvision"):
        page.get_by_role("button", name=variant, exact=True).click()
        expect(page.get_by_role("button", name=variant, exact=True)).to_have_attribute("aria-pressed", "true")
        script = """element => [...element.querySelectorAll('*'), element].filter(each =>
          ['auto', 'scroll'].includes(getComputedStyle(each).overflowY) &&
          (each.scrollHeight > each.clientHeight || each.scrollWidth > each.clientWidth)).map(each => each.className)"""
        assert page.locator(".microscope").evaluate(script) == []
        # What is drawn stays inside the window.
        far = page.locator("#page").evaluate(
            """main => Math.max(...[...main.querySelectorAll('td, canvas, .button')]
              .map(each => each.getBoundingClientRect().right))"""
        )
        assert far <= width - 22


def test_a_narrow_window_stacks_and_loses_nothing(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 640, "height": 800}, reduced_motion="reduce")  # 1280 at 200 % zoom
    open_architecture(page)
    assert page.locator(".microscope").evaluate("element => element.scrollWidth <= element.clientWidth")
    photo = page.locator(".fields-stack").bounding_box()
    table = page.locator("table.layers").bounding_box()
    assert photo is not None
    assert table is not None
    assert table["y"] > photo["y"] + photo["height"]
    for name in ("conv1", "logits"):
        row(page, name).scroll_into_view_if_needed()
        expect(row(page, name)).to_be_in_viewport()
    field = row(page, "conv1").get_by_role("cell").last
    field.scroll_into_view_if_needed()
    expect(field).to_be_in_viewport()
    assert shown(page) == ARTICLE


def test_a_window_is_tried_by_keyboard(page: Page) -> None:
    open_architecture(page, "variant=torchvision")
    page.keyboard.press("w")
    sandbox = page.get_by_role("dialog", name="A window that slides")
    # It begins as conv1 of this variant; by hand: (224 + 4 - 11) / 4 + 1 = 55.25.
    expect(sandbox.get_by_role("status").first).to_have_text("(224 + 2 × 2 − 11) / 4 + 1 = 55.25, rounded down to 55")
    for name, value in (("map", "7"), ("kernel", "3"), ("stride", "2"), ("padding", "1")):
        sandbox.get_by_role("spinbutton", name=name).fill(value)
    expect(sandbox.get_by_role("status").first).to_have_text("(7 + 2 × 1 − 3) / 2 + 1 = 4")
    expect(sandbox).to_contain_text("4 × 4 = 16 windows. Neighbours share 1 of 3 rows.")
    # One row and one column of windows are drawn, and the chosen one with what comes out of it.
    expect(sandbox.locator("rect.window")).to_have_count(8)
    expect(sandbox.locator("rect.own")).to_have_count(2)
    expect(sandbox).to_contain_text("Row 0, column 0 sees rows −1 to 1 and columns −1 to 1")
    sandbox.get_by_role("application").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(sandbox).to_contain_text("Row 1, column 2 sees rows 1 to 3 and columns 3 to 5")
    sandbox.get_by_role("spinbutton", name="kernel").fill("0")
    expect(sandbox.get_by_role("status").first).to_have_text("kernel: a whole number from 1 to 32.")
    sandbox.get_by_role("spinbutton", name="kernel").fill("12")
    expect(sandbox.get_by_role("status").first).to_have_text(
        "A window of 12 is larger than 7 + 2 × 1 = 9: nothing comes out."
    )
    page.keyboard.press("Escape")
    expect(sandbox).to_be_hidden()
