/** The series of a run, and what chance would reach. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClose } from "../assertions.js";
import { chanceOf, isolated, sizeWords, smooth, validationSizes } from "#web/charts/run_curves.js";

test("chance of a run that does not say it follows the number of classes", () => {
  // Whoever guesses among K classes is right once in K, and a loss of ln K is what says "all the same".
  assert.equal(chanceOf({ classes: 4 }).accuracy, 0.25);
  assertClose(chanceOf({ classes: 4 }).loss, 1.386294);
  assertClose(chanceOf({}).loss, 2.302585); // an old run does not say
});

test("a value without neighbours is a point, where a line would show nothing", () => {
  const gaps = Float32Array.of(NaN, 2, NaN, 3, 4, NaN, 5);
  assert.deepEqual(isolated(gaps), [1, 6]);
  assert.deepEqual(isolated(Float32Array.of(2.3)), [0]); // a run of one step
  assert.deepEqual(isolated(Float32Array.of(1, 2)), []);
});

test("a missing loss is a gap, not the value before it once more", () => {
  // Weights 1 - 0.5 per step: 4; then nothing; then (4 * 0.25 + 1 * 0.5) / 0.75 = 2.
  const smoothed = smooth(Float32Array.of(4, NaN, 1), 0.5, Float32Array.of(1, 1, 1));
  assert.equal(smoothed[0], 4);
  assert.ok(Number.isNaN(smoothed[1]));
  assertClose(smoothed[2], 2);
});

test("a last bucket of one step weighs as one step", () => {
  // Losses 1, …, 1, 3 over 19,981 steps: 999 buckets of 20 steps, and one of a single step. 0.9 · 1 + 0.1 · 3 = 1.2.
  const values = new Float32Array(1000).fill(1);
  const counts = new Float32Array(1000).fill(20);
  [values[999], counts[999]] = [3, 1];
  assert.ok(Math.abs(smooth(values, 0.9, counts)[999] - 1.2) < 1e-6);
});

test("validations of different image sizes are different stretches, and say which", () => {
  const curves = { epoch: Float32Array.of(0, 1, 2, 3), valSize: Float32Array.of(227, 131, 131, 227) };
  assert.deepEqual(validationSizes(curves), [
    { size: 227, from: 0, to: 0 },
    { size: 131, from: 1, to: 2 },
    { size: 227, from: 3, to: 3 },
  ]);
  assert.equal(sizeWords(curves, 2), " at 131 px");
  const one = { epoch: Float32Array.of(1, 2), valSize: Float32Array.of(NaN, NaN) }; // an old run does not say
  assert.equal(validationSizes(one).length, 1);
  assert.equal(sizeWords(one, 2), "");
});
