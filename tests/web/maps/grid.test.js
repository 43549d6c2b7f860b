/** Where the tiles of a wall stand, how its channels are ordered, and what a value of a map sees. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertEach } from "../assertions.js";
import { fieldOf } from "#web/maps/receptive_field.js";
import { fitGrid, scrollGrid, unitColumns } from "#web/maps/grid.js";
import { isFiniteChannel, isSilent } from "#web/maps/statistics.js";
import { largestAt, orderChannels, rankByMaximum, strongestChannel } from "#web/maps/ranking.js";

test("the wall has the design's arithmetic", () => {
  // Design, section 2: channels, side, zoom, columns and rows at 704 × 467, and the zoom at 1118 × 735.
  const grids = [
    [96, 55, 1, 12, 8, 1.5],
    [96, 27, 2, 12, 8, 3],
    [256, 27, 1, 20, 13, 2],
    [256, 13, 2, 20, 13, 4],
    [384, 13, 2, 24, 16, 3],
    [256, 6, 5, 20, 13, 9],
  ];
  const parts = ({ zoom, columns, rows, fits }) => [zoom, columns, rows, fits];
  for (const [channels, side, zoom, columns, rows, large] of grids) {
    assert.deepEqual(parts(fitGrid(channels, side, 704, 467, 1)), [zoom, columns, rows, true]);
    assert.deepEqual(parts(fitGrid(channels, side, 1118, 735, 1)), [large, columns, rows, true]);
  }
});

test("all tiles fit without touching", () => {
  for (const [count, side] of [
    [1, 55],
    [2, 6],
    [96, 55],
    [97, 13],
    [384, 13],
    [1000, 1],
    [5, 200],
  ]) {
    for (const ratio of [1, 1.25, 2]) {
      const [width, height] = [Math.round(704 * ratio), Math.round(467 * ratio)];
      const grid = fitGrid(count, side, width, height, ratio);
      const where = `${count} of ${side} at ${ratio}`;
      assert.ok(grid.columns * grid.rows >= count && count > grid.columns * (grid.rows - 1), where);
      assert.ok(grid.zoom >= 1, where);
      const tile = Math.floor(side * grid.zoom);
      for (const [pitch, number, room] of [
        [grid.pitchX, grid.columns, width],
        [grid.pitchY, grid.rows, height],
      ]) {
        const gap = pitch - tile + 1e-6;
        assert.ok((number - 1) * pitch + tile <= room + 1e-6, where);
        assert.ok(number === 1 || (2 * ratio <= gap && gap <= 9 * ratio + 2e-6), where);
      }
    }
  }
});

test("units stand in a full rectangle", () => {
  assertEach(unitColumns, [
    [4096, 64],
    [9216, 96],
    [1000, 40],
    [200, 20],
    [100, 10],
    [12, 4],
    [31, 6],
    [1, 1],
  ]);
});

test("what does not fit scrolls", () => {
  const grid = fitGrid(4096, 55, 704, 467, 1);
  // ×1: tiles of 55 and gaps of 3: 12 in 704 + 3, 342 rows.
  assert.deepEqual([grid.zoom, grid.columns, grid.rows, grid.fits], [1, 12, 342, false]);
  assert.equal(grid.height, 341 * 58 + 55);
  const chosen = scrollGrid(96, 27, 704, 467, 1, 4);
  assert.deepEqual([chosen.columns, chosen.rows, chosen.tileWidth, chosen.fits], [6, 16, 108, false]);
});

test("order, silence and rank", () => {
  // Of each channel: minimum, maximum, mean, share of zeros, share of finite values.
  const statistics = new Float32Array([
    ...[0, 2, 0.5, 0.25, 1],
    ...[0, 0, 0, 1, 1],
    ...[-1, 5, 0.4, 0, 1],
    ...[0, 2, 0.7, 0.5, 0.9],
  ]);
  const channels = [0, 1, 2, 3];
  assertEach(
    (order) => orderChannels(statistics, order, false),
    [
      ["index", [0, 1, 2, 3]],
      ["maximum", [2, 0, 1, 3]],
      ["mean", [0, 2, 1, 3]],
      ["zeros", [2, 0, 1, 3]],
    ],
  );
  assert.deepEqual(orderChannels(statistics, "maximum", true), [2, 0, 3]);
  assert.deepEqual(
    channels.map((channel) => isSilent(statistics, channel)),
    [false, true, false, false],
  );
  assert.deepEqual(
    channels.map((channel) => isFiniteChannel(statistics, channel)),
    [true, true, true, false],
  );
  assert.deepEqual(
    channels.map((channel) => rankByMaximum(statistics, channel)),
    [2, 4, 1, 2],
  );
});

test("what is not finite comes last in every order but index, and is never the strongest", () => {
  const statistics = new Float32Array([
    ...[NaN, NaN, NaN, 0, 0],
    ...[0, 2, 0.2, 0.5, 1],
    ...[0, 9, 0.1, 0.9, 1],
    ...[NaN, NaN, NaN, 0, 0],
    ...[0, 100, 50, 0, 0.5],
    ...[0, 5, 0.4, 0.7, 1],
  ]);
  assertEach(
    (order) => orderChannels(statistics, order, false),
    [
      ["index", [0, 1, 2, 3, 4, 5]],
      ["maximum", [2, 5, 1, 0, 3, 4]],
      ["mean", [5, 1, 2, 0, 3, 4]],
      ["zeros", [1, 5, 2, 0, 3, 4]],
    ],
  );
  assert.equal(strongestChannel(statistics), 2);
  assert.equal(strongestChannel(statistics.subarray(0, 5)), 0);
  assertEach(largestAt, [
    [[NaN, -3, Infinity, -1, -1], 3],
    [[NaN, NaN], 0],
  ]);
});

test("receptive fields are clipped at the border", () => {
  // pool5 of the article: field 195, jump 32, first row −64. Unit (5, 2): rows 96 … 290, columns 0 … 194.
  const field = fieldOf({ field: 195, jump: 32, start: -64 }, 5, 2, 227);
  assert.deepEqual([field.top, field.bottom, field.left, field.right], [96, 290, 0, 194]);
  assert.deepEqual(field.seen, { top: 96, bottom: 226, left: 0, right: 194 });
  // Windows that do not overlap leave the last four rows out: nothing behind them sees beyond row 222.
  assert.equal(fieldOf({ field: 167, jump: 32, start: -64, reach: 223 }, 5, 2, 227).seen.bottom, 222);
});
