/** What a value of a map sees of the input. */

/**
 * The input pixels that a unit sees, clipped and unclipped.
 * @param {{field: number, jump: number, start: number, reach?: number}} stage `reach`: rows of the input that any unit of it sees
 * @param {number} row
 * @param {number} column
 * @param {number} size side of the input
 */
export function fieldOf({ field, jump, start, reach }, row, column, size) {
  const [top, left] = [start + row * jump, start + column * jump];
  const clip = (/** @type {number} */ value) => Math.max(0, Math.min((reach ?? size) - 1, value));
  return {
    top,
    left,
    bottom: top + field - 1,
    right: left + field - 1,
    seen: { top: clip(top), left: clip(left), bottom: clip(top + field - 1), right: clip(left + field - 1) },
  };
}
