/** The two ends of a colour scale in words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { endsOf } from "#web/maps/legend.js";

test("an end is an end, or says that more lies beyond it", () => {
  assert.deepEqual(endsOf({ low: 0, high: 2.19, clippedLow: false, clippedHigh: true }), ["0", "≥ 2.19"]);
  assert.deepEqual(endsOf({ low: -2.5, high: 2.5, clippedLow: true, clippedHigh: true }), ["≤ −2.50", "≥ 2.50"]);
});

test("ends close to each other are told apart", () => {
  assert.deepEqual(endsOf({ low: 1.0001, high: 1.0002, clippedLow: false, clippedHigh: false }), ["1.0001", "1.0002"]);
});
