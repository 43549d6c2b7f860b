/** What a filter of the first layer looks at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterShape } from "#web/maps/filter_canvas.js";

test("a filter of colours and one of grey are told by the number of their weights", () => {
  assert.deepEqual(filterShape(363), { channels: 3, k: 11 });
  assert.deepEqual(filterShape(121), { channels: 1, k: 11 });
  assert.deepEqual(filterShape(27), { channels: 3, k: 3 });
  assert.deepEqual(filterShape(9), { channels: 1, k: 3 });
});
