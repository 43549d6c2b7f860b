/** Where a word on a chart covers nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { freePlace, isFree } from "#web/charts/free_place.js";

const taken = [{ left: 10, right: 90, y: 100 }];

test("words beside each other may stand on one line, words that overlap may not", () => {
  assert.ok(isFree({ left: 90, right: 120, y: 100 }, taken, 14));
  assert.ok(!isFree({ left: 89, right: 120, y: 100 }, taken, 14));
  assert.ok(!isFree({ left: 40, right: 50, y: 113 }, taken, 14));
  assert.ok(isFree({ left: 40, right: 50, y: 114 }, taken, 14));
});

test("the first place in the chart that covers nothing is taken, and none where there is no room", () => {
  const chart = { taken, from: 60, to: 130, line: 14 };
  assert.equal(freePlace({ left: 0, right: 50 }, [105, 131, 86, 120], chart), 86); // covers; outside; free
  assert.equal(freePlace({ left: 0, right: 50 }, [105, 131], chart), null);
});
