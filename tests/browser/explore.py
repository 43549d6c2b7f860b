"""How the tests drive the Explore page, and what it must show, worked out without the page's own code."""

import base64
import io
import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

WEB = Path(__file__).parents[2] / "alexnet_viz" / "ui" / "web"
TOKENS: dict[str, Any] = json.loads((WEB / "tokens.json").read_text("utf-8"))
MINUS = "\N{MINUS SIGN}"
MARGIN = 6  # around the wall's tiles, for the selection's ring

Array = NDArray[np.float32]


def open_explore(page: Page, query: str = "checkpoint=untrained") -> Page:
    """Go to the page and wait until its wall, its units or its photo stand there."""
    page.goto(f"/?{query}")
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    wait_for_maps(page)
    return page


def wait_for_maps(page: Page) -> None:
    """Wait until nothing of what is shown is out of date and what is open has its values."""
    expect(page.get_by_text("out of date, computing")).to_be_hidden()
    expect(page.get_by_role("grid").and_(page.locator("[aria-busy=true]"))).to_have_count(0)
    expect(page.locator("#wall-sentence")).not_to_be_empty()


def settle(page: Page) -> None:
    """Wait until what follows from a change has been drawn: the shell draws anew two frames after a change of theme."""
    for _ in range(3):
        page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")


def wall(page: Page) -> Locator:
    return page.get_by_role("grid")


def error_box(page: Page) -> Locator:
    return page.get_by_role("region", name="Feature maps").get_by_role("alert")


def sentence(page: Page) -> Locator:
    return page.locator("#wall-sentence")


def inspector(page: Page) -> Locator:
    return page.get_by_role("region", name="Inspector")


def legend(page: Page) -> Locator:
    """Its name says range and both ends: "Range layer, from 0 to ≥ 2.19"."""
    return page.get_by_role("group", name="Range ")


def tool(page: Page, name: str) -> Locator:
    """A button by its exact name."""
    return page.get_by_role("button", name=name, exact=True)


def drop(page: Page, files: Mapping[str, bytes]) -> None:
    """Let files fall on the page."""
    script = """files => {
      const transfer = new DataTransfer();
      for (const [name, content] of Object.entries(files)) {
        transfer.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
      }
      const options = { bubbles: true, cancelable: true, composed: true, dataTransfer: transfer };
      for (const type of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, options));
    }"""
    page.evaluate(script, {name: base64.b64encode(content).decode() for name, content in files.items()})


def tile_corner(
    canvas: Locator, position: int, shape: tuple[int, int, int], zoom: float, columns: int
) -> tuple[int, int]:
    """Left and top of a tile on the wall's canvas, by the design's rule: what the tiles leave is shared out as gaps."""
    width, height = canvas.evaluate("canvas => [canvas.width, canvas.height]")
    rows = math.ceil(shape[0] / columns)
    tile = math.floor(shape[1] * zoom)
    across = min((width - 2 * MARGIN - tile) / (columns - 1), tile + 9)
    down = min((height - 2 * MARGIN - tile) / (rows - 1), tile + 9)
    row, column = divmod(position, columns)
    return MARGIN + round(column * across), MARGIN + round(row * down)


def pixels(canvas: Locator, points: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """The colours of a canvas at points (x, y) in its own pixels."""
    script = """(canvas, points) => {
      const context = canvas.getContext("2d");
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return points.map(([x, y]) => [...data.slice((y * canvas.width + x) * 4, (y * canvas.width + x) * 4 + 3)]);
    }"""
    found = canvas.evaluate(script, [list(point) for point in points])
    return [(red, green, blue) for red, green, blue in found]


def wall_canvas(page: Page) -> Locator:
    return page.locator("canvas.wall-base")


@cache
def ramp(name: str, theme: str = "light") -> NDArray[np.int64]:
    """256 colours of a ramp of the tokens, (256, 3)."""
    family = TOKENS["ramp"]
    anchors = family[name][theme] if name in family else family["alternatives"][name]
    stops = np.array([[int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in anchors], float)
    at = np.linspace(0, len(stops) - 1, 256)
    return np.stack([np.floor(np.interp(at, range(len(stops)), stops[:, c]) + 0.5) for c in range(3)], 1).astype(int)


def is_painted(colour: tuple[int, int, int], value: float, low: float, high: float, table: NDArray[np.int64]) -> bool:
    """Whether a colour is the value's own, or its neighbour's: what is sent has 11 significant bits."""
    index = round((min(max(value, low), high) - low) / (high - low) * 255)
    near = table[max(0, index - 1) : index + 2]
    return bool((np.abs(near - np.array(colour)).max(axis=1) <= 1).any())


def spelled(value: float) -> str:
    """Three significant figures as the pages write them."""
    if value == 0:
        return "0"
    if abs(value) < 0.001:
        return "< 0.001" if value > 0 else f"> {MINUS}0.001"
    return f"{abs(value):#.3g}".rstrip(".") if value > 0 else MINUS + f"{abs(value):#.3g}".rstrip(".")


def percent(share: float) -> str:
    """A share as the pages write it: decimals only below 10 %."""
    if share == 0:
        return "0 %"
    return f"{100 * share:.1f} %" if share < 0.0995 else f"{100 * share:.0f} %"


def number_in(text: str) -> float:
    """The number of "≥ 2.19", "−0.5", "10.6 %", "2.31 × 10^−8"."""
    return float(text.replace(MINUS, "-").replace(" × 10^", "e").strip("≥≤<> %"))


def agrees(text: str, value: float) -> bool:
    """Whether a text is a value to three significant figures; what is sent has 11 significant bits."""
    if text == spelled(value):
        return True
    shown = number_in(text)
    unit = 10.0 ** (math.floor(math.log10(abs(shown))) - 2) if shown else 0.001
    return abs(shown - value) <= unit / 2 + abs(value) / 2048


def percentile_end(values: Array) -> float:
    """The value that 99.5 % of all values do not exceed, by magnitude where some are negative."""
    flat = np.sort(np.abs(values).ravel() if values.min() < 0 else values.ravel())
    return float(flat[math.ceil(0.995 * flat.size) - 1])


def photo_like(width: int = 360, height: int = 270, seed: int = 5) -> Image.Image:
    """Soft patches, an edge and a disc: broad and fine structure as a photo has it."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(30, 226, (6, 8, 3), np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    picture = np.asarray(coarse).astype(float)
    rows, columns = np.mgrid[:height, :width]
    disc = (rows - height * 0.4) ** 2 + (columns - width * 0.6) ** 2 < (height * 0.22) ** 2
    picture[disc] = picture[disc] * 0.3 + np.array([230.0, 190.0, 40.0]) * 0.7
    picture += rng.normal(0, 6, picture.shape)
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8))


def jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=92)
    return stream.getvalue()


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    """Choose files as the button does; each is (name, content)."""
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files
    ]
    page.get_by_label("Choose photos").set_input_files(chosen)


def search_image_parts(page: Page) -> Locator:
    """The unit page's image parts: searched for now, unless another test of this server has."""
    parts = page.get_by_role("region", name="Image parts")
    search = parts.get_by_role("button", name="Search", exact=True)
    expect(search.or_(parts.get_by_role("figure").first)).to_be_visible(timeout=60_000)
    if search.is_visible():
        search.click()
    expect(parts.get_by_role("figure")).to_have_count(9, timeout=120_000)
    return parts
