/** What is saved of an explanation says what it is of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { caption, facts } from "#web/why/save.js";

const FOUND = {
  method: "saliency",
  target: 1,
  versus: null,
  stage: "",
  computed_at: [227, 227],
  minimum: 0,
  maximum: 0.0000231,
  values: new Float32Array(4),
};
const trace = (resize) => ({
  header: { photo: { title: "chelsea" }, checkpoint: { title: "mine", classes: ["cat", "dog"] }, input: { resize } },
});

test("the range of tiny values has its figures, and a squashed photo is said to be one", () => {
  assert.deepEqual(caption(FOUND, trace("crop")), [
    "Why dog? saliency, computed at 227 × 227",
    "photo chelsea, checkpoint mine, range 0 to 2.31 × 10^−5",
  ]);
  assert.match(caption(FOUND, trace("squash"))[1], /^photo chelsea, squashed, checkpoint mine/);
});

test("the numbers as JSON say how the photo became the input", () => {
  const known = facts(FOUND, trace("squash"));
  assert.deepEqual([known.resize, known.target, known.values], ["squash", "dog", undefined]);
});
