"""Every page in every state, theme and width: axe-core finds nothing, and nothing that matters is cut."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.checkpoint_menu import pick
from tests.browser.conftest import PATIENCE_MS
from tests.browser.explore import inspector, search_image_parts, settle, wait_for_maps
from tests.support.accessibility import COLOURS, find_violations

WIDTHS = {390: 844, 640: 400, 720: 1000, 1024: 768, 1920: 1080}  # besides 1280; 640 × 400 is 1280 × 800 at 200 % zoom
DARK: dict[str, dict[str, Any]] = {"dark": {"color_scheme": "dark"}}
FORCED: dict[str, dict[str, Any]] = {
    "forced colours": {"forced_colors": "active", "color_scheme": "light"},
    "forced dark colours": {"forced_colors": "active", "color_scheme": "dark"},
}

Step = Callable[[Page], object]


@pytest.fixture(scope="module")
def page(server: str, browser: Browser) -> Iterator[Page]:
    """One page for all states: what was loaded stays in the browser's memory."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=server)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def button(name: str | re.Pattern[str]) -> Step:
    return lambda page: (
        page.get_by_role("button", name=name, exact=isinstance(name, str)).filter(visible=True).first.click()
    )


def key(name: str) -> Step:
    return lambda page: page.keyboard.press(name)


def address(path: str, ready: Callable[[Page], Locator]) -> Step:
    def go(page: Page) -> None:
        page.goto(path)
        expect(ready(page).first).to_be_visible(timeout=90_000)  # the first page waits until the server has warmed up

    return go


def photo_is_shown(page: Page) -> None:
    wait_for_maps(page)
    expect(inspector(page)).to_contain_text("respond")


def explore(query: str) -> Step:
    return address(f"/?checkpoint=untrained&{query}", lambda page: page.get_by_role("heading", level=2))


def compare(query: str) -> Step:
    return address(f"/compare?{query}", lambda page: pick(page, "Checkpoint A"))


def unit_terms(page: Page) -> Locator:
    return page.locator(".unit-terms")


def wait_for_products(page: Page) -> None:
    expect(page.get_by_role("grid", name=re.compile("products of channel"))).to_be_visible()


def wait_for_words(page: Page, words: str) -> None:
    expect(page.get_by_text(words).filter(visible=True).first).to_be_visible(timeout=120_000)


def why(query: str) -> Step:
    return address(f"/why?{query}", lambda page: page.get_by_role("region", name="The map"))


def map_is_shown(page: Page) -> None:
    expect(page.locator(".why-map[aria-label*=' from ']")).to_be_visible()


def close_dialog(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


HELP = (key("?"), close_dialog)
ALTERED = "stage=block5.relu&altered=block5.relu:3=0,9=0,20=held"
STATES: dict[str, list[tuple[str, Step, Step | None]]] = {
    "Explore": [
        ("as it opens", lambda page: (explore("")(page), photo_is_shown(page)), None),
        ("the keys", *HELP),
        ("uploading", button("Upload photo"), key("Escape")),
        ("saving", button("Save"), key("Escape")),
        (
            "the checkpoints",
            lambda page: (pick(page).click(), expect(page.get_by_role("button", name="Get")).to_be_visible()),
            key("Escape"),
        ),
        ("the range", lambda page: page.locator(".range-button").click(), key("Escape")),
        ("the shapes", lambda page: page.locator("h2 button.light").click(), key("Escape")),
        ("a channel", key("Enter"), key("Escape")),
        ("all photos", button("All photos"), button("All photos")),
        ("units", key("6"), None),
        ("classes", key("8"), None),
        ("the photo", explore("stage=input"), None),
        ("large tiles", lambda page: (explore("tile=8")(page), wait_for_maps(page)), None),
        ("channels off", lambda page: (explore(ALTERED)(page), wait_for_costs(page)), None),
        (
            "several selected",
            lambda page: list(map(page.keyboard.press, ("Space", "Shift+ArrowRight"))),
            None,
        ),
        ("an error", explore("photo=of-yesterday"), None),
    ],
    "Unit": [
        ("as it opens", address("/unit?checkpoint=untrained", lambda page: page.locator("button.unit-term")), None),
        ("the keys", *HELP),
        # On the term itself: a key to the page is lost while the keys' dialog is still closing.
        (
            "products",
            lambda page: (page.locator("button.unit-term").first.press("Enter"), wait_for_products(page)),
            key("Escape"),
        ),
        ("covered", lambda page: (page.keyboard.press("o"), wait_for_words(page, "ochre lowers the value")), key("o")),
        ("kernels", lambda page: (page.keyboard.press("w"), wait_for_words(page, "kernels of 5 × 5")), None),
        (
            "what it feeds",
            lambda page: (page.keyboard.press("w"), wait_for_words(page, "What this channel adds")),
            None,
        ),
        ("image parts", search_image_parts, None),
        ("the picture made for it", lambda page: (page.keyboard.press("a"), wait_for_words(page, "From noise")), None),
        ("a class", address("/unit?checkpoint=untrained&stage=logits&channel=3", unit_terms), None),
        ("an error", address("/unit?photo=of-yesterday", lambda page: page.get_by_role("alert")), None),
    ],
    "Compare": [
        ("as it opens", compare(""), None),
        ("a photo", lambda page: (compare("a=untrained&b=cifar10-fast")(page), wait_for_pair(page)), None),
        ("the keys", *HELP),
        ("saving", button("Save"), key("Escape")),
        ("swipe", key("w"), None),
        ("flicker", key("f"), None),
        ("a class", compare("a=untrained&b=cifar10-fast&stage=logits"), None),
        ("test set", compare("a=untrained&b=cifar10-fast&view=test"), None),
        ("weights", compare("a=untrained&b=cifar10-fast&view=weights"), None),
        ("recipes", compare("a=untrained&b=cifar10-fast&view=recipes"), None),
        ("an error", compare("a=untrained&b=of-yesterday"), None),
    ],
    "Why": [
        ("as it opens", why("checkpoint=untrained"), None),
        ("the keys", *HELP),
        ("a map, and the next", lambda page: (why("")(page), map_is_shown(page)), None),
        ("cancelled", button("Cancel"), None),
        ("against another class, alone", lambda page: (why("versus=6&look=alone")(page), map_is_shown(page)), None),
        ("covered by hand", lambda page: (key("b")(page), key(" ")(page)), None),
        ("an error", why("photo=of-yesterday"), None),
    ],
    "Train": [
        ("as it opens", address("/train", lambda page: page.locator(".epochs")), None),
        ("the keys", *HELP),
        ("advanced settings", button("advanced settings"), button(re.compile("settings"))),
        ("more of a run", button(re.compile("^More: ")), key("Escape")),
    ],
    "Architecture": [
        ("as it opens", address("/architecture", lambda page: page.locator("table.layers tbody tr")), None),
        ("the keys", *HELP),
        ("a window that slides", button("Try a window"), key("Escape")),
        ("hidden numbers", button("Hide numbers"), None),
        ("an error", address("/architecture?photo=of-yesterday", lambda page: page.get_by_role("alert")), None),
    ],
    # The class's bar has its own server, in test_classroom.
    "Classroom": [
        ("as it opens", lambda page: open_no_lesson(page), None),
        ("the keys", *HELP),
        ("a link", lambda page: page.get_by_text("Make a link to a view").click(), None),
        ("a rehearsal", lambda page: rehearse(page), lambda page: open_no_lesson(page)),
    ],
}


def open_no_lesson(page: Page) -> None:
    page.goto("/classroom")
    lesson = page.get_by_label("lesson", exact=True)
    expect(lesson.locator("option", has_text="What do the layers see?")).to_be_attached()
    lesson.select_option("")  # whatever was rehearsed before
    expect(page.get_by_role("heading", name="What do the layers see?")).to_be_visible()


def rehearse(page: Page) -> None:
    page.get_by_role("button", name="Rehearse Count the parameters").click()
    expect(page.get_by_role("button", name="Reveal the answer")).to_be_visible(timeout=60_000)


def wait_for_costs(page: Page) -> None:
    expect(page.locator(".costs").get_by_role("button", name="show all")).to_be_visible(timeout=120_000)


def wait_for_pair(page: Page) -> None:
    expect(page.locator(".compare-body[aria-busy=false]")).to_be_visible()


def violations(page: Page, where: str, found: dict[str, str], rules: Sequence[str] | None = None) -> None:
    """Add what axe-core finds to `found`, each once, with the first place where it was found."""
    settle(page)
    for sentence in find_violations(page, rules=rules):
        found.setdefault(sentence, where)


def in_themes(page: Page, state: str, themes: dict[str, dict[str, Any]], found: dict[str, str]) -> None:
    """Look at the colours that other themes give to what has been looked at in the light one."""
    for theme, media in themes.items():
        page.emulate_media(**media)
        expect(page.locator(f".microscope[data-theme={media['color_scheme']}]")).to_be_visible()
        violations(page, f"{state}, {theme}", found, COLOURS)
    page.emulate_media(color_scheme="light", forced_colors="none")
    expect(page.locator(".microscope[data-theme=light]")).to_be_visible()


def at_widths(page: Page, state: str, found: dict[str, str]) -> None:
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        violations(page, f"{state}, {width} wide", found)
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_in_any_state(page: Page, name: str) -> None:
    found: dict[str, str] = {}
    for number, (state, enter, leave) in enumerate(STATES[name]):
        enter(page)
        violations(page, state, found)
        in_themes(page, state, {**DARK, **FORCED} if number == 0 else DARK, found)
        if number == 0:
            at_widths(page, state, found)
        if leave is not None:
            leave(page)
    assert not found, "\n".join(f"{where}: {sentence}" for sentence, where in found.items())
