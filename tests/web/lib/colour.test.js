/** From a value to the colour of its pixel. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { colourIndex, makeBounds, makeTable, paintMap } from "#web/lib/colour.js";

test("ends of the range", () => {
  const bounds = (low, high, clippedLow = false, clippedHigh = false) => ({ low, high, clippedLow, clippedHigh });
  assert.deepEqual(makeBounds(false, 0, 5, 2), bounds(0, 2, false, true));
  assert.deepEqual(makeBounds(false, 0, 5, 0), bounds(0, 5));
  assert.deepEqual(makeBounds(true, -3, 1, 2), bounds(-2, 2, true, false));
  assert.deepEqual(makeBounds(true, -3, 1, 0), bounds(-3, 3));
  assert.deepEqual(makeBounds(false, 0, 0, 0), bounds(0, 0));
});

test("values find their colour", () => {
  const index = (value, low, high) => colourIndex(value, { low, high, clippedLow: false, clippedHigh: false });
  assert.deepEqual(
    [-1, 0, 0.4, 0.6, 254, 255, 999].map((value) => index(value, 0, 255)),
    [0, 0, 0, 1, 254, 255, 255],
  );
  assert.deepEqual(
    [-1, 0, 1].map((value) => index(value, -1, 1)),
    [0, 128, 255],
  );
  assert.equal(index(0, 0, 0), 0); // a silent stage: the page's colour
  assert.equal(index(0, -0, 0), 0);
});

test("tables run through their anchors and bend", () => {
  const table = (gamma, signed = false) =>
    [...makeTable(["#000000", "#FFFFFF"], gamma, signed)].map((colour) => colour & 255);
  assert.deepEqual(
    table(1),
    Array.from({ length: 256 }, (_, index) => index),
  );
  assert.equal(table(2)[128], Math.round(255 * (128 / 255) ** 2));
  assert.equal(table(0.5)[64], Math.round(255 * (64 / 255) ** 0.5));
  const bent = table(2, true);
  assert.equal(bent[0], 0);
  assert.equal(bent[255], 255);
  assert.ok(bent.every((low, index) => [254, 255, 256].includes(low + bent[255 - index])));
  assert.ok(Math.abs(bent[191] - 255 * (0.5 + 0.5 * ((2 * 191) / 255 - 1) ** 2)) <= 1);
});

test("maps are enlarged without smoothing", () => {
  const pixels = new Uint32Array(6 * 5).fill(9);
  const table = Uint32Array.from({ length: 256 }, (_, index) => index);
  const map = { offset: 1, height: 2, width: 2 };
  const values = new Float32Array([7, 0, 1, 2, 5]);
  paintMap(pixels, 6, values, map, { left: 1, top: 1, width: 3, height: 3 }, { low: 0, high: 2 }, table);
  // 2 × 2 values on 3 × 3 pixels: the centre decides, so that from the middle pixel on it is the second value.
  assert.deepEqual(
    [...pixels],
    [
      ...[9, 9, 9, 9, 9, 9],
      ...[9, 0, 128, 128, 9, 9],
      ...[9, 255, 255, 255, 9, 9],
      ...[9, 255, 255, 255, 9, 9],
      ...[9, 9, 9, 9, 9, 9],
    ],
  );
});

test("what is not finite is left transparent, whatever the range", () => {
  const bounds = { low: 0, high: 2, clippedLow: false, clippedHigh: false };
  const paint = (values, range) => {
    const pixels = new Uint32Array(values.length).fill(7);
    const box = { left: 0, top: 0, width: values.length, height: 1 };
    const map = { offset: 0, height: 1, width: values.length };
    paintMap(pixels, values.length, Float32Array.from(values), map, box, range, makeTable(["#FFFFFF", "#000000"]));
    return [...pixels];
  };
  const [white, black] = [0xffffffff, 0xff000000];
  assert.deepEqual(paint([0, NaN, 2, Infinity, -Infinity], bounds), [white, 0, black, 0, 0]);
  assert.deepEqual(paint([NaN, 3], makeBounds(false, NaN, NaN, 0)), [0, white]);
  assert.deepEqual(makeBounds(true, NaN, NaN, 0), { ...bounds, high: 0 }); // a range of nothing
});
