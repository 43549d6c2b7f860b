"""The Train page in a real browser: how soon a loss is on the chart, and how long a step of the replay takes.

    python -m benchmarks.train_page

Goals: a loss is on the chart at most 1.5 s after the trainer has written it, and a step of the replay, with its maps,
filters and prediction, ends within 100 ms of the key.
"""

import json
import statistics
import tempfile
import threading
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from alexnet_viz.training.recipe import preset
from benchmarks.machine import machine
from benchmarks.page import KEY, QUIET, WATCH
from benchmarks.uploads import Client
from tests.support.real_app import App, chromium, running_app

GOAL_LOSS_SECONDS, GOAL_STEP_MS = 1.5, 100
WATCHED_SECONDS = 40
PRESSES = 24

# The right end of the drawn losses, whenever it has moved: [time, epochs].
ENDS = """
() => {
  const ends = (window.benchmark.ends = []);
  const look = () => {
    const plot = window.benchmark.find(".chart-plot");
    const losses = (plot?.data ?? []).filter((line) => line.mode === "lines" && !line.yaxis);
    const reached = Math.max(0, ...losses.map((line) => line.x.at(-1) ?? 0));
    if (reached > (ends.at(-1)?.[1] ?? 0)) ends.push([Date.now() / 1000, reached]);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
"""
pause = threading.Event().wait


def open_train(browser: Browser, app: App, path: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, base_url=app.address)
    page.add_init_script(WATCH)
    page.goto(path, wait_until="commit")
    page.wait_for_function("window.benchmark?.find('.chart-plot')?.data", timeout=120_000)
    return page


def measure_replay(app: App, browser: Browser) -> None:
    """Print the time from a key to the end of the frame that shows another epoch, its pictures included."""
    page = open_train(browser, app, "/train?run=cifar10-fast")
    page.wait_for_function(QUIET, timeout=120_000)
    page.evaluate(KEY)
    slider = page.get_by_role("slider", name="Epoch")
    milliseconds, asked = [], []
    page.on("request", lambda request: asked.append(request.url) if "replay" in request.url else None)
    for number in range(PRESSES):
        before = slider.get_attribute("aria-valuenow")
        page.evaluate("() => { delete window.benchmark.frame; }")
        page.keyboard.press("," if number // 3 % 2 == 0 else ".")  # the film has four networks
        page.wait_for_function("'frame' in window.benchmark")
        if slider.get_attribute("aria-valuenow") == before:
            raise RuntimeError(f"the replay stays at epoch {before}")
        milliseconds.append(float(page.evaluate("window.benchmark.frame")))
    page.close()
    print(f"a step of the replay    {statistics.median(milliseconds):6.0f} ms, longest of {PRESSES}: ", end="")
    print(f"{max(milliseconds):.0f} ms (goal {GOAL_STEP_MS}); asked of the server: {len(asked)}")


def measure_losses(app: App, browser: Browser, runs: Path) -> None:
    """Print how long a run's losses take from the trainer's clock to the chart."""
    run_id = str(Client(app).post("runs/launch", {"dataset": "shapes", "preset": "fast"})["id"])
    page = open_train(browser, app, f"/train?run={run_id}")
    page.evaluate(ENDS)
    pause(WATCHED_SECONDS)
    ends: list[tuple[float, float]] = page.evaluate("window.benchmark.ends")
    page.close()
    Client(app).post(f"runs/{run_id}/kill", {})
    points: list[dict[str, Any]] = [
        json.loads(line) for line in (runs / run_id / "metrics.jsonl").read_text().splitlines()
    ]
    steps, epochs = points[0]["steps"], preset("fast").epochs
    late = []
    for point in points:
        if point["kind"] == "step":
            shown = next((time for time, reached in ends if reached * steps / epochs > point["step"] - 0.5), None)
            if shown is not None:
                late.append(shown - point["time"])
    print(
        f"a loss on the chart     {statistics.median(late):6.2f} s after it was written, longest of {len(late)}: ",
        end="",
    )
    print(f"{max(late):.2f} s (goal {GOAL_LOSS_SECONDS:g})")


def main() -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as folder, running_app(ALEXNET_VIZ_RUNS=folder) as app, chromium() as browser:
        measure_replay(app, browser)
        measure_losses(app, browser, Path(folder))


if __name__ == "__main__":
    main()
