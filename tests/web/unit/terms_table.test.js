import assert from "node:assert/strict";
import { test } from "node:test";
import { filtersOf, inputAt } from "#web/unit/terms_table.js";

test("an input of a fully connected stage is a channel of the maps in front, at its place", () => {
  // 36 values a map: input 80 is the ninth of the third one, in the second row.
  assert.deepEqual(inputAt(80, [256, 6, 6]), { channel: 2, place: "1,2" });
  assert.deepEqual(inputAt(0, [256, 6, 6]), { channel: 0, place: "0,0" });
});

test("behind units without maps there is no place", () => {
  assert.deepEqual(inputAt(80, [4096]), { channel: 80, place: "" });
  assert.deepEqual(inputAt(80), { channel: 80, place: "" });
});

test("filters stand beside the terms of the second block only, and where they see colours", () => {
  const filters = { values: new Float32Array(0), excited: null, isReadable: true, shape: [96, 3, 11, 11] };
  const convolution = { kind: "convolution", from: "block1.pool" };
  assert.equal(filtersOf(convolution, filters), filters);
  assert.equal(filtersOf(convolution, null), null);
  assert.equal(filtersOf({ ...convolution, from: "block2.pool" }, filters), null);
  assert.equal(filtersOf({ ...convolution, kind: "fully connected" }, filters), null);
  assert.equal(filtersOf(convolution, { ...filters, shape: [96, 1, 11, 11] }), null);
});
