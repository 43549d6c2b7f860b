/** What is said of the values that feed a unit without a place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { explainSource, inputsOf, isRectified } from "#web/explore/source_words.js";

const said = (/** @type {string} */ name, /** @type {{name: string, shape: number[]}} */ source) =>
  explainSource({ name }, source, inputsOf(source));

test("every value of a map, or every unit, feeds the next layer", () => {
  assert.equal(inputsOf({ shape: [256, 6, 6] }), 9216);
  assert.equal(inputsOf({ shape: [4096] }), 4096);
});

test("a ReLU behind an fc layer takes its units one by one", () => {
  assert.deepEqual([isRectified({ name: "fc1.relu" }), isRectified({ name: "fc1" })], [true, false]);
  assert.equal(
    said("fc1.relu", { name: "fc1", shape: [4096] }),
    "Each unit is that of fc1, with negative values set to zero.",
  );
});

test("what a unit weighs is told by what stands before it", () => {
  assert.equal(
    said("fc1", { name: "block5.pool", shape: [256, 6, 6] }),
    "All 9216 values meet in every unit of fc1, so a unit has no place on the photo.",
  );
  assert.equal(said("fc2", { name: "fc1.relu", shape: [4096] }), "Every unit of fc2 weighs all 4096 units of fc1.");
  assert.equal(said("logits", { name: "fc2.relu", shape: [4096] }), "Every logit weighs all 4096 units of fc2.");
});
