/** Points of a tuning curve: where they are drawn, which one is meant. Amounts of scale stand by their number, as all do. */

/** @typedef {{by: string, unit: string, x: number[], response: (number | null)[], at: number | null, beside: number | null}} Tuning at: the photo as it is */

/** The point of an amount; the photo as it is, or of a grating the strongest, where none is given. @param {Tuning} found @param {string} amount @returns {number} */
export function pointOf({ x, response, at }, amount) {
  const given = x.findIndex((each) => String(each) === amount);
  if (given >= 0) return given;
  if (at !== null) return x.indexOf(at);
  return response.reduce(
    (/** @type {number} */ best, value, i) => ((value ?? -Infinity) > (response[best] ?? -Infinity) ? i : best),
    0,
  );
}

/** The point nearest to a share of the width. @param {Tuning} found @param {number} share @returns {number} */
export function nearest({ x }, share) {
  return Math.max(0, Math.min(x.length - 1, Math.round(share * (x.length - 1))));
}

/**
 * Equal steps from left to right; from the largest value, or zero, at the top to the smallest, or zero.
 * @param {Tuning} found @returns {{points: {x: number, y: number | null}[], zero: number}} shares of width and height; y is null of what was not a number
 */
export function curveOf({ x, response }) {
  const values = response.map((value) => value ?? 0);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const y = (/** @type {number} */ value) => (high - value) / (high - low || 1);
  return {
    points: response.map((value, i) => ({
      x: x.length > 1 ? i / (x.length - 1) : 0.5,
      y: value === null ? null : y(value),
    })),
    zero: y(0),
  };
}
