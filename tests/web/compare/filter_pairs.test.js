/** How far the first filters of two networks are from each other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterDistances } from "#web/compare/filter_pairs.js";

const filters = (values, shape) => ({ values: Float32Array.from(values), shape });

test("each filter of A from its partner in B", () => {
  const a = filters([0, 0, 1, 1], [2, 2]);
  const b = filters([1, 1, 3, 4, 9, 9], [3, 2]);
  assert.deepEqual([...filterDistances(a, b, [1, 0])], [5, 0]);
  assert.deepEqual([...filterDistances(a, filters([3, 4, 1, 1], [2, 2]), null)], [5, 0]);
});

test("a filter without a partner of its size is from nothing", () => {
  const a = filters([0, 0, 1, 1], [2, 2]);
  assert.deepEqual([...filterDistances(a, filters([3, 4], [1, 2]), null)], [5, -1]);
  assert.deepEqual([...filterDistances(a, filters([3, 4], [1, 2]), [null, 0])], [-1, Math.fround(Math.sqrt(4 + 9))]);
  assert.deepEqual([...filterDistances(a, filters([3, 4, 5], [1, 3]), null)], [-1, -1]);
});
