"""One's own photo, model file and zip on the pages beside Explore, and what is said where something is refused."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.checkpoint_menu import choose, picked
from tests.browser.explore import drop
from tests.browser.test_explore_own_checkpoints import NewPage
from tests.browser.test_explore_own_checkpoints import mine as mine
from tests.browser.test_unit import heading
from tests.support.pictures import saved

UNIT = "/unit?checkpoint=untrained&stage=block1.relu&channel=3"


def alert(page: Page) -> Locator:
    return page.get_by_role("alert").filter(visible=True)


def photo(shade: int) -> bytes:
    return saved(Image.new("RGB", (40, 30), (shade, 0, 90)), "PNG")


def chosen(page: Page, name: str) -> Locator:
    """What a drop-down shows."""
    return page.get_by_role("combobox", name=name, exact=True).locator("option:checked")


# ---------------------------------------------------------------- what is refused


def test_a_refused_unit_is_not_shown_with_the_numbers_of_another(page: Page) -> None:
    page.route(re.compile(r"/api/unit/number\?.*channel=4"), lambda route: route.fulfill(json={"error": "Too busy."}))
    page.goto(UNIT)
    heading(page, "Block 1, ReLU, channel 3")
    made = page.get_by_role("region", name="How the number is made")
    expect(made.get_by_role("heading").first).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(alert(page)).to_have_text("Too busy.")
    expect(made).to_have_class(re.compile("stale"))
    expect(page.get_by_role("region", name="On this photo")).to_have_class(re.compile("stale"))
    page.keyboard.press("ArrowRight")
    heading(page, "Block 1, ReLU, channel 5")
    expect(made).not_to_have_class(re.compile("stale"))
    expect(alert(page)).to_have_count(0)


def test_a_refused_checkpoint_is_not_named_above_the_numbers_of_the_last(page: Page) -> None:
    page.route(
        re.compile(r"/api/trace\?.*checkpoint=cifar10-fast&"),
        lambda route: route.fulfill(json={"error": "It is gone."}),
    )
    page.goto(UNIT)
    heading(page, "Block 1, ReLU, channel 3")
    choose(page, "cifar10-fast")
    expect(alert(page)).to_have_text("It is gone.")
    expect(picked(page)).to_have_text("untrained")
    expect(page).to_have_url(re.compile("checkpoint=untrained"))
    page.keyboard.press("t")  # the next act
    expect(alert(page)).to_have_count(0)


@pytest.mark.parametrize("path", ["unit", "why"])
def test_a_link_to_what_is_only_in_another_tab_opens_on_the_usual_and_says_why(page: Page, path: str) -> None:
    page.goto(f"/{path}?checkpoint=own-0123456789abcdef")
    expect(alert(page)).to_contain_text("was only in the tab that opened its file", timeout=90_000)
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    expect(picked(page)).to_have_text("cifar10-photographs")


def test_a_first_question_that_was_refused_is_asked_again(page: Page) -> None:
    page.route("**/api/trace?*", lambda route: route.fulfill(json={"error": "Too busy."}), times=1)
    page.route("**/api/why", lambda route: route.fulfill(json={"error": "Busy still."}))
    page.goto("/why?present=1")
    problem = page.locator(".slide-problem")
    expect(problem).to_have_text("Too busy.", timeout=90_000)
    page.keyboard.press("p")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Why cat?")
    expect(alert(page)).to_have_text("Busy still.")
    page.keyboard.press("p")
    expect(problem).to_have_text("Busy still.")
    expect(page.locator(".slide-words")).to_be_empty()  # nothing is being computed


# ---------------------------------------------------------------- what a server that was started anew has no more

PHOTO_GONE, CHECKPOINT_GONE = (
    "Your photo is no longer kept by the server",
    "Your checkpoint is no longer kept by the server",
)


def bring_own(page: Page, model: Path, path: str) -> None:
    """Open a page with a photo and a model file of one's own."""
    page.goto(f"/{path}?checkpoint=untrained&stage=block1.relu&channel=3")
    expect(page.get_by_role("heading", level=2).first).to_be_visible(timeout=90_000)
    drop(page, {"mine.png": photo(11)})
    expect(chosen(page, "photo")).to_have_text("mine")
    drop(page, {"mine.pt": model.read_bytes()})
    expect(picked(page)).to_have_text("mine.pt", timeout=60_000)


def lose(page: Page) -> None:
    """Have the server answer as one that was started anew."""
    page.route(re.compile("/api/photos/[0-9a-f]{32}/about"), lambda route: route.fulfill(json={"error": "No photo."}))
    page.route(re.compile("/api/checkpoints/own-"), lambda route: route.fulfill(json={"error": "No file."}))
    page.route(re.compile("/api/trace.*own-"), lambda route: route.fulfill(json={"error": "No file."}))


@pytest.mark.parametrize("path", ["", "unit", "why"])
def test_what_is_gone_after_a_reload_is_said_until_the_next_act(page: Page, mine: Path, path: str) -> None:
    bring_own(page, mine, path)
    lose(page)
    page.reload()
    expect(alert(page)).to_contain_text(PHOTO_GONE, timeout=90_000)
    expect(alert(page)).to_contain_text(
        f"{CHECKPOINT_GONE}; open its file again. cifar10-photographs is shown instead."
    )
    expect(chosen(page, "photo")).to_have_text("chelsea")
    expect(picked(page)).to_have_text("cifar10-photographs")
    page.get_by_role("combobox", name="photo", exact=True).select_option("coffee")
    expect(alert(page)).to_have_count(0)


@pytest.mark.parametrize("path", ["", "unit", "why"])
def test_a_lost_checkpoint_does_not_hold_the_photo_nor_the_other_way_round(page: Page, mine: Path, path: str) -> None:
    bring_own(page, mine, path)
    lose(page)
    page.get_by_role("combobox", name="photo", exact=True).select_option("coffee")
    expect(alert(page)).to_contain_text(CHECKPOINT_GONE)
    expect(alert(page)).not_to_contain_text(PHOTO_GONE)  # it is not asked for any more
    expect(chosen(page, "photo")).to_have_text("coffee")
    expect(picked(page)).to_have_text("cifar10-photographs")


# ---------------------------------------------------------------- what is dropped


@pytest.mark.parametrize("path", ["unit", "why"])
def test_a_dropped_photo_is_shown_and_why_another_was_not_taken_stays_said(page: Page, path: str) -> None:
    page.goto(f"/{path}?checkpoint=untrained")
    expect(page.get_by_role("heading", level=2).first).to_be_visible(timeout=90_000)
    with page.expect_response(re.compile(r"/api/trace\?")):
        drop(page, {"mine.png": photo(7), "notes.png": b"no picture at all"})
    expect(chosen(page, "photo")).to_have_text("mine")
    expect(alert(page)).to_contain_text("notes.png")
    with page.expect_response(re.compile("/api/trace")):
        page.get_by_role("combobox", name="photo", exact=True).select_option("coffee")
    expect(alert(page)).to_have_count(0)


@pytest.mark.parametrize("path", ["unit", "why"])
def test_a_dropped_model_file_is_opened_as_one(page: Page, mine: Path, path: str) -> None:
    page.goto(f"/{path}?checkpoint=untrained")
    expect(page.get_by_role("heading", level=2).first).to_be_visible(timeout=90_000)
    drop(page, {"mine.pt": mine.read_bytes()})
    expect(picked(page)).to_have_text("mine.pt", timeout=60_000)
    expect(alert(page)).to_have_count(0)


@pytest.mark.parametrize("path", ["", "unit", "why"])
def test_of_several_model_files_none_is_opened_by_chance(page: Page, mine: Path, path: str) -> None:
    page.goto(f"/{path}?checkpoint=untrained")
    expect(page.get_by_role("heading", level=2).first).to_be_visible(timeout=90_000)
    drop(page, {"mine.pt": mine.read_bytes(), "yours.pt": mine.read_bytes()})
    expect(alert(page)).to_contain_text("mine.pt, yours.pt are model files: drop one at a time.")
    expect(picked(page)).to_have_text("untrained")


def test_a_file_that_a_page_does_not_take_is_not_opened_in_its_place(page: Page) -> None:
    page.goto("/architecture")
    expect(page.get_by_role("heading", name="AlexNet to scale")).to_be_visible(timeout=90_000)
    drop(page, {"mine.png": photo(8)})
    expect(page.get_by_text("This page takes no files that are dropped.")).to_be_visible()


# ---------------------------------------------------------------- a zip


def test_a_zip_of_few_pictures_is_looked_through_and_told(page: Page, new_page: NewPage, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(3):
            archive.writestr(f"shells/{number}.png", photo(number))
        archive.writestr("shells/list.txt", "1 2 3")
    (tmp_path / "mine.zip").write_bytes(stream.getvalue())
    page.goto(UNIT)
    heading(page, "Block 1, ReLU, channel 3")
    page.get_by_label("Zip of folders of images").set_input_files(tmp_path / "mine.zip")
    expect(page.get_by_text("mine.zip: 3 images of 1 class.")).to_be_visible()
    expect(page.get_by_text("shells/list.txt")).to_be_hidden()
    page.get_by_text("1 left out").click()
    expect(page.get_by_text("shells/list.txt is no picture (.txt)")).to_be_visible()
    assert "folder-" not in page.url
    page.reload()
    heading(page, "Block 1, ReLU, channel 3")
    expect(chosen(page, "images")).to_have_text("your own pictures")
    other = new_page()
    other.goto(f"{page.url}&data=folder-0123456789abcdef")
    expect(alert(other)).to_contain_text("Your images are no longer kept by the server", timeout=90_000)
    expect(chosen(other, "images")).to_have_text("squares of the gallery's photos")


# ---------------------------------------------------------------- by key


def test_the_place_on_a_units_map_is_moved_by_key(page: Page) -> None:
    page.goto(f"{UNIT}&place=10,20")
    heading(page, "Block 1, ReLU, channel 3")
    expect(page.get_by_text("Row 10, column 20 on this photo")).to_be_visible()
    pixel = page.get_by_role("application", name=re.compile("^Pixel of channel 3, row 10, column 20"))
    pixel.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Row 11, column 20 on this photo")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("Row 11, column 19 on this photo")).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_have_text("Block 1, ReLU, channel 3")
