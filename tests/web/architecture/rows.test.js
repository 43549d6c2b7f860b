/** The rows of the layer table, and what they say of the drawing over it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { drawsSigned, rowsOf } from "#web/architecture/rows.js";

const units = (name, kind = "fully connected") => ({ name, kind, output_shape: [4] });
const rows = (...layers) => rowsOf({ input: [3, 227, 227], layers });
const LINEAR = rows(units("fc1"), units("fc2"), units("logits"));
const WITH_RELU = rows(units("fc1"), units("fc1.relu", "relu"), units("logits"));

test("units have signed colours where no ReLU is behind them, whatever the logits are", () => {
  assert.equal(drawsSigned(LINEAR, new Set(["fc1", "fc2", "logits"])), true);
  assert.equal(drawsSigned(WITH_RELU, new Set(["block1.conv", "fc1", "logits"])), false);
});

test("which colours they have is known before the tensors are there", () => {
  assert.equal(drawsSigned(LINEAR, new Set()), true);
  assert.equal(drawsSigned(WITH_RELU, new Set()), false);
});
