"""From kept tensors to all 1,376 maps of the five block outputs on the screen: ours, and what else could draw them.

    python -m benchmarks.painting [ours] [mosaics] [matplotlib] [plotly]

Server: from the tensors to the bytes that are sent. Browser: from asking for those bytes, on this machine, to the frame
in which all maps stand, at 1280 × 800 in a headless Chromium without a GPU.

ours        encode_stage; the page's own modules bundle.js, wall.js, colour.js decode and draw, one wall a block
mosaics     what st.image could show: coloured with numpy, one PNG a block by Pillow; nothing can be switched afterwards
matplotlib  a grid of imshow a block, drawn by Agg into one PNG a block
plotly      imshow with one facet a channel, one figure a block, drawn by the plotly.js of the package

Ours and mosaics are the median of some rounds; the others take minutes and are drawn once.
"""

import functools
import http.server
import io
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import plotly
from PIL import Image
from playwright.sync_api import Page

import alexnet_viz
from alexnet_viz.feature_maps import encode_stage
from alexnet_viz.images import GALLERY
from benchmarks.machine import machine
from tests.support.real_app import ROOT, chromium

STAGES = ("block1.pool", "block2.pool", "block3.relu", "block4.relu", "block5.pool")
COLUMNS = {96: 12, 256: 20, 384: 24}  # of the wall at 1280 × 800
ROUNDS = 9
WEB = ROOT / "alexnet_viz" / "ui" / "web"
PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
Maps = np.ndarray[Any, np.dtype[np.float32]]


class Way(NamedTuple):
    """One way to get the maps onto the screen.

    Attributes:
        encode: One stage's maps to what is sent for them.
        paint: JavaScript, a function of nothing that fetches "/sent/0" … "/sent/4" and paints; awaited.
        rounds: How often it is measured.
    """

    encode: Callable[[str, Maps], bytes]
    paint: str
    rounds: int


# ---------------------------------------------------------------- server


def _ours(stage: str, maps: Maps) -> bytes:
    import torch

    return encode_stage(stage, torch.from_numpy(maps))


@functools.cache
def _ramp() -> np.ndarray[Any, np.dtype[np.uint8]]:
    import matplotlib

    return (matplotlib.colormaps["viridis"](np.linspace(0, 1, 256))[:, :3] * 255).astype(np.uint8)


def _mosaic(_stage: str, maps: Maps) -> bytes:
    channels, height, width = maps.shape
    columns = COLUMNS[channels]
    rows = -(-channels // columns)
    levels = np.clip(maps * (255 / max(float(maps.max()), 1e-9)), 0, 255).astype(np.uint8)
    padded = np.zeros((rows * columns, height + 2, width + 2), np.uint8)
    padded[:channels, 1:-1, 1:-1] = levels
    grid = padded.reshape(rows, columns, height + 2, width + 2).swapaxes(1, 2)
    stream = io.BytesIO()
    Image.fromarray(_ramp()[grid.reshape(rows * (height + 2), -1)]).save(stream, "PNG")
    return stream.getvalue()


def _matplotlib(_stage: str, maps: Maps) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = COLUMNS[len(maps)]
    figure = Figure(figsize=(7.38, 4.67), dpi=100)
    axes = figure.subplots(-(-len(maps) // columns), columns).ravel()
    for axis in axes:
        axis.axis("off")
    for axis, channel in zip(axes, maps, strict=False):
        axis.imshow(channel, vmin=0, vmax=maps.max())
    stream = io.BytesIO()
    FigureCanvasAgg(figure).print_png(stream)
    return stream.getvalue()


def _plotly(_stage: str, maps: Maps) -> bytes:
    import plotly.express

    columns = COLUMNS[len(maps)]
    figure = plotly.express.imshow(
        maps,
        facet_col=0,
        facet_col_wrap=columns,
        facet_col_spacing=0.004,
        facet_row_spacing=0.004,
        width=738,
        height=467,
    )
    text: str = figure.to_json()
    return text.encode()


# ---------------------------------------------------------------- browser

_OURS = """
async () => {
  const { readBundle } = await import("/web/any/server/binary_message.js");
  const { createWall } = await import("/web/any/maps/wall.js");
  const { makeBounds, makeTable, rampAnchors } = await import("/web/any/lib/colour.js");
  const { tokens, applyTheme } = await import("/web/any/shell/theme.js");
  const { styles } = await import("/web/any/shell/styles.js");
  const style = document.createElement("style");
  style.textContent = `${styles} .microscope { height: auto; overflow: visible; }
    .wall-panel { position: relative; width: 738px; height: 467px; }`;
  const root = document.createElement("div");
  root.className = "microscope";
  applyTheme(root, "light");
  document.body.replaceChildren(style, root);
  const nothing = () => undefined;
  const walls = [0, 1, 2, 3, 4].map(() => createWall({ onHover: nothing, onSelect: nothing, onOpen: nothing }));
  root.replaceChildren(...walls.map((wall) => wall.element));
  const table = makeTable(rampAnchors(tokens, "house", "light", false));
  await frame();
  return measured(() => Promise.all(walls.map(async (wall, number) => {
    const { header, arrays } = readBundle(await (await fetch(`/sent/${number}`)).arrayBuffer());
    const channels = Array.from({ length: header.shape[0] }, (_, channel) => channel);
    let largest = 0;
    for (const channel of channels) largest = Math.max(largest, arrays.statistics[channel * 5 + 1]);
    const bounds = makeBounds(false, 0, largest, largest);
    wall.update({ shape: header.shape, values: arrays.values, statistics: arrays.statistics, order: "index", channels,
      boundsOf: () => bounds, table, selected: 0, tile: 0, title: header.stage });
  })));
}
"""

_PNG = """
async () => {
  const pictures = [0, 1, 2, 3, 4].map(() => new Image());
  document.body.replaceChildren(...pictures);
  await frame();
  return measured(() => Promise.all(pictures.map(async (picture, number) => {
    picture.src = URL.createObjectURL(await (await fetch(`/sent/${number}`)).blob());
    await picture.decode();
  })));
}
"""

_PLOTLY_JS = """
async () => {
  if (!window.Plotly) await new Promise((done) => {
    const script = document.createElement("script");
    Object.assign(script, { src: "/plotly.js", onload: done });
    document.head.append(script);
  });
  const boxes = [0, 1, 2, 3, 4].map(() => document.createElement("div"));
  document.body.replaceChildren(...boxes);
  await frame();
  return measured(async () => {
    for (const [number, box] of boxes.entries()) {
      const figure = await (await fetch(`/sent/${number}`)).json();
      await Plotly.newPlot(box, figure.data, figure.layout);
    }
  });
}
"""

_HELPERS = """() => {
window.frame = () => new Promise((done) => requestAnimationFrame(() => {
  const after = new MessageChannel();
  after.port1.onmessage = done;
  after.port2.postMessage(null);
}));
window.measured = async (paint) => {
  const started = performance.now();
  await paint();
  await frame();
  return (performance.now() - started) / 1000;
};
}"""

WAYS = {
    "ours": Way(_ours, _OURS, ROUNDS),
    "mosaics": Way(_mosaic, _PNG, ROUNDS),
    "matplotlib": Way(_matplotlib, _PNG, 1),
    "plotly": Way(_plotly, _PLOTLY_JS, 1),
}


class _Files(http.server.BaseHTTPRequestHandler):
    """A blank page, the front end's modules, plotly.js, and what was sent."""

    protocol_version = "HTTP/1.1"
    sent: tuple[bytes, ...] = ()

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        kind = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}.get(Path(name).suffix)
        if self.path.startswith("/sent/"):
            content, kind = self.sent[int(name)], "application/octet-stream"
        elif self.path.startswith("/web/"):
            content = (WEB / self.path.removeprefix("/web/any/")).read_bytes()
        elif self.path == "/plotly.js":
            content = PLOTLY_JS.read_bytes()
        else:
            content = b"<!DOCTYPE html><meta charset=utf-8><link rel=icon href=data:,><body>"
        self.send_response(200)
        self.send_header("Content-Type", kind or "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


# ---------------------------------------------------------------- the table


def measure(way: Way, stages: dict[str, Maps], page: Page) -> tuple[float, int, float]:
    """Return seconds of the server, bytes sent, and seconds of the browser."""
    server, browser = [], []
    for number in range(way.rounds + (way.rounds > 1)):
        started = time.perf_counter()
        _Files.sent = tuple(way.encode(name, maps) for name, maps in stages.items())
        taken = time.perf_counter() - started
        painted = float(page.evaluate(way.paint))
        if number or way.rounds == 1:  # the first of several warms up
            server.append(taken)
            browser.append(painted)
    return statistics.median(server), sum(map(len, _Files.sent)), statistics.median(browser)


def main() -> None:
    chosen = [name for name in sys.argv[1:] if name in WAYS] or list(WAYS)
    trace = alexnet_viz.trace(alexnet_viz.load_checkpoint("untrained"), alexnet_viz.read_image(GALLERY[0].path))
    stages: dict[str, Maps] = {name: trace.stages[name].numpy() for name in STAGES}
    print(machine())
    print(f"{'':<12}{'server s':>10}{'sent MB':>9}{'browser s':>11}{'in all s':>10}{'of ours':>10}")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ours = None
    with chromium() as browser:
        for name in chosen:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(0)
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            page.evaluate(_HELPERS)
            encoded, sent, painted = measure(WAYS[name], stages, page)
            total = encoded + painted
            ours = total if name == "ours" else ours
            ratio = f"{total / ours:.1f} ×" if ours else ""
            print(f"{name:<12}{encoded:>10.3f}{sent / 1e6:>9.2f}{painted:>11.3f}{total:>10.3f}{ratio:>10}", flush=True)
            page.close()
    server.shutdown()


if __name__ == "__main__":
    main()
