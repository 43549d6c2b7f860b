/** Where things are on a wall that scrolls: 10 channels of 10 × 10 values, four in a row, each value two pixels. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertEach } from "../assertions.js";
import { gridWithin, placeOn, revealingScroll, windowOf } from "#web/maps/wall_geometry.js";

const GRID = {
  ...{ zoom: 2, columns: 4, rows: 3, tileWidth: 20, tileHeight: 20 },
  ...{ pitchX: 25, pitchY: 23, width: 95, height: 66, fits: false },
};
const VIEW = /** @type {any} */ ({ shape: [10, 10, 10], channels: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], selected: 1 });

test("a zoom that is chosen counts CSS pixels, no zoom lets all channels fit", () => {
  const view = /** @type {any} */ ({ shape: [96, 55, 55], channels: Array.from({ length: 96 }, (_, i) => i) });
  const [fitting, chosen] = [gridWithin(view, 704, 467, 1, 0), gridWithin(view, 704, 467, 2, 4)];
  assert.deepEqual([fitting.zoom, fitting.fits], [1, true]);
  assert.deepEqual([chosen.zoom, chosen.fits], [8, false]);
});

test("a point on the wall is a value of a channel, in a gap the nearest of the tile before, beside the tiles nothing", () => {
  assertEach(
    (point) => placeOn(VIEW, GRID, 1, point),
    [
      [[36, 38], { channel: 4, row: 4, column: 2 }], // the margin is 6: tile 5 begins at 31, 29
      [[27, 6], { channel: 9, row: 0, column: 9 }],
      [[5, 6], null],
      [[106, 6], null], // a fifth column
      [[56, 52], null], // an eleventh channel
    ],
  );
  assert.deepEqual(placeOn(VIEW, GRID, 2, [17, 21]), { channel: 9, row: 4, column: 2 }); // the margin is 12
});

test("the canvases show a window of a wall that scrolls, and not beyond its end", () => {
  // The wall is 66 + 12 high, the window 40 + 12.
  assertEach(
    (scrollTop) => windowOf(GRID, 1, { scrollTop, clientHeight: 40 }),
    [
      [0, [0, 52]],
      [10, [10, 52]],
      [30, [26, 52]],
    ],
  );
  assert.deepEqual(windowOf(GRID, 2, { scrollTop: 5, clientHeight: 40 }), [0, 90]); // (33 + 12) · 2, all of it
  assert.deepEqual(windowOf({ ...GRID, fits: true }, 1, { scrollTop: 10, clientHeight: 40 }), [0, 78]);
});

test("a wall scrolls as far as the selected channel needs, eight pixels more", () => {
  // Channel 1 stands in the third row, from 46 to 66.
  assertEach(
    (scrollTop) => revealingScroll(VIEW, GRID, 1, { scrollTop, clientHeight: 40 }),
    [
      [0, 34],
      [30, null],
      [50, 38],
    ],
  );
  const panel = { scrollTop: 0, clientHeight: 40 };
  assert.equal(revealingScroll({ ...VIEW, selected: -1 }, GRID, 1, panel), null);
  assert.equal(revealingScroll(VIEW, { ...GRID, fits: true }, 1, panel), null);
});
