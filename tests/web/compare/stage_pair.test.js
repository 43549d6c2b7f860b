/** Which channel of B stands beside which of A on the open stage. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitAsBars, largestOf } from "#web/compare/class_bars.js";
import { createComparisons, pairWords, sameNames } from "#web/compare/stage_pair.js";

const LOGITS = { name: "logits", shape: [3] };

/** A moment whose open stage is the logits of two networks. */
function moment(classes, values, noAxis = "") {
  const trace = (side) => ({ header: { stages: [LOGITS], checkpoint: { classes: classes[side] } }, statistics: {} });
  const arrived = {
    traces: { a: trace("a"), b: trace("b") },
    values: {
      a: new Map([["logits", Float32Array.from(values.a)]]),
      b: new Map([["logits", Float32Array.from(values.b)]]),
    },
    pair: { no_axis: noAxis },
  };
  return { state: { stage: "logits", other: "", channel: "", place: "" }, arrived, choose: () => ({ pairing: null }) };
}

test("logits are subtracted class by class, whatever the order of the classes", () => {
  assert.equal(sameNames(["cat", "dog"], ["cat", "dog"]), null);
  assert.deepEqual(sameNames(["cat", "dog"], ["dog", "cat"]), [1, 0]);
  const m = moment({ a: ["cat", "dog", "owl"], b: ["owl", "cat", "dog"] }, { a: [1, 2, 3], b: [13, 21, 32] });
  const c = createComparisons()(m);
  assert.deepEqual([...c.b.values], [21, 32, 13]);
  assert.deepEqual([...c.difference.values], [20, 30, 10]);
  assert.equal(pairWords(m, 1).pair, "Class dog");
});

test("logits of other classes are not subtracted", () => {
  const c = createComparisons()(
    moment({ a: ["cat", "dog", "owl"], b: ["cat", "dog", "elk"] }, { a: [1, 2, 3], b: [1, 2, 3] }, "other classes"),
  );
  assert.equal(c.reason, "other classes");
  assert.equal(c.difference.values.length, 0);
});

test("few classes are bars on one scale, which what is not a number does not stretch", () => {
  assert.deepEqual(
    [fitAsBars(null), fitAsBars(["cat"]), fitAsBars(new Array(1000).fill("class"))],
    [false, true, false],
  );
  assert.equal(largestOf([[1, -4], [NaN, Infinity, 2], undefined]), 4);
  assert.equal(largestOf([[0]]), 1);
});
