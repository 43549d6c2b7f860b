/** Where a word on a chart covers nothing that stands there already. */

/** @typedef {{left: number, right: number, y: number}} Span of one line of text, or of a curve; y is its middle, in pixels */

/**
 * @param {Span} span @param {Span[]} taken @param {number} line pixels from one line of text to the next
 * @returns {boolean}
 */
export function isFree(span, taken, line) {
  return taken.every(({ left, right, y }) => right <= span.left || left >= span.right || Math.abs(y - span.y) >= line);
}

/**
 * The first y at which a word covers nothing and stays in its chart, null where there is none.
 * @param {{left: number, right: number}} word @param {number[]} places in the order of preference
 * @param {{taken: Span[], from: number, to: number, line: number}} chart
 * @returns {number | null}
 */
export function freePlace({ left, right }, places, { taken, from, to, line }) {
  return places.find((y) => y >= from && y <= to && isFree({ left, right, y }, taken, line)) ?? null;
}
