/** Numbers and words as the pages write them, in the language in use. */
import { decimal, gettext } from "./language.js";

const THIN = "\u202f"; // between thousands; no line breaks there
const MINUS = "\u2212";
/** A similarity so close to 1 is 1: the sums behind it are no more exact. */
const ROUNDING = 1e-9;

/**
 * Numbers follow one rule in both languages, held to one table by the tests; alexnet_viz/number_words.py is the other half.
 * What is not exact is never written as if it were: no "100 %", "0 %", "1.00" or "−0.00" by rounding. Numbers that are shown
 * side by side get as many figures as tell them apart. null is what was not measured, "–"; NaN is "not a number".
 * @typedef {number | null | undefined} Value
 */

/**
 * Three significant figures, 5.52, 0.345, 12.5, or more; "0" for exact zero, "< 0.001" below it.
 * @param {Value} value
 * @param {number} [digits]
 * @returns {string}
 */
export function number(value, digits = 3) {
  return significant(value, digits, 0.001);
}

/**
 * Numbers that are shown side by side.
 * @param {readonly Value[]} values
 * @returns {string[]}
 */
export function numbers(values) {
  return apart(values, (value, digits) => significant(value, digits, Number(`1e-${digits}`)), 3, 6);
}

/**
 * A share: 40 %, 8.7 %, < 0.1 %, > 99.9 %.
 * @param {Value} share 0 to 1
 * @returns {string}
 */
export function percent(share) {
  return percentage(share, 0);
}

/**
 * Shares that are shown side by side: 0.8459 and 0.8538 are 84.6 % and 85.4 %.
 * @param {readonly Value[]} shares
 * @returns {string[]}
 */
export function percents(shares) {
  return apart(shares, percentage, 0, 4);
}

const FEW_CLASSES = 30;

/**
 * The largest shares of a prediction. Those of few classes can be told apart; of a thousand the small ones are all but alike,
 * and decimals that tell them apart would hide how much larger the first one is.
 * @param {readonly number[]} shares
 * @param {number} classes of the network
 * @returns {string[]}
 */
export function topPercents(shares, classes) {
  return classes > FEW_CLASSES ? shares.map(percent) : percents(shares);
}

/**
 * A fixed number of decimals: 0.93, −0.02; "0" for exact zero, "< 0.01" below it.
 * @param {Value} value
 * @param {number} [decimals]
 * @returns {string}
 */
export function fixed(value, decimals = 2) {
  if (!isWritten(value)) return withoutFigures(value);
  const text = Math.abs(value).toFixed(decimals);
  return Number(text) ? signed(text, value) : smaller((10 ** -decimals).toFixed(decimals), value);
}

/**
 * A CKA or a correlation, of which "1.00" is the greatest: 0.93, 0.995, > 0.999.
 * @param {Value} value -1 to 1
 * @returns {string}
 */
export function similarity(value) {
  return similarityWith(value, 2);
}

/**
 * Similarities that are shown side by side.
 * @param {readonly Value[]} values
 * @returns {string[]}
 */
export function similarities(values) {
  return apart(values, similarityWith, 2, 4);
}

/**
 * A whole number with thin spaces between its thousands from 10 000 on: 58 322 314.
 * @param {number} value
 * @returns {string}
 */
export function count(value) {
  return signed(grouped(String(Math.abs(Math.round(value)))), value);
}

/**
 * Numbers one after the other; by semicolons where the comma is the decimal mark.
 * @param {readonly string[]} numbers
 * @returns {string} 0.229, 0.224, 0.225
 */
export function listed(numbers) {
  return numbers.join(decimal === "," ? "; " : ", ");
}

/**
 * @param {Value} share
 * @param {number} least decimals
 */
function percentage(share, least) {
  if (share === 0) return "0 %";
  if (!isWritten(share)) return withoutFigures(share);
  const size = Math.abs(share) * 100;
  const decimals = Math.max(least, size < 9.95 || (size >= 99.5 && size < 100) ? 1 : 0);
  const text = size.toFixed(decimals);
  if (Number(text) === 0) return `${smaller((10 ** -decimals).toFixed(decimals), share)} %`;
  if (Number(text) === 100) return size === 100 ? `${signed("100", share)} %` : beyond(`99.${"9".repeat(decimals)} %`, share);
  return `${signed(text, share)} %`;
}

/**
 * @param {Value} value
 * @param {number} digits
 * @param {number} smallest what is below it is only said to be
 */
function significant(value, digits, smallest) {
  if (!isWritten(value)) return withoutFigures(value);
  const size = Math.abs(value);
  if (size < smallest) return smaller(String(smallest), value);
  if (size >= 1e7) return signed(size.toExponential(digits - 1).replace("e+", " × 10^"), value);
  const whole = size.toFixed(0);
  return signed(grouped(Number(whole) >= 10 ** digits ? whole : size.toPrecision(digits)), value);
}

/**
 * @param {Value} value
 * @param {number} least decimals
 */
function similarityWith(value, least) {
  if (!isWritten(value)) return withoutFigures(value);
  const size = Math.abs(value);
  if (size >= 1 - ROUNDING) return signed("1.00", value);
  const decimals = Math.max(least, size >= 0.995 ? 3 : 2);
  return Number(size.toFixed(decimals)) === 1 ? beyond(`0.${"9".repeat(decimals)}`, value) : fixed(value, decimals);
}

/**
 * Write with the fewest figures that tell different values apart.
 * @param {readonly Value[]} values
 * @param {(value: Value, figures: number) => string} write
 * @param {number} least
 * @param {number} most
 */
function apart(values, write, least, most) {
  const different = new Set(values).size;
  for (let figures = least; ; figures += 1) {
    const texts = values.map((value) => write(value, figures));
    if (figures === most || new Set(texts).size >= different) return texts;
  }
}

/**
 * @param {Value} value
 * @returns {value is number} whether figures are to be written for it
 */
function isWritten(value) {
  return Number.isFinite(value) && value !== 0;
}

/** @param {Value} value */
function withoutFigures(value) {
  if (value === null || value === undefined) return "–";
  if (Number.isNaN(value)) return gettext("not a number");
  return value === 0 ? "0" : signed("∞", value);
}

/** @param {string} text */
function grouped(text) {
  const [whole, ...rest] = text.split(".");
  return [whole.length < 5 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, THIN), ...rest].join(".");
}

/**
 * The figures with the decimal mark of the language in use: 1.5 or 1,5.
 * @param {string} figures as toFixed writes them
 * @returns {string}
 */
export function marked(figures) {
  return figures.replace(".", decimal);
}

/** @param {string} text @param {number} value */
function signed(text, value) {
  return value < 0 ? MINUS + marked(text) : marked(text);
}

/** @param {string} limit @param {number} value */
function smaller(limit, value) {
  return `${value < 0 ? ">" : "<"} ${signed(limit, value)}`;
}

/** @param {string} limit @param {number} value */
function beyond(limit, value) {
  return `${value < 0 ? "<" : ">"} ${signed(limit, value)}`;
}

/**
 * Millions with one decimal, 105.4 M; two where one would leave nothing, 0.04 M.
 * @param {number} value
 * @returns {string}
 */
export function millions(value) {
  const size = Math.abs(value) / 1e6;
  if (size === 0) return "0";
  const number = size < 0.005 ? `< ${marked("0.01")}` : signed(size.toFixed(size < 0.095 ? 2 : 1), value);
  return gettext("{number} M", { number });
}

/**
 * @param {readonly number[]} shape
 * @returns {string} 96 × 27 × 27
 */
export function shape(shape) {
  return shape.map(String).join(" × ");
}

/**
 * @param {number} seconds
 * @returns {string} 14 ms, 1.3 s, 6 min
 */
export function duration(seconds) {
  if (seconds < 0.9995) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  return seconds < 99.5 ? `${marked(seconds.toPrecision(2))} s` : `${Math.round(seconds / 60)} min`;
}

/**
 * @param {number} bytes
 * @returns {string} 256 kB, 1.2 MB
 */
export function bytes(bytes) {
  if (bytes < 1e6) return gettext("{n} kB", { n: Math.round(bytes / 1e3) });
  return gettext("{n} MB", { n: bytes < 1e7 ? marked((bytes / 1e6).toFixed(1)) : Math.round(bytes / 1e6) });
}

const KINDS = { conv: gettext("convolution"), relu: "ReLU", norm: "LRN", pool: gettext("pooling") };

/**
 * The group of a stage, as the strip names it: "block1.relu" → "block1".
 * @param {string} stage
 * @returns {string}
 */
export function groupOf(stage) {
  return stage.split(".")[0];
}

/**
 * @param {string} group "block1", "fc1", "logits", "input"
 * @returns {string} Block 1, fc1, Prediction, Photo
 */
export function groupTitle(group) {
  if (group === "input") return gettext("Photo");
  if (group === "logits") return gettext("Prediction");
  return group.startsWith("block") ? gettext("Block {number}", { number: group.slice(5) }) : group;
}

/**
 * @param {string} stage
 * @returns {string} convolution, ReLU, LRN, pooling; "linear" for the fc layer in front of its ReLU
 */
export function kindTitle(stage) {
  const kind = stage.split(".")[1];
  return kind === undefined ? gettext("linear") : KINDS[/** @type {keyof typeof KINDS} */ (kind)];
}

/**
 * @param {string} stage
 * @returns {string} Block 1, convolution; fc1; logits
 */
export function stageTitle(stage) {
  if (!stage.includes(".")) return stage;
  return `${groupTitle(groupOf(stage))}, ${kindTitle(stage)}`;
}
