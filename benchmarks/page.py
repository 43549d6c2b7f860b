"""The Explore page in a real browser: how soon it is there, how soon an upload is painted, how quick a key is.

    python -m benchmarks.page [opening] [upload] [keys] [visitors] [comparison] [reloading]

All times are taken by the page's own clock in Chromium at 1280 × 800, and end with a frame: the moment is the first
animation frame at which the thing stands in the page.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.machine import machine
from benchmarks.uploads import jpeg
from tests.support.real_app import App, chromium, running_app

TIMES = 5
KEYS = {"3": "block 3", "4": "block 4", "r": "range", "o": "order", "z": "tile size"}
PRESSES = 12
VISITORS = 10
RELOADS, RELOAD_MS, MOST_CALM_S = 100, 700, 300
GOAL_KEY_MS, GOAL_FRAME_S, GOAL_UPLOAD_MS, GOAL_VISITOR_MB = 50, 2.0, 400, 20
GOAL_COMPARISON = 1.3  # times two explorations

# Notes when things first stand in the page. The component lives in a shadow root, which nothing else tells of.
WATCH = """
(() => {
  const roots = [];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    roots.push(root);
    return root;
  };
  const find = (selector) => {
    for (const root of roots) {
      const element = root.querySelector(selector);
      if (element) return element;
    }
    return null;
  };
  const signs = {
    frame: () => find(".topbar"),
    slots: () => find("canvas.wall-base") && find("#wall[aria-label]"),
    faces: () => find(".footer-facts")?.childElementCount,
    maps: () => find("#wall[aria-label]")?.getAttribute("aria-busy") === "false" && find("#wall[aria-label*=' of ']"),
  };
  const seen = {};
  const look = () => {
    for (const [name, sign] of Object.entries(signs)) if (!(name in seen) && sign()) seen[name] = performance.now();
    if (!("maps" in seen)) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.benchmark = { find, seen };
})();
"""

UPLOAD = """
() => new Promise((done) => {
  const { find } = window.benchmark;
  const before = find("select[aria-label=photo]").value;
  performance.clearResourceTimings();
  find("input[multiple]").addEventListener("change", () => {
    const started = performance.now();
    const look = () => {
      const painted = find("select[aria-label=photo]").value !== before && PAINTED;
      if (!painted) return requestAnimationFrame(look);
      window.benchmark.painted = performance.now() - started;
      const requests = performance.getEntriesByType("resource").filter((e) => e.startTime >= started - 1);
      window.benchmark.requests = requests.map((e) => [new URL(e.name).pathname, e.responseEnd - e.startTime]);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
  done();
})
"""

EXPLORE_PAINTED = """
!find(".wall-side").classList.contains("stale") && find("#wall").getAttribute("aria-busy") === "false"
"""
COMPARE_PAINTED = """
["#wall-a", "#wall-b"].every((part) => find(part).getAttribute("aria-busy") === "false") && !find(".stale")
"""

# Nothing has been asked for lately, so that everything that the page fetches ahead is there.
QUIET = """
() => {
  const ends = performance.getEntriesByType("resource").map((entry) => entry.responseEnd);
  return performance.now() - Math.max(...ends) > 2000;
}
"""

# From the key to the end of the frame that shows it: a task posted from an animation frame runs after that frame.
KEY = """
() => {
  document.addEventListener("keydown", (event) => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => { window.benchmark.frame = performance.now() - event.timeStamp; };
    after.port2.postMessage(null);
  }), { capture: true });
}
"""


def open_page(browser: Browser, app: App, path: str = "/") -> Page:
    """Open a page of a new visitor and wait until its maps are painted."""
    # The page forbids scripts to evaluate text, which waiting for a condition does.
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=app.address, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(path, wait_until="commit")
    page.wait_for_function("window.benchmark && 'maps' in window.benchmark.seen", timeout=120_000)
    return page


# ---------------------------------------------------------------- opening


def measure_opening(app: App, browser: Browser) -> None:
    """Print when the frame, the slots, the faces and the maps stand: server just started, new visitor, reload."""
    print(f"{'opening, seconds':<34}{'frame':>8}{'slots':>8}{'faces':>8}{'maps':>8}")
    # The page's clock starts with the navigation; the server was ready a little earlier.
    since_ready = time.perf_counter() - app.ready
    page = open_page(browser, app)
    _print_opening("server just ready, since then", [{k: v + since_ready * 1000 for k, v in _seen(page).items()}])
    page.context.close()
    new, again, waterfalls = [], [], []
    for _ in range(TIMES):
        page = open_page(browser, app)
        new.append(_seen(page))
        waterfalls.append(_waterfall(page))
        page.reload(wait_until="commit")
        page.wait_for_function("window.benchmark && 'maps' in window.benchmark.seen", timeout=120_000)
        again.append(_seen(page))
        page.context.close()
    _print_opening(f"new visitor, median of {TIMES}", new)
    _print_opening(f"reload, median of {TIMES}", again)
    print(f"goal: the frame within {GOAL_FRAME_S:.0f} s of the server being ready")
    print("\nwhat a new visitor waits for, milliseconds from the navigation (median)")
    for name in waterfalls[0]:
        print(f"  {name:<52}{statistics.median(each[name] for each in waterfalls):>7.0f}")


def _seen(page: Page) -> dict[str, float]:
    seen: dict[str, float] = page.evaluate("window.benchmark.seen")
    return seen


def _print_opening(label: str, seen: Sequence[dict[str, float]]) -> None:
    cells = [statistics.median(each[name] for each in seen) / 1000 for name in ("frame", "slots", "faces", "maps")]
    print(f"{label:<34}" + "".join(f"{cell:>8.2f}" for cell in cells), flush=True)


def _waterfall(page: Page) -> dict[str, float]:
    entries: list[list[Any]] = page.evaluate(
        """() => performance.getEntriesByType("resource").map(
            (entry) => [new URL(entry.name).pathname, entry.startTime, entry.responseEnd])"""
    )
    answered: float = page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")

    def last(*parts: str, before: float = float("inf")) -> float:
        return max(end for path, start, end in entries if start < before and all(part in path for part in parts))

    def first(part: str) -> float:
        return min(start for path, start, _ in entries if part in path)

    seen = _seen(page)
    return {
        "the page's HTML has arrived": answered,
        "Streamlit's scripts have arrived": last("/static/js/", before=first("/_stcore/health")),
        "the front end's modules have arrived": last("/web/", ".js", before=first("/_stcore/health")),
        "Streamlit runs: it asks for the server's health": first("/_stcore/health"),
        "the component is mounted: its colours are asked for": first("/tokens.json"),
        "the frame stands": seen["frame"],
        "api/start has arrived": last("/api/start"),
        "api/trace has arrived": last("/api/trace"),
        "the open stage has arrived": last("/api/stages/block1.relu"),
        "all its maps are painted": seen["maps"],
    }


# ---------------------------------------------------------------- upload


def measure_upload(app: App, browser: Browser) -> None:
    """Print the time from choosing a 640 × 480 JPEG to the frame with all 96 maps, and what the server took of it."""
    page = open_page(browser, app)
    painted, server = [], []
    for milliseconds, requests in _uploads(page, EXPLORE_PAINTED, 20_000):
        painted.append(milliseconds)
        server.append([_of(requests, part) for part in ("/photos", "/trace", "/stages/")])
    page.context.close()
    photo, trace, stage = (statistics.median(column) for column in zip(*server, strict=True))
    print(f"upload of a 640 × 480 JPEG to all maps painted: median {statistics.median(painted):.0f} ms of {TIMES}")
    print(f"  of it requests: photo {photo:.0f}, pass {trace:.0f}, maps {stage:.0f} ms")
    rest = [total - sum(row) for total, row in zip(painted, server, strict=True)]
    print(f"  the rest, in the browser: {statistics.median(rest):.0f} ms (goal: {GOAL_UPLOAD_MS})")


def _uploads(page: Page, painted: str, seed: int) -> Iterator[tuple[float, dict[str, float]]]:
    """Upload new photos; yield the milliseconds until each is painted, and its requests. One before warms it up."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(TIMES + 1):
            file = Path(folder) / f"{number}.jpg"
            file.write_bytes(jpeg(seed + number))
            page.evaluate(UPLOAD.replace("PAINTED", painted.strip()))
            page.locator("input[multiple]").set_input_files(file)
            page.wait_for_function("'painted' in window.benchmark", timeout=120_000)
            found = page.evaluate("window.benchmark.painted"), dict(page.evaluate("window.benchmark.requests"))
            page.evaluate("() => { delete window.benchmark.painted; }")
            page.wait_for_function(QUIET, timeout=120_000)
            if number:
                yield found


def measure_comparison(app: App, browser: Browser) -> None:
    """Print the time from an upload to two walls painted, against the same in two explorations."""
    pair = ("cifar10-fast", "cifar10-seed-1")
    alone = []
    for number, checkpoint in enumerate(pair):
        page = open_page(browser, app, f"/?checkpoint={checkpoint}")
        times = [milliseconds for milliseconds, _ in _uploads(page, EXPLORE_PAINTED, 30_000 + 100 * number)]
        alone.append(statistics.median(times))
        page.context.close()
    page = open_page(browser, app)
    page.goto(f"/compare?a={pair[0]}&b={pair[1]}")
    page.wait_for_function(f"(({{ find }}) => find('.compare-body') && {COMPARE_PAINTED})(window.benchmark)")
    both = statistics.median(milliseconds for milliseconds, _ in _uploads(page, COMPARE_PAINTED, 40_000))
    page.context.close()
    print(f"a new photo explored: {alone[0]:.0f} and {alone[1]:.0f} ms; compared: {both:.0f} ms", end=", ")
    print(f"{both / sum(alone):.2f} times (goal: {GOAL_COMPARISON})")


def _of(requests: dict[str, float], part: str) -> float:
    return next(duration for path, duration in requests.items() if part in path)


# ---------------------------------------------------------------- keys


def measure_keys(app: App, browser: Browser) -> None:
    """Print the time from a key to the end of the frame that shows it; no key may ask the server for anything."""
    page = open_page(browser, app)
    page.wait_for_function(QUIET, timeout=120_000)
    page.evaluate(KEY)
    clock = page.context.new_cdp_session(page)
    clock.send("Performance.enable", {"timeDomain": "threadTicks"})
    print(f"{'key to the end of its frame, ms':<34}{'median':>8}{'most':>8}{'processor':>11}   goal {GOAL_KEY_MS}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for key, what in KEYS.items():
        frames, spent = [], []
        for _ in range(PRESSES):
            if key in "34":  # come from elsewhere
                _press(page, "1")
            before = _busy_ms(clock)
            frames.append(_press(page, key))
            spent.append(_busy_ms(clock) - before)
        line = f"{statistics.median(frames):>8.1f}{max(frames):>8.1f}{statistics.median(spent):>11.1f}"
        print(f"  {key}  {what:<29}{line}", flush=True)
    calls = [url for url in asked if "/api/" in url]
    print(f"requests to the server meanwhile: {len(calls)} {json.dumps(sorted(set(calls))) if calls else ''}")
    page.context.close()


def _press(page: Page, key: str) -> float:
    """Press a key; return the milliseconds until the end of the frame that follows."""
    page.evaluate("() => { window.benchmark.frame = null; }")
    page.keyboard.press(key)
    return float(page.wait_for_function("window.benchmark.frame").json_value())


def _busy_ms(clock: CDPSession) -> float:
    """Return the processor time that the page's main thread has taken so far: what other programs do is not in it."""
    metrics = clock.send("Performance.getMetrics")["metrics"]
    return 1000 * next(each["value"] for each in metrics if each["name"] == "TaskDuration")


# ---------------------------------------------------------------- visitors


def measure_visitors(app: App, browser: Browser) -> None:
    """Print what each further visitor takes of the server's memory, while the pages stay open."""
    server = psutil.Process(app.process.pid)
    pages = [open_page(browser, app) for _ in range(2)]
    before = server.memory_info().rss
    pages += [open_page(browser, app) for _ in range(VISITORS)]
    each = (server.memory_info().rss - before) / VISITORS / 1e6
    print(f"memory of the server for each of {VISITORS} further visitors: {each:.1f} MB (goal: {GOAL_VISITOR_MB})")
    for page in pages:
        page.context.close()


# ---------------------------------------------------------------- reloading


def measure_reloading(app: App, browser: Browser) -> None:
    """Print the server's descriptors before, right after and a while after one page that is reloaded very fast."""
    server = psutil.Process(app.process.pid)
    page = open_page(browser, app)
    before = server.num_fds()
    for _ in range(RELOADS):
        page.reload(wait_until="commit")
        page.wait_for_timeout(RELOAD_MS)  # its websocket is open, its numbers are on their way
    after = server.num_fds()
    page.wait_for_function("window.benchmark && 'maps' in window.benchmark.seen", timeout=120_000)
    started = time.perf_counter()
    while (left := server.num_fds()) > before + 2 and time.perf_counter() - started < MOST_CALM_S:
        page.wait_for_timeout(1000)
    calm = time.perf_counter() - started
    print(f"descriptors before {RELOADS} reloads: {before}, right after: {after}, {calm:.0f} s later: {left}")
    page.context.close()


MEASURES = {
    "opening": measure_opening,
    "upload": measure_upload,
    "keys": measure_keys,
    "visitors": measure_visitors,
    "comparison": measure_comparison,
    "reloading": measure_reloading,
}


def main() -> None:
    chosen = [name for name in sys.argv[1:] if name in MEASURES] or list(MEASURES)
    print(machine())
    with chromium() as browser, running_app() as app:
        for name in chosen:
            MEASURES[name](app, browser)
            print()


if __name__ == "__main__":
    main()
