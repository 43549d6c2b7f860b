/** Numbers and words as the pages write them, in the language in use. */
import {
  apart,
  fixed,
  grouped,
  isWritten,
  marked,
  percentage,
  signed,
  significant,
  similarityWith,
  withPower,
} from "./figures.js";
import { decimal, gettext, grouping } from "./language.js";

export { fixed, marked };

/**
 * Numbers follow one rule in both languages, held to one table by the tests; alexnet_viz/number_words.py is the other half.
 * What is not exact is never written as if it were: no "100 %", "0 %", "1.00" or "−0.00" by rounding. Numbers that are shown
 * side by side get as many figures as tell them apart. null is what was not measured, "–"; NaN is "not a number".
 * @typedef {import("./figures.js").Value} Value
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
 * Numbers that are shown side by side; with a power of ten where all are below 0.001.
 * @param {readonly Value[]} values
 * @returns {string[]}
 */
export function numbers(values) {
  const largest = values.reduce(
    (/** @type {number} */ most, value) => Math.max(most, isWritten(value) ? Math.abs(value) : 0),
    0,
  );
  if (largest > 0 && largest < 0.001) return apart(values, withPower, 3, 6);
  return apart(values, (value, digits) => significant(value, digits, Number(`1e-${digits}`)), 3, 6);
}

/**
 * A number that a network computed: null is one that JSON could not hold.
 * @param {number | null} value
 * @returns {string}
 */
export function computed(value) {
  return numbers([value ?? NaN])[0];
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
 * How the shares of a prediction are written wherever one of them stands, so that one share is one text. Each of few classes
 * has as few decimals as tell it apart from the others: 95 %, 3.3 %, 0.32 %, 0.28 %. Of a thousand the small ones are all
 * but alike: there the first is told apart from the second, where three decimals can, and all have as many.
 * @param {ArrayLike<number>} shares of all classes
 * @returns {(index: number) => string}
 */
export function sharesOf(shares) {
  const isFew = shares.length <= FEW_CLASSES;
  const most = isFew ? 4 : 3; // less means nothing
  const likeliest = Array.from(shares)
    .filter(Number.isFinite)
    .sort((a, b) => b - a);
  const compared = isFew ? likeliest : likeliest.slice(0, 2);
  /** @param {number} share */
  const decimalsOf = (share) => {
    const written = (/** @type {number} */ decimals) => percentage(share, decimals);
    const others = compared.filter((other) => percentage(other, most) !== written(most));
    // "< 0.1 %" does not tell a share from one that is written "0.08 %".
    const isBound = (/** @type {number} */ decimals) =>
      written(decimals).startsWith("<") && others.some((other) => other < 0.01 * 10 ** -Math.max(1, decimals));
    const isApart = (/** @type {number} */ decimals) =>
      others.every((other) => percentage(other, decimals) !== written(decimals)) && !isBound(decimals);
    return [0, 1, 2, 3, 4].find(isApart) ?? 0;
  };
  const ofFirst = decimalsOf(likeliest[0]);
  return (index) => percentage(shares[index], isFew ? decimalsOf(shares[index]) : ofFirst);
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
 * A number as a person types it, with the language's marks: 34,944 is thirty-four thousand in English, and thirty-four
 * and a bit in German.
 * @param {string} text
 * @returns {number} NaN where it is none
 */
export function typedNumber(text) {
  const plain = text.replace(/[\s'’]/g, "").replace("−", "-");
  const isGrouped = new RegExp(`^-?[1-9]\\d{0,2}(\\${grouping}\\d{3})+(\\${decimal}\\d*)?$`).test(plain);
  const figures = isGrouped ? plain.replaceAll(grouping, "") : plain;
  return figures ? Number(figures.replace(",", ".")) : NaN;
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
  if (bytes < 999_500) return gettext("{n} kB", { n: Math.max(Math.sign(bytes), Math.round(bytes / 1e3)) });
  return gettext("{n} MB", { n: bytes < 9.95e6 ? marked((bytes / 1e6).toFixed(1)) : Math.round(bytes / 1e6) });
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
