/** What a filter of the first layer looks at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterColours, filterShape, largestWeight } from "#web/maps/filter_canvas.js";

test("a filter of colours and one of grey are told by the number of their weights", () => {
  assert.deepEqual(filterShape(363), { channels: 3, k: 11 });
  assert.deepEqual(filterShape(121), { channels: 1, k: 11 });
  assert.deepEqual(filterShape(27), { channels: 3, k: 3 });
  assert.deepEqual(filterShape(9), { channels: 1, k: 3 });
});

test("a weight that is no number is no colour, and does not take the others' away", () => {
  const weights = Float32Array.from([1, NaN, -2, 0, 0, 0, 0, 0, 0]); // grey, 3 × 3
  assert.equal(largestWeight(weights), 2);
  assert.equal(largestWeight(Float32Array.from([NaN])), 0);
  // 127.5 + 127.5 / 2 = 191.25, and 0 for the darkest.
  assert.deepEqual([...filterColours(weights, 2).subarray(0, 12)], [191, 191, 191, 255, 0, 0, 0, 0, 0, 0, 0, 255]);
});
