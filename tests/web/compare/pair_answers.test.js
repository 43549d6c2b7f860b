/** What both answer of one photo. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { likelyClasses } from "#web/compare/pair_answers.js";

const trace = (classes, probabilities) => ({ header: { checkpoint: { classes } }, probabilities });

test("classes by name, the likeliest of B first", () => {
  const a = trace(["cat", "dog", "owl"], [0.5, 0.25, 0.25]);
  const b = trace(["dog", "elk", "cat"], [0.25, 0.125, 0.625]);
  assert.deepEqual(likelyClasses({ a, b }), [
    { name: "cat", first: 0.5, second: 0.625, isBest: true },
    { name: "dog", first: 0.25, second: 0.25, isBest: false },
    { name: "elk", first: 0, second: 0.125, isBest: false },
  ]);
});

test("of many classes those that either finds likely", () => {
  const names = Array.from({ length: 12 }, (_, i) => `c${i}`);
  const a = trace(names, [...new Array(11).fill(0), 1]);
  const b = trace(names, [1, ...new Array(11).fill(0)]);
  const rows = likelyClasses({ a, b });
  assert.equal(rows.length, 10);
  assert.deepEqual(rows[0], { name: "c0", first: 0, second: 1, isBest: true });
  assert.ok(rows.some(({ name, first }) => name === "c11" && first === 1));
});

test("a network whose outputs are no numbers has no best class, and the other's likeliest stand first", () => {
  const none = trace(["cat", "dog"], [NaN, NaN]);
  const sure = trace(["cat", "dog"], [0.25, 0.75]);
  assert.deepEqual(likelyClasses({ a: sure, b: none }), [
    { name: "dog", first: 0.75, second: NaN, isBest: false },
    { name: "cat", first: 0.25, second: NaN, isBest: false },
  ]);
  assert.deepEqual(
    likelyClasses({ a: none, b: sure }).map(({ name, first, isBest }) => [name, first, isBest]),
    [
      ["dog", NaN, true],
      ["cat", NaN, false],
    ],
  );
});
