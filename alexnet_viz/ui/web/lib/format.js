/** Numbers and words as the pages write them. */

const THIN = "\u2009";
const MINUS = "\u2212";

/**
 * Three significant figures, a true minus sign, "0" for exact zero, never "0.00" for a small number.
 * @param {number} value
 * @param {number} [digits]
 * @returns {string}
 */
export function number(value, digits = 3) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  if (value === 0) return "0";
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  if (size < 0.001) return value < 0 ? `> ${MINUS}0.001` : "< 0.001";
  if (size >= 1e7) return `${sign}${size.toExponential(digits - 1).replace("e+", " × 10^")}`;
  if (size >= 999.5) return sign + count(Math.round(size));
  return sign + size.toPrecision(digits);
}

/**
 * A whole number with thin spaces between thousands: 58 322 314.
 * @param {number} value
 * @returns {string}
 */
export function count(value) {
  const text = String(Math.abs(Math.round(value)));
  return (value < 0 ? MINUS : "") + (text.length < 5 ? text : text.replace(/\B(?=(\d{3})+$)/g, THIN));
}

/**
 * Millions with one decimal, 105.4 M; two where one would leave nothing, 0.04 M.
 * @param {number} value
 * @returns {string}
 */
export function millions(value) {
  const size = Math.abs(value) / 1e6;
  if (size === 0) return "0";
  if (size < 0.005) return "< 0.01 M";
  return `${value < 0 ? MINUS : ""}${size.toFixed(size < 0.095 ? 2 : 1)} M`;
}

/**
 * 40 %, 8.7 %, < 0.1 %.
 * @param {number} share 0 to 1
 * @returns {string}
 */
export function percent(share) {
  if (!Number.isFinite(share)) return "not a number";
  const value = share * 100;
  if (value === 0) return "0 %";
  if (value < 0.05) return "< 0.1 %";
  if (share < 1 && value > 99.5) return "> 99 %";
  return value < 9.95 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
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
  return seconds < 99.5 ? `${seconds.toPrecision(2)} s` : `${Math.round(seconds / 60)} min`;
}

/**
 * @param {number} bytes
 * @returns {string} 256 kB, 1.2 MB
 */
export function bytes(bytes) {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e7 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.round(bytes / 1e6)} MB`;
}

const KINDS = { conv: "convolution", relu: "ReLU", norm: "LRN", pool: "pooling" };

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
  if (group === "input") return "Photo";
  if (group === "logits") return "Prediction";
  return group.startsWith("block") ? `Block ${group.slice(5)}` : group;
}

/**
 * @param {string} stage
 * @returns {string} convolution, ReLU, LRN, pooling; "linear" for the fc layer in front of its ReLU
 */
export function kindTitle(stage) {
  const kind = stage.split(".")[1];
  return kind === undefined ? "linear" : KINDS[/** @type {keyof typeof KINDS} */ (kind)];
}

/**
 * @param {string} stage
 * @returns {string} Block 1, convolution; fc1; logits
 */
export function stageTitle(stage) {
  if (!stage.includes(".")) return stage;
  return `${groupTitle(groupOf(stage))}, ${kindTitle(stage)}`;
}
