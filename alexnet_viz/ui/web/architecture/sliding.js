/** A window that slides over a square map: how large what comes out is, and where each window lies. */

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
  if (!count) return `A window of ${side} is larger than ${size} + 2 × ${padding} = ${size + 2 * padding}: nothing comes out.`;
  const exact = (size + 2 * padding - side) / stride + 1;
  const rounded = Number.isInteger(exact) ? "" : `${Number(exact.toFixed(2))}, rounded down to `;
  return `(${size}${padding ? ` + 2 × ${padding}` : ""} − ${side}) / ${stride} + 1 = ${rounded}${count}`;
}

/** What one sees of it. @param {Sliding} sliding @returns {string} */
export function consequence(sliding) {
  const { side, stride, size, padding } = sliding;
  const count = countOf(sliding);
  if (!count) return "Make the window smaller, or the padding wider.";
  const left = unreached(sliding);
  const lost = left ? ` ${left === 1 ? "One row and one column are" : `${left} rows and ${left} columns are`} in no window.` : "";
  const gap = stride > side ? ` Between two windows ${stride - side} ${stride - side === 1 ? "value is" : "values are"} left out.` : "";
  const shared = stride < side ? ` Neighbours share ${side - stride} of ${side} rows.` : "";
  const same = count === size ? " The size stays." : "";
  const empty = padding >= side ? " The outer windows see nothing but padding." : "";
  return `${count} × ${count} = ${count * count} windows.${same}${shared}${gap}${lost}${empty}`;
}
