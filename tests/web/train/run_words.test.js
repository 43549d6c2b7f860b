/** What is said of a run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnosis, reasonOf, storyOf } from "#web/train/run_words.js";
import { chanceOf } from "#web/charts/run_curves.js";

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
  const run = {
    ...RUN,
    classes: 2,
    chance: { accuracy: 0.9, loss: 0.3251 },
    measured: { val_accuracy: 0.9 },
    first: { val_accuracy: 0.1, val_images: 20 },
  };
  assert.deepEqual(chanceOf(run), { accuracy: 0.9, loss: 0.3251 });
  assert.match(storyOf(run, []), /Validation accuracy 90 %, up from 10 % before the first step; chance is 90 %\./);
});

test("what a start had learnt from is said of the held-out images", () => {
  const words = (held_out) => storyOf({ ...RUN, recipe: { ...RUN.recipe, start_from: "other" }, held_out }, []);
  assert.match(words({ is_known: true, left_out: 3, learnt_before: 0 }), /It started from other\. About/);
  assert.match(
    words({ is_known: true, left_out: 0, learnt_before: 12 }),
    /12 of the held-out images had been learnt from there\./,
  );
  assert.match(
    words({ is_known: false, left_out: 0, learnt_before: 0 }),
    /The held-out images may have been learnt from there\./,
  );
  assert.match(words(null), /may have been learnt from there/);
  const resumed = storyOf({ ...RUN, held_out: { is_known: false, left_out: 0, learnt_before: 0 } }, []);
  assert.match(resumed, /The held-out images may have been learnt from before\./);
});

test("what a run started from is named, not where it lies", () => {
  const other = { ...RUN, id: "20261129-070000-shapes-ab12", name: "circles" };
  const words = (start_from) =>
    storyOf({ ...RUN, recipe: { ...RUN.recipe, start_from }, held_out: { is_known: true, learnt_before: 0 } }, [other]);
  assert.match(
    words("/home/ada/runs/20261129-070000-shapes-ab12/checkpoints/epoch-010.safetensors"),
    /It started from circles, epoch 10\. /,
  );
  assert.match(words("20261129-070000-shapes-ab12:3"), /It started from circles, epoch 3\. /);
  assert.match(words("C:\\nets\\own.pt"), /It started from own\.pt\. /);
  assert.match(words("cifar10-fast"), /It started from cifar10-fast\. /);
});

test("a trainer that is held is said of a run that trains; what it does when it starts is not", () => {
  const message = "its trainer's process is paused (SIGSTOP)";
  assert.equal(reasonOf({ ...RUN, message }, []), "Its trainer's process is paused (SIGSTOP).");
  assert.equal(reasonOf({ ...RUN, state: "stopping", message }, []), "Its trainer's process is paused (SIGSTOP).");
  assert.equal(reasonOf({ ...RUN, step: 0, message: "loads the data" }, []), "");
  assert.equal(reasonOf(RUN, []), "");
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
  const said = (layers, complaints) =>
    diagnosis({ layers, complaints, pace: "usual" }, layers.some((layer) => layer.gradient_norm) ? 3 : 0).words;
  const healthy = [layer("block1.conv"), layer("fc1")];
  assert.equal(said(healthy, []), "All five blocks learn at a usual pace.");
  assert.match(said([layer("block1.conv", null), layer("fc1")], []), /^The blocks are frozen/);
  assert.equal(said([layer("block1.conv", null), layer("fc1", null)], []), "Nothing has been learnt yet.");
  assert.equal(
    said(healthy, ["block1.conv: 75 % of the channels are zero", "fc1: nothing arrives there"]),
    "Block 1: 75 % of the channels are zero. 1 more is marked.",
  );
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

test("a training that learnt nothing and a kill by the system are told", () => {
  const finished = storyOf(
    { ...RUN, state: "finished", verdict: "it has not learnt to tell the classes apart yet" },
    [],
  );
  assert.match(finished, /It has not learnt to tell the classes apart yet\.$/);
  const message = "the system ended the trainer's process (SIGKILL), and it did so for want of memory; resume to go on";
  const crashed = storyOf({ ...RUN, state: "crashed", message, checkpoints: [{ name: "epoch-030", epoch: 30 }] }, []);
  assert.match(
    crashed,
    /^The run crashed at epoch 30, step 300\. Its newest checkpoint is of epoch 30\. The system ended/,
  );
});
