/** The figures of one number, and how many of them tell several apart; format.js says which number is written how. */
import { decimal, gettext } from "./language.js";

/** @typedef {number | null | undefined} Value */

const THIN = "\u202f"; // between thousands; no line breaks there
const MINUS = "\u2212";
/** A similarity so close to 1 is 1: the sums behind it are no more exact. */
const ROUNDING = 1e-9;

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
 * @param {Value} share
 * @param {number} least decimals
 */
export function percentage(share, least) {
  if (share === 0) return "0 %";
  if (!isWritten(share)) return withoutFigures(share);
  const size = Math.abs(share) * 100;
  const decimals = Math.max(least, size < 9.95 || (size >= 99.5 && size < 100) ? 1 : 0);
  const text = size.toFixed(decimals);
  if (Number(text) === 0) return `${smaller((10 ** -decimals).toFixed(decimals), share)} %`;
  if (Number(text) === 100)
    return size === 100 ? `${signed("100", share)} %` : beyond(`99.${"9".repeat(decimals)} %`, share);
  return `${signed(text, share)} %`;
}

/**
 * @param {Value} value
 * @param {number} digits
 * @param {number} smallest what is below it is only said to be
 */
export function significant(value, digits, smallest) {
  if (!isWritten(value)) return withoutFigures(value);
  const size = Math.abs(value);
  if (size < smallest) return smaller(String(smallest), value);
  if (size >= 1e7) return withPower(value, digits);
  const whole = size.toFixed(0);
  return signed(grouped(Number(whole) >= 10 ** digits ? whole : size.toPrecision(digits)), value);
}

/**
 * @param {Value} value
 * @param {number} digits
 */
export function withPower(value, digits) {
  if (!isWritten(value)) return withoutFigures(value);
  const [mantissa, exponent] = Math.abs(value)
    .toExponential(digits - 1)
    .split("e");
  return `${signed(mantissa, value)} × 10^${signed(String(Math.abs(Number(exponent))), Number(exponent))}`;
}

/**
 * @param {Value} value
 * @param {number} least decimals
 */
export function similarityWith(value, least) {
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
export function apart(values, write, least, most) {
  const different = [...new Set(values)];
  let figures = least;
  while (figures < most && new Set(different.map((value) => write(value, figures))).size < different.length)
    figures += 1;
  return values.map((value) => write(value, figures));
}

/**
 * @param {Value} value
 * @returns {value is number} whether figures are to be written for it
 */
export function isWritten(value) {
  return Number.isFinite(value) && value !== 0;
}

/** @param {Value} value */
function withoutFigures(value) {
  if (value === null || value === undefined) return "–";
  if (Number.isNaN(value)) return gettext("not a number");
  return value === 0 ? "0" : signed("∞", value);
}

/** @param {string} text */
export function grouped(text) {
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
export function signed(text, value) {
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
