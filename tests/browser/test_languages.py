"""The pages in another language: chosen in the top bar, kept, and each of a class in their own."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from alexnet_viz.language import gettext, in_language
from tests.browser.conftest import PATIENCE_MS
from tests.browser.explore import wait_for_maps
from tests.browser.test_classroom import Open, class_server, join, kept, lesson_file, teach, visit
from tests.support.accessibility import find_violations

__all__ = ["class_server", "lesson_file", "visit"]  # fixtures
SIZES = [(1280, 800), (1024, 768), (390, 844)]
# What of the top bar stands where the menu does, and what lies over it.
COVERED = """(menu) => {
  const own = menu.getBoundingClientRect();
  const root = menu.getRootNode();
  const others = [...root.querySelectorAll(".topbar :is(button, a, select)")];
  const over = others.filter((each) => each !== menu && each.checkVisibility()).filter((each) => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    return left < own.right && own.left < right && top < own.bottom && own.top < bottom;
  });
  const seen = root.elementFromPoint((own.left + own.right) / 2, (own.top + own.bottom) / 2);
  return [...over, ...(seen === menu ? [] : [seen])].map((each) => each?.outerHTML ?? "nothing");
}"""


def say(language: str, message: str) -> str:
    with in_language(language):
        return gettext(message)


def menu_of(page: Page, language: str) -> None:
    """Choose a language; the page is read anew."""
    with page.expect_navigation():
        page.locator("select.language").select_option(language)
    wait_for_maps(page)


def test_a_language_is_chosen_and_stays(page: Page) -> None:
    page.goto("/")
    wait_for_maps(page)
    expect(page.locator(".topbar nav a[aria-current]")).to_have_text("Explore")
    menu_of(page, "de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator(".topbar nav a[aria-current]")).to_have_text(say("de", "Explore"))
    expect(page).to_have_title(f"{say('de', 'Explore')} · alexnet_viz")
    page.get_by_role("link", name=say("de", "Architecture"), exact=True).click()
    expect(page).to_have_url(re.compile("/architecture"))
    expect(page.locator(".topbar nav a[aria-current]")).to_have_text(say("de", "Architecture"))
    page.reload()
    expect(page.locator(".topbar nav a[aria-current]")).to_have_text(say("de", "Architecture"), timeout=PATIENCE_MS)
    expect(page.locator("select.language")).to_have_value("de")


def test_the_menu_covers_nothing_and_has_a_name(page: Page) -> None:
    page.goto("/")
    wait_for_maps(page)
    menu_of(page, "de")
    menu = page.get_by_label(say("de", "Language"), exact=True)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        menu.scroll_into_view_if_needed()
        assert menu.evaluate(COVERED) == [], width
    assert find_violations(page) == []


def test_a_pupil_follows_in_their_own_language(visit: Open, lesson_file: Path) -> None:
    teacher = teach(visit(), lesson_file)
    pupil = join(visit(locale="fr-FR"), kept(lesson_file)["code"])
    expect(pupil.locator("html")).to_have_attribute("lang", "fr")
    expect(pupil.locator(".board-about")).to_contain_text(say("fr", "following"))
    expect(pupil.locator(".board-text")).to_have_text("This map has 55 rows.")  # one's own lesson, as it is written
    teacher.get_by_role("button", name="Next").click()
    expect(pupil.locator(".board-ask")).to_have_text("After pooling, how wide is this map?")
    pupil.locator(".board-choice", has_text="27").click()
    expect(teacher.locator(".lesson-spread li.correct b")).to_have_text("1")
