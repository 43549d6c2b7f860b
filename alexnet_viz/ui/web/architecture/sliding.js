/** A window that slides over a square map: how large what comes out is, and where each window lies. */
import { marked } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";

/** @typedef {{size: number, side: number, stride: number, padding: number}} Sliding all in values: the map's side, the window's, a step, what is added all around */

/** @param {Sliding} sliding @returns {number} how many windows fit along a side; 0 where not even one does */
export function countOf({ size, side, stride, padding }) {
  return Math.max(0, Math.floor((size + 2 * padding - side) / stride) + 1);
}

/** @param {Sliding} sliding @returns {number} rows at the lower border, padding included, that no window reaches */
export function unreached(sliding) {
  const { size, side, stride, padding } = sliding;
  return size + 2 * padding - ((countOf(sliding) - 1) * stride + side);
}

/** The first row of a window, counted from the map's first: negative in the padding. @param {Sliding} sliding @param {number} index @returns {number} */
export function startOf({ stride, padding }, index) {
  return index * stride - padding;
}

/** The sum in words. @param {Sliding} sliding @returns {string} "(227 − 11) / 4 + 1 = 55" */
export function sumText(sliding) {
  const { size, side, stride, padding } = sliding;
  const count = countOf(sliding);
  if (!count)
    return gettext("A window of {side} is larger than {size} + 2 × {padding} = {whole}: nothing comes out.", {
      side,
      size,
      padding,
      whole: size + 2 * padding,
    });
  const exact = (size + 2 * padding - side) / stride + 1;
  const answer = Number.isInteger(exact)
    ? String(count)
    : gettext("{exact}, rounded down to {count}", { exact: marked(String(Number(exact.toFixed(2)))), count });
  return `(${size}${padding ? ` + 2 × ${padding}` : ""} − ${side}) / ${stride} + 1 = ${answer}`;
}

/** What one sees of it. @param {Sliding} sliding @returns {string} */
export function consequence(sliding) {
  const { side, stride, size, padding } = sliding;
  const count = countOf(sliding);
  if (!count) return gettext("Make the window smaller, or the padding wider.");
  const left = unreached(sliding);
  const [gap, shared] = [stride - side, side - stride];
  const windows = ngettext("{side} × {side} = {count} window.", "{side} × {side} = {count} windows.", count * count, {
    side: count,
    count: count * count,
  });
  return [
    windows,
    count === size && gettext("The size stays."),
    shared > 0 && gettext("Neighbours share {shared} of {side} rows.", { shared, side }),
    gap > 0 &&
      ngettext("Between two windows {gap} value is left out.", "Between two windows {gap} values are left out.", gap, {
        gap,
      }),
    left > 0 &&
      ngettext("One row and one column are in no window.", "{left} rows and {left} columns are in no window.", left, {
        left,
      }),
    padding >= side && gettext("The outer windows see nothing but padding."),
  ]
    .filter(Boolean)
    .join(" ");
}
