/** Numbers and names as the pages write them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertEach } from "../assertions.js";
import * as format from "#web/lib/format.js";

const THIN = "\u2009";
const MINUS = "−";

test("numbers", () => {
  assertEach(format.number, [
    [5.52, "5.52"],
    [5.5, "5.50"],
    [0.345, "0.345"],
    [12.5, "12.5"],
    [0, "0"],
    [-0.5, `${MINUS}0.500`],
    [0.0004, "< 0.001"],
    [-0.0004, `> ${MINUS}0.001`],
    [0.001, "0.00100"],
    [999.4, "999"],
    [999.6, "1000"],
    [12345, `12${THIN}345`],
    [-5832231, `${MINUS}5${THIN}832${THIN}231`],
    [2.5e7, "2.50 × 10^7"],
    [NaN, "not a number"],
    [-Infinity, `${MINUS}∞`],
  ]);
  assert.equal(format.number(2.30259, 4), "2.303");
});

test("counts and shapes", () => {
  assertEach(format.count, [
    [58322314, `58${THIN}322${THIN}314`],
    [9216, "9216"],
    [10000, `10${THIN}000`],
    [-12, `${MINUS}12`],
    [0, "0"],
  ]);
  assert.equal(format.shape([96, 27, 27]), "96 × 27 × 27");
});

test("millions", () => {
  assertEach(format.millions, [
    [105415200, "105.4 M"],
    [34944, "0.03 M"],
    [0, "0"],
    [58322314, "58.3 M"],
    [1000, "< 0.01 M"],
  ]);
});

test("shares", () => {
  assertEach(format.percent, [
    [0.4, "40 %"],
    [0.087, "8.7 %"],
    [0.0999, "10 %"],
    [0, "0 %"],
    [1, "100 %"],
    [0.0001, "< 0.1 %"],
    [0.9999, "> 99 %"],
  ]);
});

test("durations and sizes", () => {
  assertEach(format.duration, [
    [0.014, "14 ms"],
    [1.3, "1.3 s"],
    [360, "6 min"],
    [0.0001, "1 ms"],
    [0.9999, "1.0 s"],
    [59.2, "59 s"],
  ]);
  assertEach(format.bytes, [
    [256000, "256 kB"],
    [1200000, "1.2 MB"],
    [412000000, "412 MB"],
  ]);
});

test("names of stages", () => {
  assertEach(format.stageTitle, [
    ["block1.conv", "Block 1, convolution"],
    ["block2.relu", "Block 2, ReLU"],
    ["block5.norm", "Block 5, LRN"],
    ["block5.pool", "Block 5, pooling"],
    ["fc1", "fc1"],
    ["fc2.relu", "fc2, ReLU"],
    ["logits", "logits"],
  ]);
  assertEach(format.groupTitle, [
    ["input", "Photo"],
    ["logits", "Prediction"],
    ["block3", "Block 3"],
    ["fc2", "fc2"],
  ]);
});
