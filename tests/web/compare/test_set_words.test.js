/** Whether the difference on the test set can be chance. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mcnemarWords, points } from "#web/compare/test_set_words.js";

test("McNemar's test in words", () => {
  const words = (onlyA, onlyB, p) => mcnemarWords({ mcnemar: { only_a: onlyA, only_b: onlyB, p_value: p }, n: 400 });
  assert.equal(words(0, 0, 1.0), "A and B are right on the very same ones of the 400 pictures.");
  assert.match(words(2, 30, 1e-5), /less than once in a thousand, so the difference is hardly chance/);
  assert.match(words(0, 6, 0.03125), /in 3\.1 % of all cases, so the difference is hardly chance/);
  assert.match(words(5, 5, 1.0), /nearly every time, so the difference may be chance/);
});

test("points have their sign, and less than one is not none", () => {
  assert.deepEqual([0, 0.03, -0.034, 0.004, -0.004, 0.0001, -0.0001, 0.1].map(points), [
    "0",
    "+3",
    "−3",
    "+0.4",
    "−0.4",
    "< 0.1",
    "> −0.1",
    "+10",
  ]);
});
