/** What is said of a picture made for a unit: what it reaches, beside the best image part. */
import { number, numbers } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { address } from "../server/api.js";

/** @typedef {{step: number, response: number | null}} Moment response: null is not a number */

/** Steps whose pictures never change: 0, 4, 8, 16 … @param {number} step @returns {boolean} */
export function isInFilm(step) {
  return step === 0 || (step >= 4 && Number.isInteger(Math.log2(step)));
}

/** @param {Record<string, string>} query @param {string} sign @param {number} step @param {string} digest of the checkpoint @returns {string} */
export function pictureAddress(query, sign, step, digest) {
  return address("unit/made.png", { ...query, sign, step: String(step), ...(isInFilm(step) && { digest }) }).href;
}

/**
 * @param {{response: number | null, contrast: string, best: number | null, most: number | null, isDone: boolean}} made best: null where no
 *   image parts were searched; most: what no picture of this contrast exceeds, null where that is not known
 * @returns {{words: string, mayGrow: boolean}} mayGrow: false unless the best image part is stronger and more steps might help
 */
export function comparison({ response, contrast, best, most, isDone }) {
  if (best === null) return { words: gettext("no image parts searched yet"), mayGrow: false };
  const [reached, value, exceeded] = numbers([response ?? NaN, best, most]);
  if (contrast === "full")
    return { words: gettext("at full contrast; image parts have less, the best {value}", { value }), mayGrow: false };
  if (response === null || (response < best && isDone))
    return notReached({ response: reached, value }, most !== null && most < best ? exceeded : null);
  const isRatio = response >= best && best > 0;
  return {
    words: isRatio
      ? gettext("{times} × the best image part, {value}", { times: number(response / best, 2), value })
      : gettext("best image part {value}", { value }),
    mayGrow: false,
  };
}

/** @param {{response: string, value: string}} told what it reaches, and the best image part @param {string | null} most what no picture exceeds, where that is less */
function notReached(told, most) {
  const words = gettext("Not reached: {response}, best image part {value}.", told);
  if (most === null) return { words, mayGrow: true };
  return { words: `${words} ${gettext("No picture of this contrast exceeds {most}.", { most })}`, mayGrow: false };
}

/** The step shown, else the last one. @param {Moment[]} film @param {string} step @returns {Moment | null} */
export function momentAt(film, step) {
  return film.find((moment) => String(moment.step) === step) ?? film.at(-1) ?? null;
}

/** The film's next or previous step. @param {Moment[]} film @param {string} step @param {number} by @returns {string | null} null at the ends */
export function stepBy(film, step, by) {
  const at = film.findIndex((moment) => moment === momentAt(film, step)) + by;
  if (at < 0 || at >= film.length) return null;
  return at === film.length - 1 ? "" : String(film[at].step);
}

/**
 * Where the course of the response is drawn: x in the middle of each picture of the film, y from the top; shares of width and height.
 * @param {Moment[]} film @param {number | null} best @returns {{points: {x: number, y: number | null}[], best: number | null}}
 */
export function course(film, best) {
  const values = film.flatMap(({ response }) => (Number.isFinite(response) ? [/** @type {number} */ (response)] : []));
  const low = Math.min(...values, best ?? Infinity, 0);
  const high = Math.max(...values, best ?? -Infinity, 0);
  const y = (/** @type {number} */ value) => (high - value) / (high - low || 1);
  return {
    points: film.map(({ response }, i) => ({
      x: (i + 0.5) / film.length,
      y: Number.isFinite(response) ? y(/** @type {number} */ (response)) : null,
    })),
    best: best === null ? null : y(best),
  };
}
