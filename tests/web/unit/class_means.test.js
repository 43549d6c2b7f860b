import assert from "node:assert/strict";
import { test } from "node:test";
import { classScale } from "#web/unit/class_means.js";

test("means below zero have bars to the left of zero", () => {
  // From −3 − 1 = −4 to 5 + 1 = 6: ten wide, zero at 0.4.
  const rows = [
    { class: "cat", mean: 5, deviation: 1 },
    { class: "dog", mean: -3, deviation: 1 },
  ];
  assert.deepEqual(classScale(rows), {
    zero: 0.4,
    bars: [
      { from: 0.4, to: 0.9, low: 0.8, high: 1 },
      { from: 0.1, to: 0.4, low: 0, high: 0.2 },
    ],
  });
});

test("means above zero begin at the left edge, and nothing divides by zero", () => {
  assert.deepEqual(classScale([{ class: "cat", mean: 2, deviation: 0 }]), {
    zero: 0,
    bars: [{ from: 0, to: 1, low: 1, high: 1 }],
  });
  assert.deepEqual(classScale([{ class: "cat", mean: 0, deviation: 0 }]), {
    zero: 0,
    bars: [{ from: 0, to: 0, low: 0, high: 0 }],
  });
});

test("a class whose mean is not a number has no bar, and takes nobody else's away", () => {
  const rows = [
    { class: "cat", mean: 5, deviation: 1 },
    { class: "dog", mean: null, deviation: null },
    { class: "bird", mean: -3, deviation: 1 },
  ];
  assert.deepEqual(classScale(rows), {
    zero: 0.4,
    bars: [{ from: 0.4, to: 0.9, low: 0.8, high: 1 }, null, { from: 0.1, to: 0.4, low: 0, high: 0.2 }],
  });
});
