/** Numbers and names as the pages write them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assertEach } from "../assertions.js";
import * as format from "#web/lib/format.js";

const TABLE = JSON.parse(readFileSync(new URL("../../cases/number_words.json", import.meta.url), "utf8"));

/** JSON has no NaN and no infinity. */
const given = (value) => {
  if (Array.isArray(value)) return value.map(given);
  return typeof value === "string" ? Number(value) : value;
};

for (const [name, cases] of Object.entries(TABLE)) {
  test(`both languages write numbers alike: ${name}`, () => {
    assertEach((value) => format[name](given(value)), cases);
  });
}

test("numbers with more figures, shapes", () => {
  assert.equal(format.number(2.30259, 4), "2.303");
  assert.equal(format.shape([96, 27, 27]), "96 × 27 × 27");
});

test("a number as a person types it", () => {
  assertEach(format.typedNumber, [
    ["27", 27],
    [" 34 944 ", 34944],
    ["34,944", 34944],
    ["1,234,567.5", 1234567.5],
    ["1.24", 1.24],
    ["1,24", 1.24],
    ["0,345", 0.345],
    ["−5", -5],
    ["34’944", 34944],
    ["", NaN],
    ["  ", NaN],
    ["27 px", NaN],
    ["1,2,3", NaN],
  ]);
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
    [0, "0 kB"],
    [400, "1 kB"],
    [256000, "256 kB"],
    [999600, "1.0 MB"],
    [1200000, "1.2 MB"],
    [9960000, "10 MB"],
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

/** How shares are written, the likeliest first, among so many classes. */
function written(/** @type {number[]} */ shares, classes = shares.length) {
  const all = [...shares, ...Array.from({ length: classes - shares.length }, () => 0)];
  return shares.map((_, index) => format.sharesOf(all)(index));
}

test("the first of a thousand shares is not written with the decimals that tell the last ones apart", () => {
  assert.deepEqual(written([0.84082, 0.00222, 0.00197, 0.00195], 1000), ["84 %", "0.2 %", "0.2 %", "0.2 %"]);
});

test("a share is one text wherever it stands: with as few decimals as tell it apart from the others", () => {
  assert.deepEqual(written([0.846, 0.154]), ["85 %", "15 %"]);
  assert.deepEqual(written([0.5, 0.50000001]), ["50 %", "50 %"]); // by less than means anything
  const shares = [0.0033, 0.9482, 0.0077, 0.0032, 0.0028, 0.00281, 0.0001];
  assert.deepEqual(written(shares), ["0.33 %", "95 %", "0.8 %", "0.32 %", "0.280 %", "0.281 %", "< 0.1 %"]);
  // "< 0.1 %" would not tell the last from 0.08 %.
  assert.deepEqual(written([0.0013, 0.0012, 0.0008, 0.00042]), ["0.13 %", "0.12 %", "0.08 %", "0.04 %"]);
  assert.deepEqual(written([0.9999, 0.000081, 1e-7, 2e-8]), ["> 99.9 %", "0.01 %", "< 0.001 %", "< 0.001 %"]);
  assert.deepEqual(written([0.4649, 0.4551, 0.08]), ["46.5 %", "45.5 %", "8.0 %"]); // 46 would be both
  assert.deepEqual(written([0.997663, 0.001727, 0.000343, 0.000081, 0.000078]), [
    "99.8 %",
    "0.2 %",
    "0.03 %",
    "0.0081 %",
    "0.0078 %",
  ]);
});

test("the first of a thousand shares is told apart from the second, where nothing has been learnt", () => {
  assert.deepEqual(written([0.00103, 0.00101, 0.00101, 0.001], 1000), ["0.103 %", "0.101 %", "0.101 %", "0.100 %"]);
  assert.deepEqual(written([0.3123, 0.3098, 0.04], 1000), ["31.2 %", "31.0 %", "4.0 %"]);
  assert.deepEqual(written([0.001, 0.001], 1000), ["0.1 %", "0.1 %"]);
  assert.deepEqual(written([0.0010001, 0.00100003], 1000), ["0.1 %", "0.1 %"]); // by less than means anything
});

test("a computed number that JSON could not hold is not one; a tiny one has its figures", () => {
  assert.deepEqual([null, 0, 6.031, 0.0000000231].map(format.computed), ["not a number", "0", "6.03", "2.31 × 10^−8"]);
});
