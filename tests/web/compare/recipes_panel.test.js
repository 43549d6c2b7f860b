/** Which trainings are drawn in one chart. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertEach } from "../assertions.js";
import { chosen, trainingOf } from "#web/compare/recipes_panel.js";

test("checkpoints of one training share a curve", () => {
  assertEach(trainingOf, [
    ["cifar10-fast-epoch-3", "cifar10-fast"],
    ["cifar10-fast", "cifar10-fast"],
    ["20261125-fast:7", "20261125-fast"],
  ]);
  assert.deepEqual(chosen({ a: "x", b: "y", more: "a,b,c,d,e,f,g" }), ["x", "y", "a", "b", "c", "d"]);
});
