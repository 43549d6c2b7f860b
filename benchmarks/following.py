"""How long after the teacher's key a pupil's browser has the new view on the screen.

    python -m benchmarks.following

Teacher and pupil are two browsers' contexts of one machine, which has one clock: from the key until the first frame in
which the pupil's page shows that channel, painted. The server knows the photo's pass already. "on the way" is from the
key until the pupil's page has heard of it, the rest is its own.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.machine import machine
from tests.support.real_app import App, chromium, running_app

TIMES = 20
GOAL_SECONDS = 1.0
PATIENCE_MS = 240_000
# Notes when the address first holds a view, and when its picture first stands in a frame: its words come with it.
WATCH = """
() => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean)];
  const view = () => ["stage", "channel"].map((key) => new URLSearchParams(location.search).get(key)).join();
  window.heard = {};
  window.seen = {};
  addEventListener("popstate", () => (window.heard[view()] ??= Date.now()));
  const look = () => {
    const [now, channel] = [view(), view().split(",")[1]];
    const wall = roots.map((root) => root.querySelector("#wall[aria-busy=false]")).find(Boolean);
    const picture = roots.some((root) => root.querySelector(`canvas[aria-label*=", channel ${channel}, "]`));
    if (wall && picture && !(now in window.seen)) window.seen[now] = Date.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""
KEY = "() => addEventListener('keydown', () => (window.pressed = Date.now()), true)"
ADDRESS = "() => ['stage', 'channel'].map((key) => new URLSearchParams(location.search).get(key)).join()"


def opened(browser: Browser, app: App) -> Page:
    """Return a page of a browser of its own."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=app.address).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def together(browser: Browser, app: App, file: Path) -> tuple[Page, Page]:
    """Return the pages of a teacher on Explore and of a pupil who follows there."""
    teacher, pupil = opened(browser, app), opened(browser, app)
    teacher.goto("/join")  # the code is made with the first question for it
    record = json.loads(file.read_text("utf-8"))
    teacher.goto(f"/teach?key={record['key']}")
    teacher.get_by_role("button", name="Begin What do the layers see?").click()
    teacher.locator(".lesson-steps").wait_for()
    pupil.goto("/join")
    pupil.get_by_label("Code").fill(record["code"])
    pupil.get_by_role("button", name="Join").click()
    pupil.locator("#wall[aria-busy=false]").wait_for()
    teacher.goto("/")  # opens where the lesson is
    for page in (teacher, pupil):
        page.locator("#wall[aria-busy=false]").wait_for()
    teacher.keyboard.press("ArrowRight")
    for page in (teacher, pupil):
        page.wait_for_url("**/*channel=*")
    teacher.evaluate(KEY)
    pupil.evaluate(WATCH)
    return teacher, pupil


def one_step(teacher: Page, pupil: Page) -> tuple[float, float]:
    """Return the seconds from a channel's key until the pupil's page has heard of it, and until it shows it."""
    before = teacher.evaluate(ADDRESS)
    teacher.keyboard.press("ArrowRight")
    teacher.wait_for_function(f"before => ({ADDRESS})() !== before", arg=before)
    view, pressed = teacher.evaluate(ADDRESS), teacher.evaluate("() => window.pressed")
    pupil.wait_for_function("view => window.seen[view]", arg=view)
    heard, seen = pupil.evaluate("view => [window.heard[view], window.seen[view]]", view)
    return (heard - pressed) / 1000, (seen - pressed) / 1000


def row(steps: list[tuple[float, float]], taken: float) -> str:
    """Return a row of the table: on the way and on the screen in seconds, the server's processor time of a step."""
    on_the_way, shown = [sorted(each) for each in zip(*steps, strict=True)]
    told = (statistics.median(on_the_way), statistics.median(shown), shown[-1], taken / len(steps))
    late = sum(each > GOAL_SECONDS for each in shown)
    return "  ".join([*(f"{each:<13.2f}" for each in told), f"{late} of {len(shown)} over {GOAL_SECONDS} s"])


def main() -> None:
    """Print the table."""
    print(machine())
    print("on the way, s  on the screen  most           server, of it  late")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "classroom.json"
        with running_app(ALEXNET_VIZ_CLASS=str(file), ALEXNET_VIZ_RUNS=folder) as app, chromium() as browser:
            teacher, pupil = together(browser, app, file)
            server = psutil.Process(app.process.pid)
            before = sum(server.cpu_times()[:2])
            steps = [one_step(teacher, pupil) for _ in range(TIMES)]
            print(row(steps, sum(server.cpu_times()[:2]) - before), flush=True)
    print(f"load at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
