/** The tables of a comparison, from the numbers themselves. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { channelRows, recipeRows, testRows } from "#web/compare/tables.js";

const names = { a: "one", b: "two" };

test("class by class, one column for A and one for B, numbers as numbers", () => {
  const answers = {
    n: 8,
    per_class: [{ class: "=cat", count: 8, a: 0.25, b: 0.75, difference: 0.5 }],
    a: { accuracy: 0.25 },
    b: { accuracy: 0.75 },
  };
  const rows = testRows({ answers, cka: null, agreement: 0.5, images: 8, remark: "" }, names, "shapes");
  assert.deepEqual(rows[0], ["class", "pictures", "A", "B", "B - A", "checkpoint A", "checkpoint B", "pictures of"]);
  assert.deepEqual(rows[1], ["=cat", 8, 0.25, 0.75, 0.5, "one", "two", "shapes"]);
  assert.equal(new Set(rows[0]).size, rows[0].length);
});

test("where classes do not fit the table is not empty", () => {
  const cka = {
    a: ["fc1", "fc2"],
    b: ["fc2", "fc1"],
    cka: [
      [0.1, 0.9],
      [0.8, 0.2],
    ],
    images: 192,
  };
  const rows = testRows({ answers: null, cka, agreement: 0.5, images: 194, remark: "Other classes." }, names, "shapes");
  assert.deepEqual(rows[1].slice(0, 5), ["fc1", 0.9, 192, 0.5, "Other classes."]);
  assert.equal(rows.length, 3);
  assert.equal(
    testRows({ answers: null, cka: null, agreement: null, images: 2, remark: "" }, names, "shapes").length,
    2,
  );
});

test("channels and recipes", () => {
  const comparison = {
    partners: [1, null],
    change: [0.5, -1],
    a: { statistics: [0, 3, 0, 0, 1, 0, 4, 0, 0, 1] },
    b: { statistics: [0, 5, 0, 0, 1, 0, 6, 0, 0, 1] },
  };
  const rows = channelRows(
    { comparison, channels: [0, 1], stage: { name: "logits" }, classes: ["cat", "dog"] },
    names,
    "chelsea",
  );
  assert.deepEqual(rows[1].slice(0, 6), ["cat", 0, 1, 0.5, 3, 5]);
  assert.deepEqual(rows[2].slice(0, 6), ["dog", 1, null, null, 4, null]);
  const recipe = recipeRows(
    { titles: ["one", "two", "more"], settings: [{ name: "rate", values: [0.1, null, [1, 2]], differs: true }] },
    2,
  );
  assert.deepEqual(recipe, [
    ["setting", "A: one", "B: two", "more", "differs"],
    ["rate", 0.1, null, "[1,2]", "yes"],
  ]);
});
