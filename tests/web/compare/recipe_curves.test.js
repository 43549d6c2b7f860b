/** Which trainings are drawn in one chart. */
import { test } from "node:test";
import { assertEach } from "../assertions.js";
import { trainingOf } from "#web/compare/recipe_curves.js";

test("checkpoints of one training share a curve", () => {
  assertEach(trainingOf, [
    ["cifar10-fast-epoch-3", "cifar10-fast"],
    ["cifar10-fast", "cifar10-fast"],
    ["20261125-fast:7", "20261125-fast"],
  ]);
});
