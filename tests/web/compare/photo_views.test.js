/** What the parts of the photo panel show. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { headView, savedView, sideView, stagesView, wallsView } from "#web/compare/photo_views.js";
import { createComparisons } from "#web/compare/stage_pair.js";

const STAGE = { name: "block1.relu", shape: [2, 1, 2], signed: false, minimum: 0, maximum: 4, limit: 4 };
const CONV = { ...STAGE, name: "block1.conv", signed: true };
const STATE = { stage: STAGE.name, other: "", channel: "", place: "", order: "changed", mode: "swipe", split: "30" };

/** A moment in which B's second channel is 3 larger at its second place. */
function moment(state = {}) {
  const trace = () => ({ header: { stages: [CONV, STAGE], checkpoint: { classes: [] } }, statistics: {} });
  const values = (...own) => new Map([[STAGE.name, Float32Array.from(own)]]);
  return {
    state: { ...STATE, ...state },
    arrived: {
      traces: { a: trace(), b: trace() },
      values: { a: values(1, 1, 1, 1), b: values(1, 1, 1, 4) },
      pair: { no_axis: "" },
    },
    names: { a: "one", b: "two" },
    theme: "light",
    choose: () => ({ pairing: null }),
    stages: { source: "not computed yet" },
  };
}

/** The same with its comparison. */
function compared(state) {
  const m = moment(state);
  return [m, createComparisons()(m)];
}

test("the pair at the pointer, else at the chosen place, else where it differs most", () => {
  const place = (state, pointed) => sideView(...compared(state), pointed).place;
  assert.deepEqual(place({}, null), { row: 0, column: 1 });
  assert.deepEqual(place({ channel: "1", place: "0,0" }, null), { row: 0, column: 0 });
  assert.deepEqual(place({ channel: "1", place: "0,0" }, { row: 0, column: 1 }), { row: 0, column: 1 });
  assert.equal(sideView(moment(), null, { row: 0, column: 1 }).place, null);
  assert.equal(sideView(...compared({}), null).channel, 1);
});

test("the walls, their head and the stages show the same stage", () => {
  const walls = wallsView(...compared({}), [1, 0]);
  assert.deepEqual([walls.selected, walls.split, walls.all, walls.mode], [1, 30, false, "swipe"]);
  assert.deepEqual([walls.bounds.shared.low, walls.bounds.shared.high], [0, 4]);
  const head = headView(...compared({}), 2);
  assert.deepEqual([head.stage.name, head.shown, head.poor], [STAGE.name, 2, 0]);
  const { names, open, other, source } = stagesView(moment());
  assert.deepEqual([names, open, other, source], [[STAGE.name], STAGE.name, STAGE.name, "not computed yet"]);
});

test("a file has every channel, and says how many the walls show", () => {
  const saved = savedView(...compared({}), 1);
  assert.deepEqual(saved.channels, [1, 0]);
  assert.equal(saved.walls, "1 of 2 channels, most changed first");
});
