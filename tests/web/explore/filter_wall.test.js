import assert from "node:assert/strict";
import { test } from "node:test";
import { wallsOf } from "../../../alexnet_viz/ui/web/explore/filter_wall.js";

const values = new Float32Array([1, 2]);
const excited = new Float32Array([3, 4]);
const shape = [1, 2, 1, 1];

test("filters that pictures have shaped stand once", () => {
  assert.deepEqual(
    wallsOf({ values, excited, isReadable: true, shape }).map(([, weights]) => weights),
    [values],
  );
});

test("others stand twice: as stored, then what pictures excite", () => {
  assert.deepEqual(
    wallsOf({ values, excited, isReadable: false, shape }).map(([, weights]) => weights),
    [values, excited],
  );
});

test("of a network without colour there is only what is stored", () => {
  assert.deepEqual(
    wallsOf({ values, excited: null, isReadable: false, shape }).map(([, weights]) => weights),
    [values],
  );
});
