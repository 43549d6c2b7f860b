"""Take the screenshots in docs/ from the running app: `make screenshots`."""

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from benchmarks.page import QUIET
from tests.browser.explore import search_image_parts
from tests.support.real_app import App, chromium, running_app

FOLDER = Path(__file__).parents[1] / "docs"
MOST_BYTES = 400_000
LONG_MS = 600_000


def make_picture(page: Page) -> None:
    """Make the picture that excites the unit most."""
    made = page.get_by_role("region", name="Picture made for it")
    made.get_by_role("button", name="Make it").first.click()
    expect(made.get_by_role("button", name=re.compile("^Picture that excites the .*, step 256"))).to_be_visible(
        timeout=LONG_MS
    )


def search_and_compare_classes(page: Page) -> None:
    """Search the image parts, and what each class excites."""
    search_image_parts(page)
    page.get_by_role("button", name="Compute from test pictures").click()
    expect(page.locator(".unit-class")).to_have_count(10, timeout=LONG_MS)


def wait_for_replay(page: Page) -> None:
    """Wait until every epoch's map is computed, and how long a training would take."""
    epochs, computed = page.get_by_role("slider", name="Epoch"), page.locator(".moment .marked-picture:not(.waiting)")
    expect(computed).to_be_visible(timeout=LONG_MS)
    for key in ("ArrowLeft", "ArrowRight"):
        for _ in range(int(epochs.get_attribute("aria-valuemax") or 0)):
            epochs.press(key)
            expect(computed).to_be_visible(timeout=LONG_MS)
    epochs.blur()
    expect(page.get_by_text("Measuring this machine")).to_have_count(0, timeout=LONG_MS)


def count_costs(page: Page) -> None:
    """Wait for what each channel costs."""
    expect(page.locator(".costs").get_by_role("button", name="show all")).to_be_visible(timeout=LONG_MS)


def cover_an_eye(page: Page) -> None:
    """Cover two places by hand, and wait until all maps are judged."""
    expect(page.locator(".why-curve")).to_have_count(2, timeout=LONG_MS)
    expect(page.locator(".why-table .waiting")).to_have_count(0, timeout=LONG_MS)
    area = page.locator(".why-cover").bounding_box()
    assert area is not None
    for (x, y), (to_x, to_y) in (((0.2, 0.38), (0.4, 0.33)), ((0.55, 0.8), (0.7, 0.8))):
        page.mouse.move(area["x"] + x * area["width"], area["y"] + y * area["height"])
        page.mouse.down()
        page.mouse.move(area["x"] + to_x * area["width"], area["y"] + to_y * area["height"], steps=8)
        page.mouse.up()
    expect(page.get_by_role("region", name="Cover by hand")).to_contain_text("2 strokes cover")


class Shot(NamedTuple):
    """One picture: its file, the view's address, the window's size, the theme, and what is done there before."""

    name: str
    address: str
    size: tuple[int, int] = (1280, 800)
    theme: Literal["light", "dark"] = "light"
    act: Callable[[Page], object] = lambda page: None


SHOTS = (
    Shot("explore-light", "/?channel=40"),
    Shot("explore-dark", "/?photo=astronaut&stage=block1.pool", theme="dark"),
    Shot("explore-1920", "/?photo=coffee&stage=block3.relu&order=maximum", size=(1920, 1080)),
    Shot("explore-fc", "/?stage=fc1"),
    Shot("compare-light", "/compare?a=cifar10-fast&b=cifar10-photographs&stage=block2.relu"),
    Shot("train-light", "/train", act=wait_for_replay),
    Shot("architecture-light", "/architecture"),
    Shot("explore-altered", "/?stage=block1.relu&altered=block1.relu:22=0,8=0,46=0,65=0", act=count_costs),
    Shot("unit-light", "/unit?stage=block2.relu&channel=111", act=search_and_compare_classes),
    Shot("unit-made", "/unit?stage=block5.relu&channel=64&panel=made", act=make_picture),
    Shot("why-dark", "/why?versus=6", theme="dark", act=cover_an_eye),
    Shot("classroom-light", "/classroom"),
)


def take(browser: Browser, app: App, shot: Shot) -> bytes:
    """Return the picture as a PNG file, once everything that the page fetches has arrived."""
    width, height = shot.size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=shot.theme)
    page.goto(app.address + shot.address)
    page.locator(":is(canvas, .lesson-overview):visible").first.wait_for(timeout=60_000)
    expect(page.locator("[aria-busy=true]:visible")).to_have_count(0, timeout=60_000)
    page.wait_for_function(QUIET, timeout=60_000)
    shot.act(page)
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
