/** Terms as a running sum: where each begins and ends, in shares of the width, and how they read. */
import { numbers } from "../lib/format.js";

/** Values that stand side by side: what differs reads differently. @param {(number | null)[]} values null is not a number @returns {string[]} */
export function valueWords(values) {
  return numbers(values.map((value) => value ?? NaN));
}

/** The same with the sign of what is added; "< 0.001" is above zero without one. @param {(number | null)[]} values @returns {string[]} */
export function termWords(values) {
  return valueWords(values).map((words, i) => ((values[i] ?? 0) > 0 && !words.startsWith("<") ? `+${words}` : words));
}

/** Whether numbers need more room than most do: those with a power of ten. @param {string[]} words @param {number} [most] letters */
export function isLong(words, most = 9) {
  return words.some((each) => each.length > most);
}

/**
 * @param {number[]} sums
 * @returns {{from: number, to: number, zero: number}[]} each 0 … 1; zero where nothing has been added
 */
export function runningSum(sums) {
  const ends = [0];
  for (const sum of sums) ends.push(ends[ends.length - 1] + (Number.isFinite(sum) ? sum : 0));
  const low = Math.min(...ends);
  const span = Math.max(...ends) - low || 1;
  const share = (/** @type {number} */ value) => (value - low) / span;
  return sums.map((_, i) => ({ from: share(ends[i]), to: share(ends[i + 1]), zero: share(0) }));
}

/** The largest of products by magnitude: its row and column. @param {number[][]} products @returns {{row: number, column: number}} */
export function largestProduct(products) {
  const best = { row: 0, column: 0 };
  products.forEach((cells, row) =>
    cells.forEach((value, column) => {
      if (Math.abs(value) > Math.abs(products[best.row][best.column])) Object.assign(best, { row, column });
    }),
  );
  return best;
}
