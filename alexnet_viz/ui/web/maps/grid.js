/** The wall's arithmetic: how large a value is drawn and how many channels stand in a row. */

/** @typedef {{zoom: number, columns: number, rows: number, tileWidth: number, tileHeight: number, pitchX: number, pitchY: number, width: number, height: number, fits: boolean}} Grid */

const GAP_LEAST = 2;
const GAP_MOST = 9;

/**
 * Zoom is the largest whole number of device pixels per value with which all channels fit; for maps of 48 values and more
 * half steps are allowed. The columns are those that leave the largest square for a tile. What remains is gap.
 * @param {number} count channels
 * @param {number} side values along the longer side of a map
 * @param {number} width space in device pixels
 * @param {number} height
 * @param {number} ratio device pixels per CSS pixel
 * @returns {Grid}
 */
export function fitGrid(count, side, width, height, ratio) {
  const least = GAP_LEAST * ratio;
  let columns = 1;
  let room = 0;
  for (let n = 1; n <= count; n += 1) {
    const smaller = Math.min((width + least) / n, (height + least) / Math.ceil(count / n)) - least;
    if (smaller > room) [room, columns] = [smaller, n];
  }
  const step = side >= 48 ? 0.5 : 1;
  const zoom = Math.floor(room / side / step + 1e-9) * step;
  if (zoom < 1) return scrollGrid(count, side, width, height, ratio, 1);
  const tile = Math.floor(side * zoom);
  const rows = Math.ceil(count / columns);
  const spread = (/** @type {number} */ space, /** @type {number} */ n) =>
    n < 2 ? tile : Math.min((space - tile) / (n - 1), tile + GAP_MOST * ratio);
  const [pitchX, pitchY] = [spread(width, columns), spread(height, rows)];
  return { zoom, columns, rows, tileWidth: tile, tileHeight: tile, pitchX, pitchY, width, height, fits: true };
}

/**
 * A zoom that the user has chosen: as many columns as fit, the rest scrolls.
 * @param {number} count
 * @param {number} side
 * @param {number} width
 * @param {number} height
 * @param {number} ratio
 * @param {number} zoom device pixels per value
 * @returns {Grid}
 */
export function scrollGrid(count, side, width, height, ratio, zoom) {
  const tile = Math.floor(side * zoom);
  const gap = 3 * ratio;
  const columns = Math.max(1, Math.min(count, Math.floor((width + gap) / (tile + gap))));
  const rows = Math.ceil(count / columns);
  const pitchX = columns < 2 ? tile : Math.min((width - tile) / (columns - 1), tile + GAP_MOST * ratio);
  const pitchY = tile + gap;
  const needed = (rows - 1) * pitchY + tile;
  return {
    zoom,
    columns,
    rows,
    tileWidth: tile,
    tileHeight: tile,
    pitchX,
    pitchY,
    width,
    height: Math.max(height, needed),
    fits: needed <= height,
  };
}

/**
 * How many units without a place stand in a row: as square as can be without a gap in the last row, 64 × 64 or 25 rows
 * of 40, or with one where the sides would differ by more than a factor of two.
 * @param {number} total
 * @returns {number}
 */
export function unitColumns(total) {
  for (let rows = Math.floor(Math.sqrt(total)); 2 * rows ** 2 >= total; rows -= 1)
    if (total % rows === 0) return total / rows;
  return Math.ceil(Math.sqrt(total));
}
