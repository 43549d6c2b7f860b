import assert from "node:assert/strict";
import { test } from "node:test";
import { placeWords, tileWords } from "#web/maps/wall_words.js";

const STATISTICS = new Float32Array([0, 5.52, 1, 0.4, 1, 0, 2, 1, 0.25, 1]); // two channels: minimum, maximum, mean, zeros, finite
const VIEW = /** @type {any} */ ({
  shape: [2, 1, 2],
  values: new Float32Array([0, 5.52, 1, 2]),
  statistics: STATISTICS,
  selected: 0,
  chosen: [1, 0],
  changed: new Map([[0, "off"]]),
});

test("a tile is told by its numbers, what is done to it, and its place among the selected", () => {
  assert.equal(tileWords(VIEW), "channel 0 of 2, maximum 5.52, 40 percent zeros, off, selected 2 of 2");
  assert.equal(
    tileWords({ ...VIEW, chosen: [], changed: new Map() }),
    "channel 0 of 2, maximum 5.52, 40 percent zeros",
  );
  assert.equal(tileWords({ ...VIEW, statistics: null, chosen: undefined, changed: undefined }), "channel 0 of 2");
});

test("a value that is off is told as it was before", () => {
  assert.deepEqual(placeWords(VIEW, { channel: 0, row: 0, column: 1 }), ["ch 0, row 0, col 1", "off, 5.52 before"]);
  assert.deepEqual(placeWords({ ...VIEW, changed: new Map([[1, "doubled"]]) }, { channel: 1, row: 0, column: 1 }), [
    "ch 1, row 0, col 1",
    "2.00, doubled",
  ]);
  assert.deepEqual(placeWords({ ...VIEW, changed: undefined }, { channel: 1, row: 0, column: 0 }), [
    "ch 1, row 0, col 0",
    "1.00",
  ]);
});
