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
  const spread = (/** @type {number} */ space, /** @type {number} */ n) => (n < 2 ? tile : Math.min((space - tile) / (n - 1), tile + GAP_MOST * ratio));
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
  return { zoom, columns, rows, tileWidth: tile, tileHeight: tile, pitchX, pitchY, width, height: Math.max(height, needed), fits: needed <= height };
}

/**
 * How many units without a place stand in a row: as square as can be without a gap in the last row, 64 × 64 or 25 rows
 * of 40, or with one where the sides would differ by more than a factor of two.
 * @param {number} total
 * @returns {number}
 */
export function unitColumns(total) {
  for (let rows = Math.floor(Math.sqrt(total)); 2 * rows ** 2 >= total; rows -= 1) if (total % rows === 0) return total / rows;
  return Math.ceil(Math.sqrt(total));
}

/**
 * Which channels stand in the wall, and in which order; those that are not finite come last in every order but index.
 * @param {Float32Array} statistics (C, 5): minimum, maximum, mean, share of zeros, share that is finite
 * @param {"index" | "maximum" | "mean" | "zeros"} order
 * @param {boolean} hideSilent
 * @returns {number[]} channel numbers
 */
export function orderChannels(statistics, order, hideSilent) {
  const channels = Array.from({ length: statistics.length / 5 }, (_, channel) => channel);
  const shown = hideSilent ? channels.filter((channel) => !isSilent(statistics, channel)) : channels;
  if (order === "index") return shown;
  const column = { maximum: 1, mean: 2, zeros: 3 }[order];
  // Fewest zeros first, so that the liveliest channels lead in every order but index.
  const sign = order === "zeros" ? 1 : -1;
  const key = (/** @type {number} */ channel) => (isFinite5(statistics, channel) ? sign * statistics[channel * 5 + column] : Infinity);
  return shown.sort((a, b) => compare(key(a), key(b)) || a - b);
}

/** @param {Float32Array} statistics @param {number} channel @returns {boolean} nothing but zeros on this photo */
export function isSilent(statistics, channel) {
  return statistics[channel * 5 + 3] === 1;
}

/** @param {Float32Array} statistics @param {number} channel @returns {boolean} */
export function isFinite5(statistics, channel) {
  return statistics[channel * 5 + 4] === 1;
}

/** Two infinite keys have no difference. @param {number} a @param {number} b */
function compare(a, b) {
  return a === b ? 0 : a - b;
}

/** @param {ArrayLike<number>} values @returns {number} where the largest finite value stands, the first of equals; 0 where there is none */
export function largestAt(values) {
  let best = -1;
  for (let i = 0; i < values.length; i += 1) if (Number.isFinite(values[i]) && (best < 0 || values[i] > values[best])) best = i;
  return Math.max(0, best);
}

/** @param {Float32Array} statistics @returns {number} the channel that leads in the order of maxima */
export function strongestChannel(statistics) {
  return largestAt(Array.from({ length: statistics.length / 5 }, (_, channel) => (isFinite5(statistics, channel) ? statistics[channel * 5 + 1] : NaN)));
}

/** @param {Float32Array} statistics @param {number} channel one with a finite value @returns {number} from 1 */
export function rankByMaximum(statistics, channel) {
  const own = statistics[channel * 5 + 1];
  let rank = 1;
  for (let i = 1; i < statistics.length; i += 5) if (statistics[i] > own) rank += 1;
  return rank;
}

/**
 * The input pixels that a unit sees, clipped and unclipped.
 * @param {{field: number, jump: number, start: number}} stage
 * @param {number} row
 * @param {number} column
 * @param {number} size side of the input
 */
export function fieldOf({ field, jump, start }, row, column, size) {
  const [top, left] = [start + row * jump, start + column * jump];
  const clip = (/** @type {number} */ value) => Math.max(0, Math.min(size - 1, value));
  return { top, left, bottom: top + field - 1, right: left + field - 1, seen: { top: clip(top), left: clip(left), bottom: clip(top + field - 1), right: clip(left + field - 1) } };
}
