"""The Compare page on many pictures: similarity, matched pairs, the test set, weights, recipes, files."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from alexnet_viz.checkpoints import Checkpoint, load_checkpoint
from alexnet_viz.checkpoints.assumptions import CIFAR10_CLASSES
from alexnet_viz.compare.paired_pass import Comparison, compare_on
from alexnet_viz.images import GALLERY, read_image
from alexnet_viz.inference import Trace, trace
from alexnet_viz.number_words import similarity
from alexnet_viz.training.datasets.cifar10_sample import sample_pictures
from tests.browser.checkpoint_menu import choose_file, pick
from tests.browser.explore import MINUS, agrees
from tests.browser.test_compare import PAIR, A, B, changes, maps, open_compare, selected, sentence, wait_for_all
from tests.browser.test_compare import pair as pair
from tests.support.real_app import ROOT

COUNT = 16
STRANGER = "cifar10-seed-1"
Traced = Callable[..., Any]


@pytest.fixture(scope="module")
def found(untrained: Checkpoint) -> Comparison:
    """What both say of the first pictures that the page compares on, computed in this process."""
    return compare_on(untrained, load_checkpoint(B), sample_pictures().first(COUNT), CIFAR10_CLASSES)


@pytest.fixture(scope="module")
def traced() -> Traced:
    """What a shipped network computes for the first photo, in this process."""
    photo = next(each for each in GALLERY if each.name == "chelsea")
    image = read_image(photo.path, name="chelsea.jpg")
    return lambda name: trace(load_checkpoint(name), image)


@pytest.fixture
def small(page: Page) -> Page:
    """A page whose comparisons take 16 pictures where it asks for 512."""

    def fewer(route: Route) -> None:
        route.continue_(url=route.request.url.replace("count=512", f"count={COUNT}"))

    page.route(re.compile(r"/api/comparison[?/].*count=512"), fewer)
    return page


def compute(page: Page) -> None:
    view = page.get_by_role("group", name="What is compared")
    view.get_by_role("button", name="test set").click()
    button = page.get_by_role("button", name="Compare on these pictures")
    if button.is_visible():  # another test may have asked for it
        button.click()
    expect(page.get_by_text(re.compile(f"^{COUNT} pictures in "))).to_be_visible(timeout=120_000)
    view.get_by_role("button", name="this photo").click()


def test_similarity_of_every_stage_and_the_cells_that_open_the_walls(small: Page, found: Comparison) -> None:
    open_compare(small, f"{PAIR}&pairs=index")
    compute(small)
    assert found.cka is not None
    values = small.locator(".stage-row").evaluate_all(
        "rows => rows.map(r => [r.dataset.stage, r.querySelector('.stage-value').textContent])"
    )
    assert len(values) == 11
    for stage, text in values:
        assert abs(float(text.replace(MINUS, "-")) - (found.cka.of_stage(stage) or 0)) < 0.006
    row, column = found.cka.first_stages.index("block3.relu"), found.cka.second_stages.index("block5.relu")
    cell = small.get_by_role(
        "button", name=f"A Block 3 ReLU, B Block 5 ReLU: {similarity(found.cka.values[row][column])}"
    )
    cell.click()
    expect(small.get_by_role("heading", level=2)).to_have_text(re.compile("Block 3 ReLU"))
    expect(small.locator(".compare-refusal")).to_have_text(
        "A shows Block 3, ReLU, B Block 5, ReLU: different stages are not subtracted."
    )
    assert "other=block5.relu" in small.url
    expect(small.locator("#wall-b")).to_have_attribute("aria-label", re.compile("256 of 256 channels"))
    small.keyboard.press("x")  # turned round, nothing is computed again
    expect(small.locator(".stage-row.on .stage-value")).to_have_text(similarity(found.cka.of_stage("block5.relu")))
    small.reload()
    wait_for_all(small)
    expect(small.locator(".stage-row.on .stage-value")).to_have_text(similarity(found.cka.of_stage("block5.relu")))


def test_separate_trainings_are_paired_by_correlation(small: Page, traced: Traced) -> None:
    open_compare(small, f"a={STRANGER}&b={B}")
    compute(small)
    found = compare_on(
        load_checkpoint(STRANGER), load_checkpoint(B), sample_pictures().first(COUNT), CIFAR10_CLASSES, with_cka=False
    )
    matching = found.matchings["block2.relu"]
    expect(small.get_by_label("pairs")).to_have_value("matched")
    expect(small.locator(".footer")).to_contain_text("separate trainings: channels paired by correlation")
    both = {"a": traced(STRANGER), "b": traced(B)}
    first, second = maps(both)
    change = {
        channel: float(np.sqrt(((second[partner].astype(np.float64) - first[channel]) ** 2).mean()))
        for channel, partner in enumerate(matching.partners)
        if partner is not None
    }
    best = max(change, key=lambda channel: change[channel])
    expect(selected(small)).to_have_text(f"Channel {best} with {matching.partners[best]}")
    correlation = matching.correlations[best]
    assert correlation is not None
    note = f"Correlation {similarity(correlation)}"
    expect(small.locator(".pair-note")).to_have_text(note + (": no good partner" if correlation < 0.5 else ""))
    poor = len(matching.without_good_partner)
    expect(sentence(small)).to_have_text(re.compile(rf"{poor} ha(s|ve) no good partner\.$"))
    small.get_by_label("pairs").select_option("index")
    expect(selected(small)).to_have_text(f"Channel {int(changes(both).argmax())}")


def test_a_continuation_is_no_separate_training(page: Page) -> None:
    open_compare(page, f"a={B}&b=cifar10-photographs")
    expect(page.get_by_label("pairs").locator("option")).to_have_count(1)


def test_a_comparison_is_cancelled(page: Page) -> None:
    open_compare(page, "a=cifar10-fast-epoch-1&b=cifar10-fast&view=test")
    page.get_by_role("button", name="Compare on these pictures").click()
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("button", name="Compare on these pictures")).to_be_visible()
    # The pass that is under way ends first.
    page.wait_for_function(
        "async (address) => ['none', 'cancelled'].includes((await (await fetch(address)).json()).state)",
        arg="/api/comparison?a=cifar10-fast&b=cifar10-fast-epoch-1&data=cifar10-sample&count=512",
    )


def test_epochs_of_one_run_keep_their_numbers_and_the_page_says_why(page: Page) -> None:
    open_compare(page, "a=cifar10-fast-epoch-1&b=cifar10-fast")
    expect(page.locator(".footer")).to_contain_text("alike, agreeing: 500")
    expect(page.get_by_label("pairs").locator("option")).to_have_count(1)


def test_other_classes_are_refused_with_the_reason_before_anything_is_computed(small: Page) -> None:
    open_compare(small, f"{PAIR}&view=test&data=shapes")
    expect(small.get_by_text("or checkpoints trained on these classes")).to_be_visible()
    button = small.get_by_role("button", name="Compare the stages alone")
    if button.is_visible():
        button.click()
    expect(small.get_by_text(re.compile(r"They give the same answer on .* of 16 pictures"))).to_be_visible(
        timeout=120_000
    )
    _, content = save(small, "This table (.csv)")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 11
    assert {(row["checkpoint A"], row["checkpoint B"]) for row in rows} == {(A, B)}
    assert 0 <= float(rows[0]["share with the same answer"]) <= 1


def answers() -> dict[str, Any]:
    """A record of ten pictures of two classes: A has 5 of 10 right, B 8; both 4, B alone 4, A alone 1, none 1."""
    calibration = [{"low": 0.5, "high": 1.0, "count": 10, "confidence": 0.9, "accuracy": 0.5}]
    side = {"loss": 0.7, "ece": 0.4, "calibration": calibration}
    return {
        "n": 10,
        "classes": ["checks", "crescent"],
        "agreement": 0.5,
        "chance": 0.5,
        "mcnemar": {"only_a": 1, "only_b": 4, "both_right": 4, "both_wrong": 1, "p_value": 0.375},
        "per_class": [
            {"class": "checks", "count": 5, "a": 0.4, "b": 0.8, "difference": 0.4},
            {"class": "crescent", "count": 5, "a": 0.6, "b": 0.8, "difference": 0.2},
        ],
        "confusion_difference": [[2, -2], [-1, 1]],
        "disagreements": [
            {"index": 3, "label": "checks", "a": "crescent", "b": "checks", "a_probability": 0.9, "b_probability": 0.8}
        ],
        "disagreement_count": 1,
        "a": {**side, "accuracy": 0.5, "interval": [0.237, 0.763], "confusion": [[2, 3], [2, 3]]},
        "b": {**side, "accuracy": 0.8, "interval": [0.49, 0.943], "confusion": [[4, 1], [1, 4]]},
    }


def test_the_test_set_in_numbers_and_words(page: Page) -> None:
    record = {
        "images": 10,
        "seconds": 1.0,
        "remark": "",
        "agreement": 0.5,
        "answers": answers(),
        "cka": None,
        "matchings": {},
        "data": "shapes",
    }

    def done(route: Route) -> None:
        # The page asks for the two in alphabetical order: cifar10-fast first, and turns the answer round.
        route.fulfill(json={"state": "done", "record": record})

    page.route(re.compile(r"/api/comparison\?"), done)
    open_compare(page, f"a={B}&b={A}&view=test")
    # Of 5 coins 4 or more on one side: 2 (5 + 1) / 32 = 0.375.
    words = page.locator(".compare-test .test-sentence")
    expect(words).to_contain_text(
        "B alone is right on 4 pictures, A alone on 1; so uneven a split comes up between equals"
    )
    expect(words).to_contain_text("in 38 % of all cases, so the difference may be chance")
    rows = page.locator(".per-class tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.children].map(c => c.textContent))"
    )
    assert rows == [["checks", "5", "40 %", "80 %", "+40"], ["crescent", "5", "60 %", "80 %", "+20"]]
    expect(page.locator(".verdict")).to_contain_text(
        "On 10 CIFAR-10 test pictures B is right 80 % of the time and A 50 %; they give the same answer on 50 %."
    )
    matrix = page.locator(".confusion").nth(2)
    expect(matrix.locator("td")).to_have_text(["2", f"{MINUS}2", f"{MINUS}1", "1"])
    matrix.locator("canvas").hover(position={"x": 130, "y": 20})
    expect(matrix.locator(".note")).to_have_text(f"checks called crescent: {MINUS}2")
    expect(
        page.get_by_role("img", name="Reliability diagram. Expected calibration error of A 0.400, of B 0.400")
    ).to_be_visible()
    page.get_by_role("button", name="Swap A and B").click()
    expect(page.locator(".verdict")).to_contain_text("B is right 50 % of the time and A 80 %")
    expect(page.get_by_text("B alone is right on 1 picture, A alone on 4")).to_be_visible()
    page.get_by_role("button", name=re.compile("^A checks. A says checks, 80 %; B says crescent, 90 %")).click()
    wait_for_all(page)
    expect(page.get_by_role("button", name="this photo")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".pair-pictures figcaption").first).to_have_text(re.compile("^cifar10-sample 3 airplane"))


def test_weights(page: Page, untrained: Checkpoint) -> None:
    open_compare(page, f"{PAIR}&view=weights")
    rows = page.locator(".layer-table tbody tr")
    expect(rows).to_have_count(8)
    trained = load_checkpoint(B)
    name = "block1.conv_layer.weight"
    a, b = (each.model.get_parameter(name).numpy().astype(np.float64) for each in (untrained, trained))
    cells = rows.first.locator("td").all_inner_texts()
    assert cells[:2] == ["Block 1, convolution", "96 × 3 × 11 × 11"]
    norms = [float(np.linalg.norm(each)) for each in (a, b, b - a)]
    assert all(agrees(text, value) for text, value in zip(cells[2:5], norms, strict=True))
    assert agrees(cells[5], norms[2] / norms[0])
    expect(page.get_by_text(re.compile("moved most, by"))).to_be_visible()
    canvas = page.get_by_role("img", name="96 filters of A, 3 × 11 × 11, in colour")
    canvas.hover(position={"x": 5, "y": 5})
    farthest = int(np.linalg.norm((b - a).reshape(96, -1), axis=1).argmax())
    expect(page.locator(".compare-weights .note")).to_have_text(re.compile(f"^Filter {farthest}: distance"))


def test_recipes_of_up_to_six(page: Page) -> None:
    open_compare(page, "a=cifar10-fast-epoch-1&b=cifar10-fast&view=recipes")
    table = page.locator(".recipe-table")
    expect(page.get_by_text(re.compile(r"^2 settings differ, \d+ are the same\."))).to_be_visible()
    texts = table.locator("tbody tr").evaluate_all("rows => rows.map(r => [...r.children].map(c => c.textContent))")
    last = load_checkpoint(B).metadata
    assert texts[:2] == [["epoch", "1", str(last["epoch"])], ["step", "750", str(last["step"])]]
    expect(page.locator(".compare-recipes .main-svg").first).to_be_visible()
    page.get_by_label("add").select_option("untrained")
    expect(table.locator("thead th")).to_have_count(4)
    assert "more=untrained" in page.url
    expect(page.get_by_text("untrained keeps no record of its training, so there is no curve of it")).to_be_visible()
    page.get_by_role("button", name="untrained ×").click()
    expect(table.locator("thead th")).to_have_count(3)


def save(page: Page, title: str | re.Pattern[str]) -> tuple[str, bytes]:
    page.get_by_role("button", name="Save", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("group", name="Save").get_by_role("button", name=title).click()
    return started.value.suggested_filename, started.value.path().read_bytes()


def test_files_say_what_they_are_of(page: Page, pair: dict[str, Trace]) -> None:
    open_compare(page, f"{PAIR}&pairs=index")
    start = f"chelsea_{A}_against_{B}_block2.relu"
    name, content = save(page, "The three walls, picture")
    assert name == f"{start}_walls.png"
    assert Image.open(io.BytesIO(content)).width > 3 * 230
    name, content = save(page, re.compile("^Channel .* enlarged, picture"))
    assert Image.open(io.BytesIO(content)).height > 300
    name, content = save(page, "Table of channels (.csv)")
    assert name == f"{start}_channels.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    change = changes(pair)
    assert len(rows) == 256
    assert int(rows[0]["channel of A"]) == int(change.argmax())
    assert float(rows[0]["root mean square of B - A"]) == pytest.approx(float(change.max()), rel=1e-3)
    assert {(row["checkpoint A"], row["checkpoint B"], row["stage"]) for row in rows} == {(A, B, "block2.relu")}
    name, content = save(page, "Arrays of this stage (.npz)")
    arrays = np.load(io.BytesIO(content))
    first, second = maps(pair)
    assert np.abs(arrays["a"] - first).max() < 1e-4
    assert np.abs(arrays["b"] - second).max() < 1e-3
    assert str(arrays["a_checkpoint"]) == A
    name, content = save(page, "Report, one page (.html)")
    assert name == f"{A}_against_{B}_report.html"
    assert B in content.decode()
    assert "<script" not in content.decode()


def test_the_file_of_a_table(page: Page) -> None:
    open_compare(page, f"{PAIR}&view=weights")
    expect(page.locator(".layer-table tbody tr")).to_have_count(8)
    name, content = save(page, "This table (.csv)")
    assert name == f"{A}_against_{B}_weights.csv"
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 9
    assert rows[1][-2:] == [A, B]


def test_a_model_file_of_ones_own(page: Page) -> None:
    open_compare(page)
    choose_file(page, ROOT / "checkpoints" / "cifar10-fast-epoch-1.safetensors", "Checkpoint B")
    expect(pick(page, "Checkpoint B")).to_have_attribute("data-value", re.compile("^own-"))
    wait_for_all(page)
    expect(page.locator(".compare-title.b h3")).to_have_text("Bcifar10-fast-epoch-1.safetensors")
    own = pick(page, "Checkpoint B").get_attribute("data-value")
    assert f"b={own}" in page.url
    _, content = save(page, "Report, one page (.html)")
    assert "cifar10-fast-epoch-1.safetensors" in content.decode()
    assert "alexnet_viz-checkpoints-" not in content.decode()  # the server's folder is nobody's business


def test_pictures_of_ones_own(page: Page, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        for number, name in enumerate(CIFAR10_CLASSES):
            for shade in (0, 80, 160, 240):
                stream = io.BytesIO()
                Image.new("RGB", (40, 30), (shade, 25 * number, 90)).save(stream, "PNG")
                archive.writestr(f"mine/{name}/{shade}.png", stream.getvalue())
    open_compare(page, f"{PAIR}&view=test")
    with page.expect_file_chooser() as chooser:
        page.get_by_label("data", exact=True).select_option("+")
    chooser.value.set_files(tmp_path / "mine.zip")
    expect(page.get_by_label("pictures", exact=True)).to_have_text("all 40")  # neither network has learnt from any
    expect(page.get_by_text("Looking through mine.zip")).to_be_hidden()
    expect(page.get_by_text("mine.zip: 40 images of 10 classes.")).to_be_visible()
    assert "data=folder-" in page.url
    page.get_by_role("button", name="Compare on these pictures").click()
    expect(page.locator(".verdict")).to_contain_text(
        re.compile("On 40 of your own pictures (B is|A and B are) right"), timeout=60_000
    )
    expect(page.locator(".per-class tbody tr")).to_have_count(10)


def test_pictures_on_their_way_can_be_stopped(page: Page, tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_bytes(b"whatever it holds")
    open_compare(page, f"{PAIR}&view=test")
    page.route("**/api/datasets?*", lambda route: None)  # a server that takes its time
    with page.expect_file_chooser() as chooser:
        page.get_by_label("data", exact=True).select_option("+")
    chooser.value.set_files(tmp_path / "mine.zip")
    expect(page.locator(".toast")).to_contain_text("mine.zip")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator(".toast")).to_have_count(0)
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)  # nothing went wrong
    expect(page.get_by_label("data", exact=True)).not_to_have_value("+")


def test_a_link_to_what_is_gone_opens_on_something(page: Page) -> None:
    page.goto("/compare?a=untrained&b=own-0123456789abcdef")
    told = (
        "The checkpoint of this address was only in the tab that opened its file. cifar10-photographs is shown instead."
    )
    expect(page.get_by_text(told)).to_be_visible()
    wait_for_all(page)
    expect(pick(page, "Checkpoint A")).to_have_attribute("data-value", "untrained")
    expect(pick(page, "Checkpoint B")).to_have_attribute("data-value", "cifar10-photographs")
