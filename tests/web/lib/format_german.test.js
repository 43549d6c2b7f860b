/** Numbers and names as the pages write them in German: each test file is a process of its own, and a page has one language. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { speakGerman } from "../german.js";
import { assertEach } from "../assertions.js";

const messages = {
  convolution: "Faltung",
  "Block {number}": "Block {number}",
  "not a number": "keine Zahl",
  "{number} M": "{number} Mio.",
};
speakGerman(messages);
const format = await import("#web/lib/format.js");

test("a number is typed with the language's marks", () => {
  assertEach(format.typedNumber, [
    ["34.944", 34944],
    ["34.944,5", 34944.5],
    ["34,944", 34.944],
    ["1.24", 1.24],
    ["0.345", 0.345],
  ]);
});

test("the decimal mark is the language's, thousands stay apart by thin spaces", () => {
  assertEach(format.number, [
    [1.5, "1,50"],
    [-0.345, "−0,345"],
    [0.0001, "< 0,001"],
    [12345.6, "12\u202f346"],
    [2.5e8, "2,50 × 10^8"],
    [NaN, "keine Zahl"],
  ]);
  assertEach(format.percent, [
    [0.087, "8,7 %"],
    [0.4, "40 %"],
    [0.0001, "< 0,1 %"],
    [0.9999, "> 99,9 %"],
  ]);
  assert.deepEqual(format.percents([0.8459, 0.8538]), ["84,6 %", "85,4 %"]);
  assertEach(format.fixed, [
    [-0.02, "−0,02"],
    [0.0001, "< 0,01"],
  ]);
  assertEach(format.similarity, [
    [1, "1,00"],
    [0.9999, "> 0,999"],
    [0.93, "0,93"],
  ]);
});

test("sizes and durations", () => {
  assertEach(format.millions, [
    [105415200, "105,4 Mio."],
    [1000, "< 0,01 Mio."],
  ]);
  assert.equal(format.duration(1.3), "1,3 s");
  assert.equal(format.bytes(1200000), "1,2 MB");
});

test("names of stages", () => {
  assert.equal(format.stageTitle("block1.conv"), "Block 1, Faltung");
  assert.equal(format.stageTitle("fc1.relu"), "fc1, ReLU"); // what no catalog has stays
});
