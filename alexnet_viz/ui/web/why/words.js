/** What the Why page says, computed from numbers and never from what can be seen in the photo. */

import { duration } from "../lib/format.js";

/** @typedef {import("../server/api.js").Explanation} Explanation */
/** @typedef {import("./questions.js").Passes} Passes */

export const METHODS = [
  { value: "grad-cam", text: "Grad-CAM", signed: true },
  { value: "occlusion", text: "occlusion", signed: true },
  { value: "integrated-gradients", text: "integrated gradients", signed: true },
  { value: "saliency", text: "saliency", signed: false },
  { value: "smoothgrad", text: "SmoothGrad", signed: false },
  { value: "guided-backprop", text: "guided backprop", signed: true },
  { value: "deconvolution", text: "deconvolution", signed: true },
];
/** Rank correlation with the untrained network's map up to which a map depends on what was learnt. */
export const ALIKE = 0.3;

/** @param {string} value */
export function methodOf(value) {
  return METHODS.find((method) => method.value === value) ?? METHODS[0];
}

/** @param {string} text */
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** An area under a curve, or a correlation. @param {number} value @returns {string} */
export function two(value) {
  if (value !== 0 && Math.abs(value) < 0.005) return value > 0 ? "< 0.01" : "> −0.01";
  return value.toFixed(2).replace("-", "−");
}

/**
 * In how many of the values that were computed half of the evidence lies: the largest magnitudes first.
 * @param {ArrayLike<number>} values one a square
 * @returns {number} 0 where there is no evidence
 */
export function halfOf(values) {
  const sizes = Array.from(values, Math.abs).sort((a, b) => b - a);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let sum = 0;
  if (total === 0) return 0;
  return 1 + sizes.findIndex((size) => (sum += size) >= total / 2);
}

/** The first pixel's row of each square: where a value begins that is repeated up to the next. @param {{count: number, first: number, step: number, size: number}} squares @returns {number[]} */
export function squareStarts({ count, first, step }) {
  return Array.from({ length: count }, (_, index) => (index === 0 ? 0 : Math.max(0, Math.ceil(first + (index - 0.5) * step - 0.5))));
}

/** One value a square of a map by pixel; the map itself where it has no squares. @param {Explanation} found @returns {Float32Array} */
export function evidence({ values, squares }) {
  if (!squares) return values;
  const starts = squareStarts(squares);
  return Float32Array.from(starts.flatMap((row) => starts.map((column) => values[row * squares.size + column])));
}

/**
 * @param {Explanation} found @param {string[]} classes
 * @returns {string} what the colours mean, where half of the evidence lies, and the verdict
 */
export function sentence(found, classes) {
  const { text, signed } = methodOf(found.method);
  const target = classes[found.target];
  if (found.minimum === 0 && found.maximum === 0) return `Nothing speaks for ${target} here: every value is 0.`;
  const against = found.versus === null ? `blue against it` : `blue for ${classes[found.versus]}`;
  const colours = signed ? `Ochre speaks for ${target}, ${against}.` : `The darker, the more ${target} changes with the pixel; in which direction is not told.`;
  const single = evidence(found);
  const half = `Half of the evidence lies in ${halfOf(single)} of ${single.length} ${found.squares ? "squares" : "pixels"}.`;
  if (!found.verdict) return `${colours} ${half}`;
  const verdict = `On this photo ${text} tells ${found.verdict}.`;
  const alike = found.like_untrained > ALIKE ? " It looks the same untrained: it shows the photo rather than the reasons." : "";
  return `${colours} ${half} ${verdict}${alike}`;
}

/** What is waited for, how far it is, and about how long it takes. @param {string} method @param {Passes} passes @returns {string} */
export function passesWords(method, { done, total, seconds }) {
  const name = capital(methodOf(method).text);
  if (!total) return `${name} waits for its turn.`;
  const passes = `${total} ${total === 1 ? "pass" : "passes"}`;
  if (!done) return `${name}, ${passes}.`;
  return `${name}, ${done} of ${passes}, about ${duration((seconds / done) * (total - done))}.`;
}

/** @param {Passes | null} passes when it was cancelled @returns {string} */
export function cancelledWords(passes) {
  return passes?.total ? `Cancelled at ${passes.done} of ${passes.total} passes.` : "Cancelled.";
}

/**
 * A method that tells clearly more than the shown one: better than random on both counts, and the best of those.
 * @param {Explanation} shown @param {Explanation[]} others
 * @returns {{method: string, words: string} | null}
 */
export function better(shown, others) {
  const clear = others.filter((each) => each.better === 2 && each.like_untrained <= ALIKE && each.deletion < shown.deletion && each.insertion > shown.insertion);
  if (shown.better === 2 || !clear.length) return null;
  const best = clear.reduce((a, b) => (b.insertion - b.deletion > a.insertion - a.deletion ? b : a));
  return { method: best.method, words: `${capital(methodOf(best.method).text)} tells more: ${two(best.deletion)} and ${two(best.insertion)}.` };
}
