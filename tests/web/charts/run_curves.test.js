/** What is said of a run, and what chance would reach. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClose } from "../assertions.js";
import { chanceOf, diagnosis, isolated, sizeWords, smooth, storyOf, validationSizes } from "#web/charts/run_curves.js";

const RUN = {
  id: "a",
  name: "fast",
  state: "running",
  epoch: 30,
  step: 300,
  steps: 320,
  seconds_left: 120,
  message: "",
  checkpoints: [],
  recipe: { epochs: 32 },
  classes: 10,
  best: 0.76,
  duration: 600,
  measured: { val_accuracy: 0.76 },
  first: { val_accuracy: 0.087, val_images: 200 },
};

test("chance is what the trainer found: the largest class's share and the classes' entropy", () => {
  // Nine of ten and one of ten: -(0.9 ln 0.9 + 0.1 ln 0.1) = 0.3251.
  const run = { ...RUN, classes: 2, chance: { accuracy: 0.9, loss: 0.3251 }, measured: { val_accuracy: 0.9 }, first: { val_accuracy: 0.1, val_images: 20 } };
  assert.deepEqual(chanceOf(run), { accuracy: 0.9, loss: 0.3251 });
  assert.match(storyOf(run, []), /Validation accuracy 90 %, up from 10 % before the first step; chance is 90 %\./);
});

test("what a start had learnt from is said of the held-out images", () => {
  const words = (held_out) => storyOf({ ...RUN, recipe: { ...RUN.recipe, start_from: "other" }, held_out }, []);
  assert.match(words({ is_known: true, left_out: 3, learnt_before: 0 }), /It started from other\. About/);
  assert.match(words({ is_known: true, left_out: 0, learnt_before: 12 }), /12 of the held-out images had been learnt from there\./);
  assert.match(words({ is_known: false, left_out: 0, learnt_before: 0 }), /The held-out images may have been learnt from there\./);
  assert.match(words(null), /may have been learnt from there/);
});

test("chance of a run that does not say it follows the number of classes", () => {
  // Whoever guesses among K classes is right once in K, and a loss of ln K is what says "all the same".
  assert.equal(chanceOf({ classes: 4 }).accuracy, 0.25);
  assertClose(chanceOf({ classes: 4 }).loss, 1.386294);
  assertClose(chanceOf({}).loss, 2.302585); // an old run does not say
});

test("the sentence of a run", () => {
  assert.equal(
    storyOf(RUN, []),
    "Epoch 30 of 32. Validation accuracy 76 %, up from 8.7 % before the first step; chance is 10 %. About 2 min left.",
  );
  assert.equal(
    storyOf({ ...RUN, epoch: 0, measured: { val_accuracy: 0.087 }, seconds_left: null }, []),
    "Epoch 0 of 32. Validation accuracy 8.7 % before the first step (200 pictures).",
  );
  assert.equal(
    storyOf({ ...RUN, classes: 2, first: { val_accuracy: 0.8, val_images: 200 }, state: "finished" }, []),
    "Epoch 30 of 32. Validation accuracy 76 %, 80 % before the first step; chance is 50 %. Trained for 10 min.",
  );
});

test("the doctor says which layer and what", () => {
  const layer = (name, gradient = 1.0) => ({ layer: name, dead: 0.0, update_ratio: 0.001, gradient_norm: gradient });
  const said = (layers, complaints) => diagnosis({ layers, complaints, pace: "usual" }, layers.some((layer) => layer.gradient_norm) ? 3 : 0).words;
  const healthy = [layer("block1.conv"), layer("fc1")];
  assert.equal(said(healthy, []), "All five blocks learn at a usual pace.");
  assert.match(said([layer("block1.conv", null), layer("fc1")], []), /^The blocks are frozen/);
  assert.equal(said([layer("block1.conv", null), layer("fc1", null)], []), "Nothing has been learnt yet.");
  assert.equal(
    said(healthy, ["block1.conv: 75 % of the channels are zero", "fc1: nothing arrives there"]),
    "Block 1: 75 % of the channels are zero. 1 more is marked.",
  );
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

test("layers: not measured, hardly moving, or at a usual pace", () => {
  const layer = { layer: "block1.conv", dead: 0, update_ratio: 1e-3, gradient_norm: 1 };
  const unmeasured = { ...layer, update_ratio: null, gradient_norm: null };
  const told = (/** @type {any} */ doctor, epoch = 3) => diagnosis({ complaints: [], ...doctor }, epoch).words;
  assert.match(told({ layers: [unmeasured], pace: "unmeasured" }), /was not measured in this epoch/);
  assert.equal(told({ layers: [unmeasured], pace: "unmeasured" }, 0), "Nothing has been learnt yet.");
  assert.match(told({ layers: [layer], pace: "hardly" }), /hardly move/);
  assert.match(told({ layers: [layer], pace: "usual" }), /usual pace/);
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
