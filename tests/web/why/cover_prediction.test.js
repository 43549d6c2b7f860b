/** Which classes stand beside a photo that is covered by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shownClasses } from "#web/why/cover_prediction.js";

test("the likeliest class first, ten of them", () => {
  assert.deepEqual(shownClasses(Float32Array.of(0.2, 0.7, 0.1), 1), [1, 0, 2]);
  const twelve = Float32Array.from({ length: 12 }, (_, k) => (k + 1) / 78);
  assert.deepEqual(shownClasses(twelve, 11), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
});

test("the target stands among them, in its own place", () => {
  const twelve = Float32Array.from({ length: 12 }, (_, k) => (k + 1) / 78);
  assert.deepEqual(shownClasses(twelve, 0), [11, 10, 9, 8, 7, 6, 5, 4, 3, 0]);
  assert.deepEqual(shownClasses(twelve, 5), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
});
