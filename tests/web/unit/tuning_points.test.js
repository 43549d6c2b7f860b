import assert from "node:assert/strict";
import { test } from "node:test";
import { curveOf, nearest, pointOf } from "#web/unit/tuning_points.js";

const ROTATION = { by: "rotation", unit: "degrees", x: [-10, 0, 10], response: [2, 4, -4], at: 0, beside: null };
const GRATING = { by: "orientation", unit: "degrees", x: [0, 45, 90], response: [1, null, 3], at: null, beside: 8 };

test("the point is the given amount, else the photo as it is, else the strongest grating", () => {
  assert.deepEqual([pointOf(ROTATION, "10"), pointOf(ROTATION, ""), pointOf(ROTATION, "7")], [2, 1, 1]);
  assert.equal(pointOf(GRATING, ""), 2);
});

test("a pointer takes the nearest point", () => {
  assert.deepEqual(
    [-0.2, 0.2, 0.3, 0.8, 1.4].map((share) => nearest(ROTATION, share)),
    [0, 0, 1, 2, 2],
  );
});

test("a curve goes from its largest value to its smallest, and has zero in it", () => {
  assert.deepEqual(curveOf(ROTATION), {
    points: [
      { x: 0, y: 0.25 },
      { x: 0.5, y: 0 },
      { x: 1, y: 1 },
    ],
    zero: 0.5,
  });
  assert.deepEqual(curveOf(GRATING).points[1], { x: 0.5, y: null }); // what is not a number is nowhere
  assert.equal(curveOf(GRATING).zero, 1);
});
