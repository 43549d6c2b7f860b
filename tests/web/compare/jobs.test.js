/** What a comparison on many pictures found, and the same with A and B exchanged. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { swapped } from "#web/compare/jobs.js";

test("a comparison turned round", () => {
  const matching = {
    stage: "block1.relu",
    partners: [2, null, 0],
    correlations: [0.9, null, 0.3],
    second_count: 4,
    silent_first: [],
    silent_second: [3],
    good_correlation: 0.5,
    method: "correlation",
    reason: "",
    without_good_partner: [1, 2],
  };
  const cka = { a: ["x"], b: ["y", "z"], cka: [[0.1, 0.2]], images: 8 };
  const found = swapped({ cka, matchings: { "block1.relu": matching }, answers: null, images: 8 });
  assert.deepEqual(found.cka, { a: ["y", "z"], b: ["x"], cka: [[0.1], [0.2]], images: 8 });
  const other = found.matchings["block1.relu"];
  assert.deepEqual(other.partners, [2, null, 0, null]);
  assert.deepEqual(other.correlations, [0.3, null, 0.9, null]);
  assert.deepEqual(other.without_good_partner, [0, 1]); // channel 3 is silent
  assert.equal(other.second_count, 3);
});
