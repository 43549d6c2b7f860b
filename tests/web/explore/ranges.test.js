/** Which values are the first and the last colour, and that the legend says so. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rangeOf, rangeWords } from "#web/explore/ranges.js";
import { endsOf } from "#web/maps/legend.js";

const stage = (name, minimum, maximum, limit, shape = [2, 3, 3]) => ({
  name,
  minimum,
  maximum,
  limit,
  shape,
  signed: minimum < 0,
});
/** A pass with a signed convolution, its ReLU, another block's and fc1; the ReLU's two channels reach `first` and `second`. */
const trace = (first, second, limit) => ({
  header: {
    stages: [
      stage("block1.conv", -8, second, 6),
      stage("block1.relu", 0, second, limit),
      stage("block2.relu", 0, 90, 80),
      stage("fc1", -2, 1, 1.5, [4]),
    ],
  },
  statistics: {
    "block1.conv": new Float32Array([-8, 2, 0, 0, 1, -1, second, 0, 0, 1]),
    "block1.relu": new Float32Array([0, first, 0, 0, 1, 0, second, 0, 0, 1]),
  },
});
const CAT = trace(3, 7, 4);
const CUP = trace(5, 45, 9);
const of = (range, name, traces, top = "clipped") =>
  rangeOf(
    { range, top },
    CAT.header.stages.find((each) => each.name === name),
    traces,
  );

test("one range for all photos takes the largest end of all of them", () => {
  assert.deepEqual(endsOf(of("layer", "block1.relu", [CAT]).shared), ["0", "≥ 4.00"]);
  const both = of("layer", "block1.relu", [CAT, CUP]);
  assert.deepEqual(rangeWords(both), ["0", "≥ 9.00"]);
  assert.equal(both.of(CAT, 0), both.shared); // so every map is drawn with what the legend says
  assert.equal(both.of(CUP, 1), both.shared);
  assert.deepEqual(rangeWords(of("layer", "block1.relu", [CAT, CUP], "whole")), ["0", "45.0"]);
});

test("block and network take in the stages that they hold", () => {
  assert.deepEqual(rangeWords(of("block", "block1.relu", [CAT, CUP])), ["0", "≥ 9.00"]);
  assert.deepEqual(rangeWords(of("network", "block1.relu", [CAT, CUP])), ["0", "≥ 80.0"]);
  assert.deepEqual(rangeWords(of("block", "block1.conv", [CAT])), ["≤ −6.00", "≥ 6.00"]);
});

test("with a range of its own each map reaches its own end", () => {
  const range = of("channel", "block1.relu", [CAT, CUP]);
  assert.deepEqual([range.of(CAT, 0).high, range.of(CAT, 1).high, range.of(CUP, 1).high], [3, 7, 45]);
  assert.deepEqual(rangeWords(range), ["0", "own max"]);
  const signed = of("channel", "block1.conv", [CAT]);
  assert.deepEqual(endsOf(signed.of(CAT, 0)), ["−8.00", "8.00"]);
  assert.deepEqual(rangeWords(signed), ["−own max", "own max"]); // symmetric, so never "0 … own max"
});

test("units without a place have no channels of their own", () => {
  const range = of("channel", "fc1", [CAT]);
  assert.equal(range.name, "layer");
  assert.deepEqual(rangeWords(range), ["≤ −1.50", "1.50"]);
});
