"""What a page costs a visitor's browser and the server: the first time, and again.

    python -m benchmarks.first_visit

Prints processor seconds of the app and of Chromium with all their processes until the page has rested, and the seconds
on the clock until it is there; medians of three visitors, each with a browser context of their own.
"""

import statistics
import time
from collections.abc import Callable

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.machine import machine
from tests.support.real_app import chromium, running_app

VISITORS = 3
REST_SECONDS = 1.5
# Where each page stands: what it draws last.
PAGES = {
    "/": "#wall-sentence:not(:empty)",
    "/architecture": ".footer",
    "/classroom": ".lesson-offers li",
    "/train": ".chart",
}


def processor_seconds() -> float:
    """Return what all processes that this one has started have used so far."""
    spent = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return spent


def costs(page: Page, sign: str, act: Callable[[], object]) -> tuple[float, float]:
    """Return processor seconds and seconds until `sign` stands in the page, where `act` opens it."""
    before, started = processor_seconds(), time.perf_counter()
    act()
    page.wait_for_selector(sign, timeout=60_000)
    waited = time.perf_counter() - started
    page.wait_for_timeout(1000 * REST_SECONDS)
    return processor_seconds() - before, waited


def visits(browser: Browser, address: str, path: str) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return of each visitor what the first page cost, and a reload."""
    found = []
    for _ in range(VISITORS + 1):  # the first wakes the server
        context = browser.new_context()
        context.new_page().goto(f"{address}/_stcore/health")  # the process of the site's pages is there
        page = context.new_page()
        first = costs(page, PAGES[path], lambda page=page: page.goto(address + path))  # type: ignore[misc]
        found.append((first, costs(page, PAGES[path], page.reload)))
        context.close()
    return found[1:]


def main() -> None:
    """Print the table."""
    print(machine())
    print("page           first: processor s   until there s   again: processor s   until there s")
    for path in PAGES:
        with running_app() as app, chromium("--process-per-site") as browser:
            found = visits(browser, app.address, path)
        numbers = [statistics.median(each[turn][kind] for each in found) for turn in (0, 1) for kind in (0, 1)]
        print(f"{path:14}{numbers[0]:20.2f}{numbers[1]:16.2f}{numbers[2]:21.2f}{numbers[3]:16.2f}")


if __name__ == "__main__":
    main()
