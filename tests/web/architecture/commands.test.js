/** Which row a key goes to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rowAfter, rowOfNumber } from "#web/architecture/commands.js";

const row = (stage, kind = "convolution") => ({ stage, layer: { kind } });
const ROWS = [row("conv1"), row("pool1", "pooling"), row("conv2"), row("fc1", "fully connected")];

test("a step goes to the row beside, and not beyond the ends", () => {
  assert.equal(rowAfter(ROWS, "pool1", 1)?.stage, "conv2");
  assert.equal(rowAfter(ROWS, "pool1", -1)?.stage, "conv1");
  assert.equal(rowAfter(ROWS, "conv1", -1), undefined);
  assert.equal(rowAfter(ROWS, "fc1", 1), undefined);
});

test("where no row is selected a step begins at the end that it comes from", () => {
  assert.equal(rowAfter(ROWS, "", 1)?.stage, "conv1");
  assert.equal(rowAfter(ROWS, "", -1)?.stage, "fc1");
  assert.equal(rowAfter([], "", 1), undefined);
});

test("pooling has no number", () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((number) => rowOfNumber(ROWS, number)?.stage),
    ["conv1", "conv2", "fc1", undefined],
  );
});
