/** From where to where the axes of the loss chart go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertClose } from "../assertions.js";
import { ranges } from "#web/charts/loss_chart_ranges.js";

const RUN = { recipe: { epochs: 5 }, classes: 4, chance: { loss: 2, accuracy: 0.25 } };
const CURVES = {
  mean: Float32Array.of(1.6, 1.1),
  valLoss: Float32Array.of(NaN, 1.3),
  valAccuracy: Float32Array.of(NaN, 0.5),
};

/** @param {boolean} selected @param {boolean} log @param {number[]} smooth */
function rangesOf(selected, log, smooth) {
  const line = { run: RUN, curves: CURVES, selected };
  return ranges({ lines: [line], log }, [{ line, smooth: Float32Array.from(smooth) }]);
}

/** @param {number[]} range @param {number[]} expected */
function assertRange(range, expected) {
  assert.equal(range.length, 2);
  range.forEach((end, i) => assertClose(end, expected[i]));
}

test("the axes reach from below the lowest loss to above chance, and to the best accuracy", () => {
  const { xaxis, yaxis, yaxis2 } = rangesOf(true, false, [1.5, 1.2]);
  assert.deepEqual(xaxis, [0, 5]);
  assertRange(yaxis, [0.98, 2.19]); // the half below 1.1, less 0.02; 2 · 1.095
  assertRange(yaxis2, [-4.25, 54.5]); // 50 · 0.085 and 50 · 1.09
});

test("a logarithmic axis counts powers of ten, and the batches of a run that is not selected do not count", () => {
  assertRange(rangesOf(true, true, [1.5, 1.2]).yaxis, [Math.log10(0.88), Math.log10(2.3)]); // 1.1 · 0.8, 2 · 1.15
  assertRange(rangesOf(false, true, [1.5, 1.2]).yaxis, [Math.log10(0.96), Math.log10(2.3)]); // 1.2 · 0.8
});

test("a loss far above chance is cut off, on a linear axis only", () => {
  assertRange(rangesOf(true, false, [9, 1.2]).yaxis, [0.98, 6.18]); // 3 · 2 · 1.03
  assertRange(rangesOf(true, true, [9, 1.2]).yaxis, [Math.log10(0.88), Math.log10(9.45)]); // 9 · 1.05
});

test("without a run the axes show one epoch and the chance of ten classes", () => {
  const { xaxis, yaxis, yaxis2 } = ranges({ lines: [], log: false }, []);
  assert.deepEqual(xaxis, [0, 1]);
  assertRange(yaxis, [0.98, 2.5213305]); // 2.302585 · 1.095
  assertRange(yaxis2, [-1.7, 10.9]); // of 20 at least, of 10
});
