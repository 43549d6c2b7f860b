/** The network as a strip: how large its pictures are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { faceSide } from "#web/maps/strip_pictures.js";

test("faces step down evenly", () => {
  const sides = [227, 55, 27, 13, 6].map((side) => faceSide(side, 1));
  assert.deepEqual(
    sides,
    [...new Set(sides)].sort((a, b) => b - a),
  );
  // Each halving is one equal step: 6 → 12 → 24 → 48 → 96 → 192.
  const halvings = [1, 2, 4, 8, 16, 32].map((times) => faceSide(6 * times, 1));
  const steps = halvings.slice(1).map((side, index) => side - halvings[index]);
  assert.ok(Math.max(...steps) - Math.min(...steps) <= 1);
});
