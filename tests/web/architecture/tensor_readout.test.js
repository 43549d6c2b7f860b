/** Which value of a ribbon lies under the pointer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { valueAt } from "#web/architecture/tensor_readout.js";

const BOX = { left: 100, top: 50, width: 40, height: 20 }; // 8 columns of 5 pixels, 4 rows of 5
const at = (x, y) => valueAt({ x, y }, BOX, { rows: 4, columns: 8 });

test("a value fills its own piece of the box", () => {
  assert.deepEqual(at(100, 50), { row: 0, column: 0 });
  assert.deepEqual(at(104.9, 54.9), { row: 0, column: 0 });
  assert.deepEqual(at(105, 55), { row: 1, column: 1 });
  assert.deepEqual(at(139.9, 69.9), { row: 3, column: 7 });
});

test("beside the box, as on the label under it, the nearest value counts", () => {
  assert.deepEqual(at(120, 90), { row: 3, column: 4 });
  assert.deepEqual(at(90, 45), { row: 0, column: 0 });
  assert.deepEqual(at(140, 70), { row: 3, column: 7 });
});
