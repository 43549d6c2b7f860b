"""The pure modules of the front end, with numbers worked out by hand; the browser is where they run."""

import json
import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

Call = Callable[..., Any]


@pytest.fixture
def call(page: Page) -> Call:
    """A function that calls one of a module's: `call("lib/format.js", "percent", 0.4)` is "40 %"."""
    page.goto("/_stcore/health")  # a page of the same origin with nothing on it

    def called(module: str, function: str, *arguments: Any) -> Any:
        script = "async ([module, name, args]) => (await import(`/web/any/${module}`))[name](...args)"
        return page.evaluate(script, [module, function, list(arguments)])

    return called


# ---------------------------------------------------------------- scale.js
GRIDS = [
    # Design, section 2. channels, side → zoom, columns, rows at 704 × 467 and the zoom at 1118 × 735.
    (96, 55, 1, 12, 8, 1.5),
    (96, 27, 2, 12, 8, 3),
    (256, 27, 1, 20, 13, 2),
    (256, 13, 2, 20, 13, 4),
    (384, 13, 2, 24, 16, 3),
    (256, 6, 5, 20, 13, 9),
]


def test_the_wall_has_the_designs_arithmetic(call: Call) -> None:
    for channels, side, zoom, columns, rows, large in GRIDS:
        small = call("maps/grid.js", "fitGrid", channels, side, 704, 467, 1)
        assert [small["zoom"], small["columns"], small["rows"], small["fits"]] == [zoom, columns, rows, True]
        big = call("maps/grid.js", "fitGrid", channels, side, 1118, 735, 1)
        assert [big["zoom"], big["columns"], big["rows"], big["fits"]] == [large, columns, rows, True]


def test_all_tiles_fit_without_touching(call: Call) -> None:
    for count, side in ((1, 55), (2, 6), (96, 55), (97, 13), (384, 13), (1000, 1), (5, 200)):
        for ratio in (1, 1.25, 2):
            width, height = round(704 * ratio), round(467 * ratio)
            grid = call("maps/grid.js", "fitGrid", count, side, width, height, ratio)
            assert grid["columns"] * grid["rows"] >= count > grid["columns"] * (grid["rows"] - 1)
            assert grid["zoom"] >= 1
            tile = math.floor(side * grid["zoom"])
            across, down = (grid["pitchX"], grid["columns"], width), (grid["pitchY"], grid["rows"], height)
            for pitch, number, room in (across, down):
                assert (number - 1) * pitch + tile <= room + 1e-6, (count, side, ratio)
                assert number == 1 or 2 * ratio <= pitch - tile + 1e-6 <= 9 * ratio + 2e-6, (count, side, ratio)


def test_units_stand_in_a_full_rectangle(call: Call) -> None:
    columns = {4096: 64, 9216: 96, 1000: 40, 200: 20, 100: 10, 12: 4, 31: 6, 1: 1}
    assert {total: call("maps/grid.js", "unitColumns", total) for total in columns} == columns


def test_what_does_not_fit_scrolls(call: Call) -> None:
    grid = call("maps/grid.js", "fitGrid", 4096, 55, 704, 467, 1)
    # ×1: tiles of 55 and gaps of 3: 12 in 704 + 3, 342 rows.
    assert [grid["zoom"], grid["columns"], grid["rows"], grid["fits"]] == [1, 12, 342, False]
    assert grid["height"] == 341 * 58 + 55
    chosen = call("maps/grid.js", "scrollGrid", 96, 27, 704, 467, 1, 4)
    assert [chosen["columns"], chosen["rows"], chosen["tileWidth"], chosen["fits"]] == [6, 16, 108, False]


STATISTICS = [  # minimum, maximum, mean, share of zeros, share of finite values
    *(0, 2, 0.5, 0.25, 1),
    *(0, 0, 0, 1, 1),
    *(-1, 5, 0.4, 0, 1),
    *(0, 2, 0.7, 0.5, 0.9),
]


def on_statistics(page_call: Page, function: str, *arguments: Any) -> Any:
    script = "async ([name, s, args]) => (await import('/web/any/maps/grid.js'))[name](new Float32Array(s), ...args)"
    return page_call.evaluate(script, [function, STATISTICS, list(arguments)])


def test_order_silence_and_rank(page: Page) -> None:
    page.goto("/_stcore/health")
    orders = {"index": [0, 1, 2, 3], "maximum": [2, 0, 3, 1], "mean": [3, 0, 2, 1], "zeros": [2, 0, 3, 1]}
    assert {name: on_statistics(page, "orderChannels", name, False) for name in orders} == orders
    assert on_statistics(page, "orderChannels", "maximum", True) == [2, 0, 3]
    assert [on_statistics(page, "isSilent", channel) for channel in range(4)] == [False, True, False, False]
    assert [on_statistics(page, "isFinite5", channel) for channel in range(4)] == [True, True, True, False]
    assert [on_statistics(page, "rankByMaximum", channel) for channel in range(4)] == [2, 4, 1, 2]


def test_receptive_fields_are_clipped_at_the_border(call: Call) -> None:
    # pool5 of the article: field 195, jump 32, first row −64. Unit (5, 2): rows 96 … 290, columns 0 … 194.
    field = call("maps/grid.js", "fieldOf", {"field": 195, "jump": 32, "start": -64}, 5, 2, 227)
    assert [field["top"], field["bottom"], field["left"], field["right"]] == [96, 290, 0, 194]
    assert field["seen"] == {"top": 96, "bottom": 226, "left": 0, "right": 194}


def test_faces_step_down_evenly(call: Call) -> None:
    sides = [call("explore/strip.js", "faceSide", side, 1) for side in (227, 55, 27, 13, 6)]
    assert sides == sorted(sides, reverse=True)
    assert len(set(sides)) == 5
    # Each halving is one equal step: 6 → 12 → 24 → 48 → 96 → 192.
    halvings = [call("explore/strip.js", "faceSide", 6 * 2**power, 1) for power in range(6)]
    steps = np.diff(halvings)
    assert steps.max() - steps.min() <= 1


# ---------------------------------------------------------------- colour.js
def test_ends_of_the_range(call: Call) -> None:
    plain = {"clippedLow": False, "clippedHigh": False}
    assert call("lib/colour.js", "makeBounds", False, 0, 5, 2) == {"low": 0, "high": 2, **plain, "clippedHigh": True}
    assert call("lib/colour.js", "makeBounds", False, 0, 5, 0) == {"low": 0, "high": 5, **plain}
    signed = {"low": -2, "high": 2, "clippedLow": True, "clippedHigh": False}
    assert call("lib/colour.js", "makeBounds", True, -3, 1, 2) == signed
    assert call("lib/colour.js", "makeBounds", True, -3, 1, 0) == {"low": -3, "high": 3, **plain}
    assert call("lib/colour.js", "makeBounds", False, 0, 0, 0) == {"low": 0, "high": 0, **plain}


def test_values_find_their_colour(call: Call) -> None:
    def index(value: float, low: float, high: float) -> int:
        found: int = call("lib/colour.js", "colourIndex", value, {"low": low, "high": high})
        return found

    assert [index(value, 0, 255) for value in (-1, 0, 0.4, 0.6, 254, 255, 999)] == [0, 0, 0, 1, 254, 255, 255]
    assert [index(value, -1, 1) for value in (-1, 0, 1)] == [0, 128, 255]
    assert index(0, 0, 0) == 0  # a silent stage: the page's colour
    assert index(0, -0.0, 0) == 0


def test_tables_run_through_their_anchors_and_bend(page: Page) -> None:
    page.goto("/_stcore/health")

    def table(gamma: float, signed: bool = False) -> list[int]:
        script = """async ([gamma, signed]) => {
          const { makeTable } = await import("/web/any/lib/colour.js");
          return [...makeTable(["#000000", "#FFFFFF"], gamma, signed)].map((colour) => colour & 255);
        }"""
        found: list[int] = page.evaluate(script, [gamma, signed])
        return found

    straight = table(1)
    assert straight == list(range(256))
    assert table(2)[128] == round(255 * (128 / 255) ** 2)
    assert table(0.5)[64] == round(255 * (64 / 255) ** 0.5)
    bent = table(2, signed=True)
    assert bent[0] == 0
    assert bent[255] == 255
    assert all(low + high in (254, 255, 256) for low, high in zip(bent, reversed(bent), strict=True))
    assert abs(bent[191] - 255 * (0.5 + 0.5 * (2 * 191 / 255 - 1) ** 2)) <= 1


def test_maps_are_enlarged_without_smoothing(page: Page) -> None:
    page.goto("/_stcore/health")
    painted = page.evaluate(
        """async () => {
          const { paintMap } = await import("/web/any/lib/colour.js");
          const pixels = new Uint32Array(6 * 5).fill(9);
          const table = Uint32Array.from({ length: 256 }, (_, i) => i);
          const map = { offset: 1, height: 2, width: 2 };
          const values = new Float32Array([7, 0, 1, 2, 5]);
          paintMap(pixels, 6, values, map, { left: 1, top: 1, width: 3, height: 3 }, { low: 0, high: 2 }, table);
          return [...pixels];
        }"""
    )
    # 2 × 2 values on 3 × 3 pixels: the centre decides, so that from the middle pixel on it is the second value.
    assert [painted[row * 6 : row * 6 + 6] for row in range(5)] == [
        [9, 9, 9, 9, 9, 9],
        [9, 0, 128, 128, 9, 9],
        [9, 255, 255, 255, 9, 9],
        [9, 255, 255, 255, 9, 9],
        [9, 9, 9, 9, 9, 9],
    ]


# ---------------------------------------------------------------- bundle.js
def test_messages_are_taken_apart(page: Page) -> None:
    page.goto("/_stcore/health")
    halves = np.array([0, -0.0, 1, -2.5, 65504, 2**-24, 2**-14, np.inf, np.nan], np.float16)
    header = {
        "scale": 0.5,
        "arrays": [
            {"name": "small", "dtype": "u1", "shape": [3], "offset": 0},
            {"name": "values", "dtype": "f2", "shape": [3, 3], "offset": 4},
            {"name": "exact", "dtype": "f4", "shape": [1], "offset": 24},
        ],
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    message = struct.pack("<I", len(text)) + text + bytes([1, 2, 255, 0]) + halves.astype("<f2").tobytes() + b"\0\0"
    message += struct.pack("<f", 0.1)
    read = page.evaluate(
        """async (bytes) => {
          const { readBundle } = await import("/web/any/server/binary_message.js");
          const { header, arrays } = readBundle(new Uint8Array(bytes).buffer);
          const values = [...arrays.values].map(String);
          return { scale: header.scale, small: [...arrays.small], exact: arrays.exact[0], values };
        }""",
        list(message),
    )
    assert read["scale"] == 0.5
    assert read["small"] == [1, 2, 255]
    assert read["exact"] == np.float32(0.1)
    assert read["values"][:2] == ["0", "0"]
    assert [float(value) for value in read["values"][2:7]] == [0.5, -1.25, 32752, 2**-25, 2**-15]
    assert read["values"][7:] == ["Infinity", "NaN"]


# ---------------------------------------------------------------- train_data.js
def test_chance_follows_the_number_of_classes(call: Call) -> None:
    # Whoever guesses among K classes is right once in K, and a loss of ln K is what says "all the same".
    assert call("charts/run_curves.js", "chanceOf", {"classes": 4}) == {
        "loss": pytest.approx(1.386294),
        "accuracy": 0.25,
    }
    assert call("charts/run_curves.js", "chanceOf", {})["loss"] == pytest.approx(2.302585)  # an old run does not say


def test_the_sentence_of_a_run(call: Call) -> None:
    run: dict[str, Any] = {
        **{"id": "a", "name": "fast", "state": "running", "epoch": 30, "step": 300, "steps": 320, "pace": 6.0},
        **{"message": "", "checkpoints": [], "recipe": {"epochs": 32}, "classes": 10, "best": 0.76, "duration": 600},
        **{"measured": {"val_accuracy": 0.76}, "first": {"val_accuracy": 0.087, "val_images": 200}},
    }
    story = "Epoch 30 of 32. Validation accuracy 76 %, up from 8.7 % before the first step. About 2 min left."
    assert call("charts/run_curves.js", "storyOf", run, []) == story
    early = {**run, "epoch": 0, "measured": {"val_accuracy": 0.087}, "pace": None}
    story = "Epoch 0 of 32. Validation accuracy 8.7 % before the first step (200 pictures)."
    assert call("charts/run_curves.js", "storyOf", early, []) == story
    worse = {**run, "classes": 2, "first": {"val_accuracy": 0.8, "val_images": 200}, "state": "finished"}
    story = "Epoch 30 of 32. Validation accuracy 76 %, 80 % before the first step; chance is 50 %. Trained for 10 min."
    assert call("charts/run_curves.js", "storyOf", worse, []) == story


def test_the_doctor_says_which_layer_and_what(call: Call) -> None:
    def layer(name: str, gradient: float | None = 1.0) -> dict[str, Any]:
        return {"layer": name, "dead": 0.0, "update_ratio": 0.001, "gradient_norm": gradient}

    def said(layers: list[dict[str, Any]], complaints: list[str]) -> str:
        return str(call("charts/run_curves.js", "diagnosis", {"layers": layers, "complaints": complaints})["words"])

    healthy = [layer("block1.conv"), layer("fc1")]
    assert said(healthy, []) == "All five blocks learn at a usual pace."
    assert said([layer("block1.conv", None), layer("fc1")], []).startswith("The blocks are frozen")
    assert said([layer("block1.conv", None), layer("fc1", None)], []) == "Nothing has been learnt yet."
    sentence = "Block 1: 75 % of the channels are zero. 1 more is marked."
    assert said(healthy, ["block1.conv: 75% of the channels are zero", "fc1: nothing arrives there"]) == sentence
