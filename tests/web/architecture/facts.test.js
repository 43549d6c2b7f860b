/** The sum that the footer tells. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sumOf } from "#web/architecture/facts.js";
import { rowsOf } from "#web/architecture/rows.js";

const layer = (name, kind, side, field, jump, start) => ({
  name,
  kind,
  window: "",
  output_shape: [2, side, side],
  params: 0,
  receptive_field: field,
  jump,
  start,
});
// 11 × 11 with stride 4 over 227, then 3 × 3 with stride 2
const ROWS = rowsOf({
  input: [3, 227, 227],
  layers: [layer("block1.conv", "convolution", 55, 11, 4, 0), layer("block1.pool", "pooling", 27, 19, 8, 0)],
});

test("a stage's sum, the first one's where there is no such stage", () => {
  const first = { name: "conv1", question: "227 input pixels: (227 − 11) / 4 + 1 = ", answer: "55", isFirst: true };
  assert.deepEqual(
    sumOf(ROWS, "nonsense", () => true),
    first,
  );
  assert.deepEqual(
    sumOf(ROWS, "block1.pool", () => true),
    { name: "pool1", question: "55 rows in: (55 − 3) / 2 + 1 = ", answer: "27", isFirst: false },
  );
});

test("a hidden answer is a question mark, and a hidden number before it is not told", () => {
  const { question, answer } = sumOf(ROWS, "block1.pool", () => false);
  assert.equal(answer, "?");
  assert.doesNotMatch(question, /55/);
});
