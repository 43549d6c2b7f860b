"""How the tests drive the checkpoint menu, on whichever page it stands."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page


def pick(page: Page, label: str = "checkpoint") -> Locator:
    """The button that opens the menu; its `data-value` is the checkpoint's name."""
    return page.get_by_role("button", name=re.compile(f"^{label}\\b"))


def picked(page: Page, label: str = "checkpoint") -> Locator:
    """What the button shows: the title of the open checkpoint."""
    return pick(page, label).locator(".pick-value")


def menu(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Choose a checkpoint")


def open_menu(page: Page, label: str = "checkpoint") -> Locator:
    pick(page, label).click()
    return menu(page)


def line(page: Page, title: str) -> Locator:
    """The line of a checkpoint in the open menu."""
    return menu(page).locator("[data-name]").filter(has=page.get_by_title(title, exact=True))


def choose(page: Page, title: str, label: str = "checkpoint") -> None:
    open_menu(page, label)
    line(page, title).click()


def choose_file(page: Page, path: Path, label: str = "checkpoint") -> None:
    with page.expect_file_chooser() as choosing:
        open_menu(page, label).get_by_role("button", name="Open a file…").click()
    choosing.value.set_files(path)
