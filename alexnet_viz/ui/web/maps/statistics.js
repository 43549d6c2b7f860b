/** The five statistics of each channel: minimum, maximum, mean, share of zeros, share that is finite. */

/** @param {Float32Array} statistics @param {number} channel @returns {boolean} nothing but zeros on this photo */
export function isSilent(statistics, channel) {
  return statistics[channel * 5 + 3] === 1;
}

/** @param {Float32Array} statistics @param {number} channel @returns {boolean} */
export function isFinite5(statistics, channel) {
  return statistics[channel * 5 + 4] === 1;
}
