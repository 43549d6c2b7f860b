/** Two checkpoints' maps of one stage, subtracted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClose } from "../assertions.js";
import { compareStage, fitting, sharedBounds, whyNot } from "#web/compare/difference.js";

const stage = (name, shape) => ({ name, shape });

/** The comparison of two stages of which each channel has two values, its arrays as lists. */
function compared([shapeA, shapeB], a, b, partners) {
  const layer = (values, [channels]) => ({
    values: Float32Array.from(values),
    statistics: new Float32Array(5 * channels),
  });
  const stages = { a: stage("block1.relu", shapeA), b: stage("block1.relu", shapeB), name: "block1.relu" };
  const made = compareStage(stages, layer(a, shapeA), layer(b, shapeB), partners);
  return { ...made, difference: [...made.difference.values], change: [...made.change], b: [...made.b.values] };
}

test("the difference and its root mean square", () => {
  const made = compared(
    [
      [2, 1, 2],
      [2, 1, 2],
    ],
    [1, 2, 0, 0],
    [4, 6, 0, 0],
    null,
  );
  assert.deepEqual(made.difference, [3, 4, 0, 0]);
  assertClose(made.change[0], Math.sqrt((3 ** 2 + 4 ** 2) / 2));
  assert.equal(made.change[1], 0);
  assert.equal(made.changed, 1);
});

test("shuffled channels do not differ once they are paired", () => {
  const [a, shuffled] = [
    [1, 2, 3, 4, 5, 6],
    [5, 6, 1, 2, 3, 4],
  ];
  const shapes = [
    [3, 1, 2],
    [3, 1, 2],
  ];
  const paired = compared(shapes, a, shuffled, [1, 2, 0]);
  assert.deepEqual(paired.b, a);
  assert.deepEqual(paired.change, [0, 0, 0]);
  assert.equal(paired.changed, 0);
  assert.equal(compared(shapes, a, shuffled, null).changed, 3);
});

test("a channel without a partner has no difference", () => {
  const made = compared(
    [
      [3, 1, 2],
      [2, 1, 2],
    ],
    [1, 1, 2, 2, 3, 3],
    [2, 2, 1, 1],
    [1, 0, null],
  );
  assert.deepEqual(made.change, [0, 0, -1]);
  assert.equal(made.changed, 0);
  assert.equal(made.reason, "");
});

test("what differs by rounding only does not differ", () => {
  const made = compared(
    [
      [2, 1, 2],
      [2, 1, 2],
    ],
    [1000, 1000, 1, 1],
    [1000.2, 1000.2, 1, 1],
    null,
  );
  assert.equal(made.changed, 0);
  assertClose(made.change[0], 0.2, 1e-3);
});

test("why stages cannot be subtracted", () => {
  const [article, torchvision] = [stage("block1.relu", [96, 55, 55]), stage("block1.relu", [64, 55, 55])];
  assert.equal(whyNot(article, article, "block1.relu", null), "");
  assert.equal(
    whyNot(article, torchvision, "block1.relu", null),
    "Block 1, ReLU has 96 channels in A and 64 in B, so that the same index means nothing. Match the pairs instead.",
  );
  assert.equal(whyNot(article, torchvision, "block1.relu", Array(96).fill(null)), "");
  assert.equal(
    whyNot(article, stage("block1.relu", [96, 27, 27]), "block1.relu", null),
    "The maps of Block 1, ReLU have 55 × 55 values in A and 27 × 27 in B; they cannot be subtracted.",
  );
  assert.equal(whyNot(article, null, "block1.norm", null), "B has no stage Block 1, LRN.");
  assert.equal(
    whyNot(stage("logits", [1000]), stage("logits", [10]), "logits", null),
    "logits has 1000 units in A and 10 in B, so that the same index means nothing.",
  );
});

test("one range for both and the difference", () => {
  const shared = { minimum: 0, signed: false };
  const [a, b] = [
    { ...shared, maximum: 8, limit: 2 },
    { ...shared, maximum: 5, limit: 3 },
  ];
  const bounds = sharedBounds(a, b, null, "clipped");
  assert.deepEqual(bounds.shared, { low: 0, high: 3, clippedLow: false, clippedHigh: true });
  assert.deepEqual([bounds.difference.low, bounds.difference.high], [-3, 3]);
  const whole = sharedBounds(a, b, null, "whole");
  assert.deepEqual(whole.shared, { low: 0, high: 8, clippedLow: false, clippedHigh: false });
});

test("how many channels fit", () => {
  // 230 pixels hold 8 tiles of 27 with gaps of 2 (8 × 29 − 2 = 230), 491 hold 17.
  assert.equal(fitting(256, 27, 230, 491, 1), 136);
  assert.equal(fitting(256, 13, 230, 491, 1), 256);
});
