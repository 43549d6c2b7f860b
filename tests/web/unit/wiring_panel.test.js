import assert from "node:assert/strict";
import { test } from "node:test";
import { extremes } from "#web/unit/occlusion_picture.js";
import { bySize, kernelGrid } from "#web/unit/wiring_panel.js";

test("kernels stand by their size, of equal ones the first first", () => {
  const kernels = Float32Array.from([1, 1, -3, 0, 2, 2, 1, -1]);
  assert.deepEqual(
    bySize({ kernels, shape: [4, 1, 2], source: "input", first: 0, target: "", targets: 0, terms: [] }),
    [1, 2, 0, 3],
  );
});

test("covering lowers and raises by amounts without a sign", () => {
  assert.deepEqual(extremes(Float32Array.from([0, -2, 0.5])), { lowers: 2, raises: 0.5 });
  assert.deepEqual(extremes(Float32Array.from([0])), { lowers: 0, raises: 0 });
});

test("a kernel with what is no number comes last, and the others stay in order", () => {
  const kernels = Float32Array.from([1, 1, NaN, 0, 2, 2, 1, -1]);
  assert.deepEqual(
    bySize({ kernels, shape: [4, 1, 2], source: "input", first: 0, target: "", targets: 0, terms: [] }),
    [2, 0, 3, 1],
  );
});

test("kernels are as large as leaves room for all of them, and keep to 200 pixels", () => {
  // sqrt(400 * 130 / (48 * 25)) = 6.6, at most 5; 5 * 5 + 4 = 29 pixels each: 13 beside each other, 4 rows of 6.
  assert.deepEqual(kernelGrid(400, [48, 5, 5]), { zoom: 5, pitch: 29, line: 29, columns: 13, rows: 4 });
  // sqrt(100 * 130 / (384 * 9)) = 1.9, at least 2; 2 * 3 + 4 = 10: 10 beside each other, 20 rows of 39.
  assert.deepEqual(kernelGrid(100, [384, 3, 3]), { zoom: 2, pitch: 10, line: 10, columns: 10, rows: 20 });
});
