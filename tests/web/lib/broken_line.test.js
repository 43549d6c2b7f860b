import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenLine } from "#web/lib/broken_line.js";

const at = (/** @type {(number | null)[]} */ ys) =>
  brokenLine(
    ys.map((y, x) => ({ x, y })),
    'class="own"',
  );
const part = (/** @type {string} */ points) => `<polyline class="own" stroke-linecap="round" points="${points}"/>`;

test("what is not there is a gap, and no point on zero", () => {
  assert.equal(at([3, 2, null, 5, 4]), part("0.0,3.0 1.0,2.0") + part("3.0,5.0 4.0,4.0"));
  assert.equal(at([3, NaN, Infinity, 5, 4]), part("0.0,3.0 0.0,3.0") + part("3.0,5.0 4.0,4.0"));
  assert.equal(at([null, null]), "");
});

test("a point that stands alone is a dot", () => {
  assert.equal(at([null, 2, null]), part("1.0,2.0 1.0,2.0"));
  assert.equal(at([7]), part("0.0,7.0 0.0,7.0"));
});
