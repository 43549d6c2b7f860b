/** The order of the rows tells nothing that is hidden. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shareOfLargest, shownSort, sortRows } from "#web/architecture/layer_columns.js";
import { followWith } from "#web/architecture/state.js";

const layer = {
  kind: "convolution",
  window: "3 × 3",
  output_shape: [2, 5, 5],
  params_spelled: "",
  receptive_field: 3,
  jump: 1,
  start: 0,
};
const rows = [
  ["conv1", 10],
  ["conv2", 30],
  ["conv3", 20],
].map(([stage, params]) => ({ stage, name: stage, layer: { ...layer, params, macs: 0 } }));
const order = (isOpen) => sortRows(rows, shownSort("-params", rows, isOpen)).map(({ stage }) => stage);

test("rows stand by a number only where all of that number are open", () => {
  assert.deepEqual(
    order(() => true),
    ["conv2", "conv3", "conv1"],
  );
  assert.deepEqual(
    order(() => false),
    ["conv1", "conv2", "conv3"],
  );
  assert.deepEqual(
    order((id) => id !== "conv3:params"),
    ["conv1", "conv2", "conv3"],
  );
  assert.deepEqual(
    order((id) => id.endsWith(":params")),
    ["conv2", "conv3", "conv1"],
  );
  assert.equal(
    shownSort("-stage", rows, () => false),
    "-stage",
  );
});

test("a bar is as long as its number beside the largest that is open", () => {
  const shares = (isOpen) => rows.map((row) => shareOfLargest("params", row, rows, isOpen));
  assert.deepEqual(
    shares(() => true),
    [10 / 30, 1, 20 / 30],
  );
  assert.deepEqual(
    shares(() => false),
    [0, 0, 0],
  );
  assert.deepEqual(
    shares((id) => id !== "conv2:params"),
    [0.5, 0, 1],
  ); // 30 is not given away by how short the others are
});

test("another checkpoint brings its variant, unless one is named", () => {
  const follow = followWith([
    { name: "a", variant: "seed" },
    { name: "b", variant: "torchvision" },
  ]);
  const before = { variant: "paper", checkpoint: "a" };
  assert.equal(follow(before, { checkpoint: "b" }).variant, "torchvision");
  assert.equal(follow(before, { checkpoint: "b", variant: "seed" }).variant, "seed");
  assert.equal(follow(before, { checkpoint: "a" }).variant, "paper");
  assert.equal(follow(before, { checkpoint: "of-yesterday" }).variant, "paper");
});
