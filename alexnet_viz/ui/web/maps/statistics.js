/** The five statistics of each channel of a stage, as the server sends them: (C, 5) in one array. */

/** Minimum, maximum, mean, share of zeros, share that is finite. */
export const STATISTICS = 5;

/** @typedef {ArrayLike<number>} Statistics */

/** @param {Statistics} statistics @returns {number} */
export function channelCount(statistics) {
  return statistics.length / STATISTICS;
}

/** @param {Statistics} statistics @param {number} channel @returns {number} */
export function minimumOf(statistics, channel) {
  return statistics[channel * STATISTICS];
}

/** @param {Statistics} statistics @param {number} channel @returns {number} */
export function maximumOf(statistics, channel) {
  return statistics[channel * STATISTICS + 1];
}

/** @param {Statistics} statistics @param {number} channel @returns {number} */
export function meanOf(statistics, channel) {
  return statistics[channel * STATISTICS + 2];
}

/** @param {Statistics} statistics @param {number} channel @returns {number} share of zeros */
export function zerosOf(statistics, channel) {
  return statistics[channel * STATISTICS + 3];
}

/** @param {Statistics} statistics @param {number} channel @returns {boolean} nothing but zeros on this photo */
export function isSilent(statistics, channel) {
  return zerosOf(statistics, channel) === 1;
}

/** @param {Statistics} statistics @param {number} channel @returns {number} share of values that are finite numbers */
export function finiteShareOf(statistics, channel) {
  return statistics[channel * STATISTICS + 4];
}

/** @param {Statistics} statistics @param {number} channel @returns {boolean} every value is a finite number */
export function isFiniteChannel(statistics, channel) {
  return finiteShareOf(statistics, channel) === 1;
}
