/** Which pass the strip shows: the altered network's with the one before, or that one alone while a key is held. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stripView } from "#web/explore/strip_view.js";

const now = (/** @type {string | null} */ before) =>
  /** @type {any} */ ({
    trace: "altered",
    shown: { before },
    state: { stage: "block1.relu" },
    theme: "dark",
    houseTable: (/** @type {boolean} */ signed) => (signed ? "signed" : "activation"),
  });

test("an altered network is drawn beside the unaltered one, which stands alone while it is asked for", () => {
  const { trace, before, ...rest } = stripView(now("unaltered"), { isBefore: false, isStale: true });
  assert.deepEqual([trace, before], ["altered", "unaltered"]);
  assert.deepEqual(rest, {
    open: "block1.relu",
    theme: "dark",
    activation: "activation",
    signed: "signed",
    stale: true,
  });
  const held = stripView(now("unaltered"), { isBefore: true, isStale: false });
  assert.deepEqual([held.trace, held.before, held.stale], ["unaltered", null, false]);
});

test("of a network that is not altered nothing was before", () => {
  const view = stripView(now(null), { isBefore: true, isStale: false });
  assert.deepEqual([view.trace, view.before], ["altered", null]);
});
