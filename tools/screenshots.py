"""Make the pictures of docs/ from the running app: `make screenshots`."""

import io
import sys
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser

from benchmarks.page import QUIET
from tests.support.real_app import App, chromium, running_app

FOLDER = Path(__file__).parents[1] / "docs"
MOST_BYTES = 400_000


class Shot(NamedTuple):
    """One picture: its file, the view's address, the window's size, the theme."""

    name: str
    address: str
    size: tuple[int, int] = (1280, 800)
    theme: Literal["light", "dark"] = "light"


SHOTS = (
    Shot("explore-light", "/?channel=40"),
    Shot("explore-dark", "/?photo=astronaut&stage=block1.pool", theme="dark"),
    Shot("explore-1920", "/?photo=coffee&stage=block3.relu&order=maximum", size=(1920, 1080)),
    Shot("explore-fc", "/?stage=fc1"),
    Shot("compare-light", "/compare?a=cifar10-fast&b=cifar10-photographs&stage=block2.relu"),
    Shot("train-light", "/train"),
    Shot("architecture-light", "/architecture"),
)


def take(browser: Browser, app: App, shot: Shot) -> bytes:
    """Return the picture as a PNG file, once everything that the page fetches has arrived."""
    width, height = shot.size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=shot.theme)
    page.goto(app.address + shot.address)
    page.locator("canvas:visible").first.wait_for(timeout=60_000)
    page.wait_for_function(QUIET, timeout=60_000)
    content = page.screenshot(animations="disabled")
    page.close()
    return content


def smaller(png: bytes) -> bytes:
    """Return the picture in at most `MOST_BYTES`: as it is, else with fewer colours."""
    whole = Image.open(io.BytesIO(png)).convert("RGB")
    spread, flat = Image.Dither.FLOYDSTEINBERG, Image.Dither.NONE
    for colours, dither in ((None, flat), (256, spread), (256, flat), (128, flat), (64, flat)):
        picture = whole
        if colours is not None:
            picture = whole.quantize(palette=whole.quantize(colours, kmeans=2), dither=dither)
        stream = io.BytesIO()
        picture.save(stream, "PNG", optimize=True)
        if stream.tell() <= MOST_BYTES:
            break
    return stream.getvalue()


def main() -> None:
    """Take all pictures, one after the other."""
    with running_app() as app, chromium() as browser:
        for shot in SHOTS:
            content = smaller(take(browser, app, shot))
            (FOLDER / f"{shot.name}.png").write_bytes(content)
            sys.stdout.write(f"docs/{shot.name}.png, {len(content) / 1000:.0f} kB\n")


if __name__ == "__main__":
    main()
