/** How large a cell of units without a place is drawn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cellSize } from "#web/explore/units.js";

test("cells are square, but for classes in fewer rows than columns, as the design has them", () => {
  assert.deepEqual(cellSize(708, 467, 64, 64), [7, 7]); // fc1 at 1280 × 800
  assert.deepEqual(cellSize(1122, 735, 64, 64), [11, 11]); // at 1920 × 1080
  assert.deepEqual(cellSize(708, 467, 40, 25), [11, 18]); // a thousand classes
  assert.deepEqual(cellSize(330, 400, 40, 25), [8, 8]); // a narrow window
});
