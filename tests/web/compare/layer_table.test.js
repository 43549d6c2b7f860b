/** Which layers are far from the other's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { movedWords } from "#web/compare/layer_table.js";

const layers = [
  { layer: "fc1", distance: 4, relative: 0.5 },
  { layer: "fc2", distance: 1, relative: 0.25 },
  { layer: "block1.conv", distance: 0.2, relative: 0.125 },
];

test("which layers moved most", () => {
  const said = ["fc1", "fc2", "block1.conv"].map((_, i, names) => movedWords(layers, names.slice(0, i + 1)));
  assert.match(said[0], /^\S.* moved most, by 0\.5\S* times the size it had in A\.$/);
  assert.match(said[1], /^\S.* moved most, by 0\.5\S* times the size it had in A, then .* \(0\.25\S*\)\.$/);
  assert.match(said[2], /then .* \(0\.25\S*\); least .* \(0\.125\S*\)\.$/);
});

test("where none moved there is a reason", () => {
  assert.equal(movedWords(layers, []), "No layer differs: the weights are the same.");
  assert.match(movedWords([{ layer: "fc1", distance: null, relative: null }], []), /cannot be subtracted/);
});
