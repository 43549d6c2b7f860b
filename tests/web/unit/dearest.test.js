import assert from "node:assert/strict";
import { test } from "node:test";
import { dearestOf, nextStage } from "#web/unit/dearest.js";

const STAGES = [
  { name: "block1.relu", channels: 3 },
  { name: "block2.relu", channels: 2 },
];

test("channels are counted through all stages, one after the other", () => {
  assert.deepEqual(nextStage(STAGES, 0), { stage: "block1.relu", first: 0 });
  assert.deepEqual(nextStage(STAGES, 2), { stage: "block1.relu", first: 2 });
  assert.deepEqual(nextStage(STAGES, 3), { stage: "block2.relu", first: 0 });
  assert.throws(() => nextStage(STAGES, 5), /nothing is left/);
});

test("of each stage the channel that costs most is kept, the first of two that cost the same", () => {
  const first = dearestOf(STAGES, null, "block1.relu", 0, { whole: 0.75, left: [0.5, 0.25] });
  assert.deepEqual(first, { done: 2, total: 5, dearest: [{ stage: "block1.relu", channel: 1, cost: 0.5 }] });
  const second = dearestOf(STAGES, first, "block1.relu", 2, { whole: 0.75, left: [0.25] });
  assert.deepEqual(second, { ...first, done: 3 });
  const third = dearestOf(STAGES, second, "block2.relu", 0, { whole: 0.75, left: [1, 0.5] });
  assert.deepEqual(third, {
    done: 5,
    total: 5,
    dearest: [
      { stage: "block1.relu", channel: 1, cost: 0.5 },
      { stage: "block2.relu", channel: 1, cost: 0.25 },
    ],
  });
});

test("what is left of a class without a channel may be no number: it is never the dearest", () => {
  const first = dearestOf(STAGES, null, "block1.relu", 0, { whole: 0.75, left: [null, 0.5] });
  assert.deepEqual(first.dearest, [{ stage: "block1.relu", channel: 1, cost: 0.25 }]);
  const second = dearestOf(STAGES, first, "block1.relu", 2, { whole: 0.75, left: [null] });
  assert.deepEqual(second.dearest, first.dearest);
});
