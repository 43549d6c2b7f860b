/** Which values and which channels come first. */
import { channelCount, isFiniteChannel, isSilent, maximumOf, meanOf, zerosOf } from "./statistics.js";

/** @param {ArrayLike<number>} values @param {number} count @returns {number[]} positions of the largest, largest first; what is not finite comes last */
export function strongest(values, count) {
  const key = (/** @type {number} */ index) => (Number.isFinite(values[index]) ? values[index] : -Infinity);
  return Array.from(values, (_, index) => index)
    .sort((a, b) => (key(b) === key(a) ? a - b : key(b) - key(a)))
    .slice(0, count);
}

/**
 * Which channels stand in the wall, and in which order; those that are not finite come last in every order but index.
 * @param {Float32Array} statistics
 * @param {"index" | "maximum" | "mean" | "zeros"} order
 * @param {boolean} hideSilent
 * @returns {number[]} channel numbers
 */
export function orderChannels(statistics, order, hideSilent) {
  const channels = channelsOf(statistics);
  const shown = hideSilent ? channels.filter((channel) => !isSilent(statistics, channel)) : channels;
  if (order === "index") return shown;
  const valueOf = { maximum: maximumOf, mean: meanOf, zeros: zerosOf }[order];
  // Fewest zeros first, so that the liveliest channels lead in every order but index.
  const sign = order === "zeros" ? 1 : -1;
  const key = (/** @type {number} */ channel) =>
    isFiniteChannel(statistics, channel) ? sign * valueOf(statistics, channel) : Infinity;
  return shown.sort((a, b) => compare(key(a), key(b)) || a - b);
}

/** @param {Float32Array} statistics @returns {number[]} */
function channelsOf(statistics) {
  return Array.from({ length: channelCount(statistics) }, (_, channel) => channel);
}

/** Two infinite keys have no difference. @param {number} a @param {number} b */
function compare(a, b) {
  return a === b ? 0 : a - b;
}

/** @param {ArrayLike<number>} values @returns {number} where the largest finite value stands, the first of equals; 0 where there is none */
export function largestAt(values) {
  let best = -1;
  for (let i = 0; i < values.length; i += 1)
    if (Number.isFinite(values[i]) && (best < 0 || values[i] > values[best])) best = i;
  return Math.max(0, best);
}

/** @param {Float32Array} statistics @returns {number} the channel that leads in the order of maxima */
export function strongestChannel(statistics) {
  return largestAt(
    channelsOf(statistics).map((channel) =>
      isFiniteChannel(statistics, channel) ? maximumOf(statistics, channel) : NaN,
    ),
  );
}

/** @param {Float32Array} statistics @param {number} channel one with a finite value @returns {number} from 1 */
export function rankByMaximum(statistics, channel) {
  const own = maximumOf(statistics, channel);
  return 1 + channelsOf(statistics).filter((other) => maximumOf(statistics, other) > own).length;
}
