import assert from "node:assert/strict";
import test from "node:test";
import { costWords } from "#web/train/estimate.js";

test("what a run takes is told without a time where none can be measured", () => {
  assert.match(costWords(null, 61_000_000), /^61 MB on disk; the time is measured when nothing trains\.$/);
  assert.match(costWords(90, 61_000_000), /^Measured here: about .*, 61 MB on disk\.$/);
});
