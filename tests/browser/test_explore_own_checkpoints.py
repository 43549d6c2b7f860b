"""A model file of one's own: called by its name, named and kept, there after a reload, and nobody else's."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from tests.browser.checkpoint_menu import choose, choose_file, picked
from tests.browser.explore import drop, error_box, inspector, legend, open_explore, sentence, tool, wait_for_maps, wall
from tests.support.model_files import article_shapes, saved

NewPage = Callable[..., Page]


def constant(value: float, **others: float) -> dict[str, torch.Tensor]:
    """The article's tensors in a few bytes: each repeats one number."""
    numbers = {name: others.get(name.replace(".", "_"), value) for name in article_shapes()}
    return {name: torch.tensor(numbers[name]).expand(shape) for name, shape in article_shapes().items()}


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A network of zeros: every class has the same probability."""
    return saved(constant(0.0), tmp_path / "mine.pt")


@pytest.fixture
def diverged(tmp_path: Path) -> Path:
    return saved(constant(0.0, block2_conv_layer_weight=float("nan")), tmp_path / "diverged.pt")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A network that computes something else by the variant: fc1 is −2 and its sum reaches the first class."""
    return saved(constant(0.0, fc1_bias=-2.0, fc2_weight=-0.001, classification_layer_weight=0.001), tmp_path / "a.pth")


@pytest.fixture(autouse=True)
def nothing_stays_kept(server_folder: Path) -> Iterator[None]:
    yield
    for path in (server_folder / "runs" / "checkpoints").glob("*"):
        path.unlink()


def open_file(page: Page, path: Path) -> None:
    choose_file(page, path)
    expect(picked(page)).to_have_text(path.name, timeout=60_000)
    wait_for_maps(page)


def about(page: Page) -> Locator:
    """The panel beside the checkpoint's pick, opened."""
    page.locator(".about-button").click()
    return page.get_by_role("group", name="About this checkpoint")


def test_the_view_and_the_file_survive_a_change_of_page_and_a_reload(page: Page, mine: Path) -> None:
    open_explore(page)
    open_file(page, mine)
    wall(page).press("3")  # the menu may still be closing, and has the keys
    page.get_by_role("combobox", name="order").select_option("mean")
    wall(page).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    chosen = page.get_by_role("gridcell").inner_text().split(",")[0]

    def expect_as_left() -> None:
        expect(picked(page)).to_have_text("mine.pt")
        wait_for_maps(page)
        expect(wall(page)).to_have_attribute("aria-label", re.compile("^Block 3, ReLU"))
        expect(page.get_by_role("gridcell")).to_have_text(re.compile(f"^{chosen},"))
        expect(page.get_by_role("combobox", name="order")).to_have_value("mean")

    for other in ("Architecture", "Train"):
        page.get_by_role("link", name=other).click()
        expect(page.get_by_role("link", name=other)).to_have_attribute("aria-current", "page")
        page.get_by_role("link", name="Explore").click()
        expect_as_left()
    page.reload()
    expect_as_left()


def test_its_address_opens_elsewhere_on_the_usual_one_and_says_why(page: Page, new_page: NewPage, mine: Path) -> None:
    open_explore(page, "")
    usual = picked(page).inner_text()
    open_file(page, mine)
    other = new_page()
    other.goto(page.url)
    wait_for_maps(other)
    expect(error_box(other)).to_contain_text("was only in the tab that opened its file")
    expect(error_box(other)).to_contain_text(f"{usual} is shown instead.")
    expect(picked(other)).to_have_text(usual)


def test_a_copied_address_says_what_is_only_in_this_tab(new_page: NewPage, mine: Path) -> None:
    page = open_explore(new_page(permissions=["clipboard-read", "clipboard-write"]))

    def copy() -> Locator:
        tool(page, "Save").click()
        page.get_by_role("group", name="Save").get_by_role("button", name="Copy the address").click()
        return page.get_by_role("status").filter(has_text="Address copied.").last

    expect(copy()).to_have_text("Address copied.")
    open_file(page, mine)
    expect(copy()).to_contain_text("The checkpoint mine.pt is only in this tab")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_it_is_named_its_classes_are_named_and_it_is_kept(page: Page, new_page: NewPage, mine: Path) -> None:
    open_explore(page)
    open_file(page, mine)
    panel = about(page)
    expect(panel).to_contain_text("120 s after the tab closes it is gone")
    panel.get_by_label("class names").fill("\n".join(f"letter {letter}" for letter in "abcdefghi"))
    panel.get_by_role("button", name="Use this").click()
    expect(panel.get_by_role("alert")).to_contain_text("has 10 classes, and 9 names were given")
    names = "\n".join(f"letter {letter}" for letter in "abcdefghij")
    panel.get_by_label("or a text file").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": names.encode()}
    )
    panel.get_by_label("name", exact=True).fill("Letters")
    panel.get_by_role("button", name="Use this").click()
    expect(picked(page)).to_have_text("Letters", timeout=60_000)
    wait_for_maps(page)
    expect(page.locator(".prediction-bars")).to_contain_text("letter a")
    panel.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("status").filter(has_text="Letters.safetensors")).to_be_visible(timeout=60_000)
    wait_for_maps(page)
    other = open_explore(new_page(), "checkpoint=Letters")
    expect(picked(other)).to_have_text("Letters")
    expect(other.locator(".prediction-bars")).to_contain_text("letter a")


def test_a_foreign_file_is_dropped_asked_about_opened_and_compared(page: Page, foreign: Path) -> None:
    open_explore(page)
    drop(page, {"theirs.pth": foreign.read_bytes()})
    expect(picked(page)).to_have_text("theirs.pth", timeout=60_000)
    wait_for_maps(page)
    panel = about(page)
    expect(panel.get_by_role("list", name="Assumed of this file")).to_contain_text("Taken for seed, but paper")
    expect(page.locator(".prediction-bars")).to_contain_text("airplane")
    panel.get_by_label("variant").select_option("paper")
    panel.get_by_label("normalisation").select_option("mean 0 and deviation 1, to values from 0 to 1")
    panel.get_by_label("class names").fill(", ".join(f"letter {letter}" for letter in "abcdefghij"))
    panel.get_by_role("button", name="Use this").click()
    # fc1 is −2 in every unit: with the variant's ReLU nothing is left of it, so that no class is before another.
    expect(page.locator(".prediction-bars")).to_contain_text("letter a", timeout=60_000)
    wait_for_maps(page)
    expect(panel.get_by_role("list", name="Chosen for this file")).to_contain_text("The variant paper was chosen.")
    expect(panel.get_by_role("list", name="Assumed of this file")).to_be_hidden()  # nothing is left to assume
    expect(panel.get_by_label("variant")).to_have_value("paper")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Compare").click()
    choose(page, "theirs.pth", "Checkpoint B")
    expect(picked(page, "Checkpoint B")).to_have_text("theirs.pth")
    expect(page.locator(".compare-body[aria-busy=false]")).to_be_visible(timeout=60_000)


def test_what_was_assumed_of_a_file_stands_beside_its_pick(page: Page, mine: Path) -> None:
    open_explore(page)
    open_file(page, mine)
    panel = about(page)
    expect(panel.get_by_role("heading", name="mine.pt")).to_be_visible()
    expect(panel).to_contain_text("10 classes, variant seed")
    assumed = panel.get_by_role("list", name="Assumed of this file")
    expect(assumed).to_contain_text("Its 10 classes are taken for CIFAR-10's, as in the article.")
    expect(page.locator(".about-button")).to_have_text(f"{assumed.get_by_role('listitem').count()} assumed")


def test_a_dropped_model_file_is_opened_as_one(page: Page, mine: Path) -> None:
    open_explore(page)
    drop(page, {"dropped.pt": mine.read_bytes()})
    expect(picked(page)).to_have_text("dropped.pt", timeout=60_000)
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("button", name="Launch run")).to_be_visible()


def test_what_is_no_number_is_never_painted_and_is_said(page: Page, diverged: Path) -> None:
    open_explore(page, "checkpoint=untrained&stage=block2.conv")
    open_file(page, diverged)
    expect(page.locator(".prediction-bars")).to_have_text("The outputs are not numbers.")
    expect(page.get_by_role("button", name="Prediction no answer")).to_be_visible()
    expect(inspector(page)).to_contain_text("Row 13, column 13: not a number".replace("13", "0"))
    expect(inspector(page)).to_contain_text("none is a number")
    expect(legend(page)).to_have_attribute("aria-label", "Range layer, from 0 to 0")
    colours = (
        inspector(page)
        .get_by_role("img", name=re.compile("^Block 2, convolution"))
        .evaluate(
            """(canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let blank = 0;
          for (let i = 3; i < data.length; i += 4) blank += data[i] === 0;
          return blank / (data.length / 4);
        }"""
        )
    )
    assert colours > 0.9  # nothing but the cross and the marker
    page.keyboard.press("7")
    expect(page.get_by_text("None of the 4096 values is a number.")).to_be_visible()
    expect(page.locator(".unit-list .bar-fill")).to_have_count(0)
    page.keyboard.press("8")
    expect(sentence(page)).to_have_text("The outputs are not numbers, so the network gives no answer.")
    expect(page.locator(".class-row .bar-fill")).to_have_count(0)
    page.keyboard.press("2")
    page.get_by_role("combobox", name="order").select_option("maximum")
    wait_for_maps(page)
    expect(wall(page)).to_have_attribute("aria-label", re.compile("256 of 256 channels"))
