/** Which stages have a face on the strip, and which face is marked for an open stage. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertEach } from "../assertions.js";
import { faceFor, facesOf, standIn } from "#web/maps/strip_faces.js";

const BLOCK = ["block1.conv", "block1.relu", "block1.norm", "block1.pool"];

test("of a block the ReLU and the pooling have a face, and a stage by itself has one", () => {
  assert.deepEqual(facesOf(BLOCK), ["block1.relu", "block1.pool"]);
  assert.deepEqual(facesOf(["block3.conv", "block3.relu"]), ["block3.relu"]);
  assert.deepEqual(facesOf(["input"]), ["input"]);
});

test("an open stage without a face marks the ReLU's of its block", () => {
  assertEach(
    (stage) => faceFor(standIn(stage), facesOf(BLOCK)),
    [
      ["block1.conv", "block1.relu"],
      ["block1.relu", "block1.relu"],
      ["block1.norm", "block1.relu"],
      ["block1.pool", "block1.pool"],
    ],
  );
  assert.equal(faceFor("fc1.other", ["fc1.relu"]), "fc1.relu"); // the first face, where nothing else fits
});
