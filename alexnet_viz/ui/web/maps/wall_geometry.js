/** Where things are on a wall that may scroll: its grid, the part in the panel's window, the value under the pointer. */
import { fitGrid, scrollGrid } from "./grid.js";
import { MARGIN, cornerOf } from "./wall_painting.js";

/** @typedef {import("./grid.js").Grid} Grid */
/** @typedef {import("./wall.js").WallView} WallView */
/** @typedef {import("./wall.js").Place} Place */

/** @param {WallView} view @param {number} width space in device pixels @param {number} height @param {number} ratio @param {number} tile zoom in CSS pixels, 0 where all is to fit @returns {Grid} */
export function gridWithin(view, width, height, ratio, tile) {
  const [count, side] = [view.channels.length, Math.max(view.shape[1], view.shape[2])];
  return tile === 0
    ? fitGrid(Math.max(1, count), side, width, height, ratio)
    : scrollGrid(Math.max(1, count), side, width, height, ratio, tile * ratio);
}

/** @param {Grid} grid @param {number} ratio @returns {number} height of the whole wall with its margins, in device pixels */
export function wholeHeight(grid, ratio) {
  return Math.round((grid.height / ratio + 2 * MARGIN) * ratio);
}

/**
 * Which part of the wall is in the panel's window.
 * @param {Grid} grid @param {number} ratio @param {{scrollTop: number, clientHeight: number}} panel
 * @returns {[number, number]} first row that the canvases show, and their height, in device pixels
 */
export function windowOf(grid, ratio, panel) {
  const whole = wholeHeight(grid, ratio);
  const shown = grid.fits ? whole : Math.min(whole, Math.round((panel.clientHeight + 2 * MARGIN) * ratio));
  return [grid.fits ? 0 : Math.max(0, Math.min(Math.round(panel.scrollTop * ratio), whole - shown)), shown];
}

/** @param {WallView} view @param {Grid} grid @param {number} ratio @param {[number, number]} point device pixels on the wall @returns {Place | null} the value there */
export function placeOn(view, grid, ratio, [x, y]) {
  const margin = MARGIN * ratio;
  const [column, row] = [Math.floor((x - margin) / grid.pitchX), Math.floor((y - margin) / grid.pitchY)];
  const position = row * grid.columns + column;
  if (column < 0 || column >= grid.columns || position < 0 || position >= view.channels.length) return null;
  const [left, top] = cornerOf(grid, position, ratio);
  const clamp = (/** @type {number} */ value, /** @type {number} */ size) =>
    Math.max(0, Math.min(size - 1, Math.floor(value / grid.zoom)));
  return {
    channel: view.channels[position],
    row: clamp(y - top, view.shape[1]),
    column: clamp(x - left, view.shape[2]),
  };
}

/**
 * How far a wall has to be scrolled for the selected channel to be in view.
 * @param {WallView} view @param {Grid} grid @param {number} ratio @param {{scrollTop: number, clientHeight: number}} panel
 * @returns {number | null} CSS pixels, null where it is in view
 */
export function revealingScroll(view, grid, ratio, panel) {
  if (grid.fits) return null;
  const position = view.channels.indexOf(view.selected);
  if (position < 0) return null;
  const above = Math.floor(position / grid.columns) * (grid.pitchY / ratio);
  const bottom = above + grid.tileHeight / ratio;
  const { scrollTop, clientHeight } = panel;
  if (above < scrollTop) return above - 8;
  return bottom > scrollTop + clientHeight ? bottom - clientHeight + 8 : null;
}
