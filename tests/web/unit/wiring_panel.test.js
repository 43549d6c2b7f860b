import assert from "node:assert/strict";
import { test } from "node:test";
import { extremes } from "#web/unit/occlusion_picture.js";
import { bySize } from "#web/unit/wiring_panel.js";

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
