/** What the Why page says, computed from numbers and never from what can be seen in the photo. */

import { duration, similarity } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";

/** @typedef {import("../server/explanations.js").Explanation} Explanation */
/** @typedef {import("./questions.js").Passes} Passes */

/** `english` is what is said of it in files. */
export const METHODS = [
  { value: "grad-cam", english: "Grad-CAM", text: "Grad-CAM", signed: true },
  { value: "occlusion", english: "occlusion", text: gettext("occlusion"), signed: true },
  {
    value: "integrated-gradients",
    english: "integrated gradients",
    text: gettext("integrated gradients"),
    signed: true,
  },
  { value: "saliency", english: "saliency", text: gettext("saliency"), signed: false },
  { value: "smoothgrad", english: "SmoothGrad", text: "SmoothGrad", signed: false },
  { value: "guided-backprop", english: "guided backprop", text: gettext("guided backprop"), signed: true },
  { value: "deconvolution", english: "deconvolution", text: gettext("deconvolution"), signed: true },
];
/** Rank correlation with the untrained network's map up to which a map depends on what was learnt. */
export const ALIKE = 0.3;

/** @param {string} value */
export function methodOf(value) {
  return METHODS.find((method) => method.value === value) ?? METHODS[0];
}

/** @param {string} text */
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** The rank correlation with the untrained network's map. @param {Explanation} found @returns {number | null} null where all values of the map are one: they have no ranks */
export function likenessOf({ minimum, maximum, like_untrained: likeness }) {
  return minimum === maximum ? null : likeness;
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
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? 0 : Math.max(0, Math.ceil(first + (index - 0.5) * step - 0.5)),
  );
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
  if (found.minimum === 0 && found.maximum === 0)
    return gettext("Nothing speaks for {target} here: every value is 0.", { target });
  const ochre =
    found.versus === null
      ? gettext("Ochre speaks for {target}, blue against it.", { target })
      : gettext("Ochre speaks for {target}, blue for {versus}.", { target, versus: classes[found.versus] });
  const colours = signed
    ? ochre
    : gettext("The darker, the more {target} changes with the pixel; in which direction is not told.", { target });
  const single = evidence(found);
  const lies = { half: halfOf(single), all: single.length };
  const half = found.squares
    ? gettext("Half of the evidence lies in {half} of {all} squares.", lies)
    : gettext("Half of the evidence lies in {half} of {all} pixels.", lies);
  if (found.better === undefined) return `${colours} ${half}`;
  const alike =
    found.like_untrained > ALIKE
      ? gettext("It looks the same untrained: it shows the photo rather than the reasons.")
      : "";
  return [colours, half, verdict(text, found.better), alike].filter(Boolean).join(" ");
}

/** @param {string} method @param {number} better on how many of two counts the map is better than random ones @returns {string} */
function verdict(method, better) {
  if (better === 0) return gettext("On this photo {method} tells little more than a random map.", { method });
  if (better === 1)
    return gettext("On this photo {method} tells better than a random map on one of two counts.", { method });
  return gettext("On this photo {method} tells better than a random map.", { method });
}

/** What is waited for, how far it is, and about how long it takes. @param {Passes} passes @returns {string} */
export function passesWords({ method, done, total, seconds }) {
  const name = capital(methodOf(method).text);
  if (!total) return gettext("{method} waits for its turn.", { method: name });
  if (!done)
    return ngettext("{method}, {passes} pass.", "{method}, {passes} passes.", total, { method: name, passes: total });
  return ngettext(
    "{method}, {done} of {total} pass, about {left}.",
    "{method}, {done} of {total} passes, about {left}.",
    total,
    { method: name, done, total, left: duration((seconds / done) * (total - done)) },
  );
}

/** @param {Passes | null} passes when it was cancelled @returns {string} */
export function cancelledWords(passes) {
  return passes?.total
    ? gettext("Cancelled at {done} of {total} passes.", { done: passes.done, total: passes.total })
    : gettext("Cancelled.");
}

/**
 * A method that tells clearly more than the shown one: better than random on both counts, and the best of those.
 * @param {Explanation} shown @param {Explanation[]} others
 * @returns {{method: string, words: string} | null}
 */
export function better(shown, others) {
  const clear = others.filter(
    (each) =>
      each.better === 2 &&
      (likenessOf(each) ?? 1) <= ALIKE &&
      each.deletion < shown.deletion &&
      each.insertion > shown.insertion,
  );
  if (shown.better === 2 || !clear.length) return null;
  const best = clear.reduce((a, b) => (b.insertion - b.deletion > a.insertion - a.deletion ? b : a));
  return {
    method: best.method,
    words: gettext("{method} tells more: {deletion} and {insertion}.", {
      method: capital(methodOf(best.method).text),
      deletion: similarity(best.deletion),
      insertion: similarity(best.insertion),
    }),
  };
}
