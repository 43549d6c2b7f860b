/** Where labels of nested boxes go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { placeLabels } from "#web/architecture/label_places.js";

/** @param {number} from @param {number} to */
const square = (from, to) => ({ left: from, top: from, right: to, bottom: to });

test("labels of nested boxes do not cover each other, and stay on the photo", () => {
  const wanted = [square(0, 200), square(2, 190), square(4, 100)].map((box) => ({
    box,
    width: 40,
    height: 12,
    beside: false,
  }));
  const places = placeLabels(wanted, 200).map((place) => place ?? assert.fail("there is room"));
  for (const [i, a] of places.entries()) {
    assert.ok(a.left >= 0 && a.top >= 0 && a.right <= 200 && a.bottom <= 200);
    for (const b of places.slice(i + 1))
      assert.ok(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top);
  }
});

test("a label for which there is no room has no place", () => {
  assert.deepEqual(placeLabels([{ box: square(0, 30), width: 40, height: 12, beside: false }], 30), [null]);
});
