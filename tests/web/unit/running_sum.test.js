import assert from "node:assert/strict";
import { test } from "node:test";
import { largestProduct, runningSum, termWords, valueWords } from "#web/unit/running_sum.js";

test("terms stand one after the other, from the smallest running sum to the largest", () => {
  // Running sums of 3, −4, 2: 0, 3, −1, 1; from −1 to 3, so that zero stands at a quarter.
  assert.deepEqual(runningSum([3, -4, 2]), [
    { from: 0.25, to: 1, zero: 0.25 },
    { from: 1, to: 0, zero: 0.25 },
    { from: 0, to: 0.5, zero: 0.25 },
  ]);
});

test("sums of nothing do not divide by zero", () => {
  assert.deepEqual(runningSum([0]), [{ from: 0, to: 0, zero: 0 }]);
});

test("the largest product is the largest by magnitude", () => {
  assert.deepEqual(
    largestProduct([
      [1, -5],
      [4, 0],
    ]),
    { row: 0, column: 1 },
  );
});

test("terms that are all tiny have their figures, and what is not a number is said", () => {
  assert.deepEqual(termWords([0.0000000231, -0.0000000229, 0]), ["+2.31 × 10^−8", "−2.29 × 10^−8", "0"]);
  assert.deepEqual(termWords([0.919, 0.0001, -0.0001]), ["+0.919", "< 0.001", "> −0.001"]);
  assert.deepEqual(termWords([1.5, null, -0.25]), ["+1.50", "not a number", "−0.250"]);
  assert.deepEqual(valueWords([6.0312, 6.0312, 6.0345]), ["6.031", "6.031", "6.035"]); // 6.0345 is stored as a little more
});
