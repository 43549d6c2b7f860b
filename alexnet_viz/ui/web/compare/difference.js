/** One stage of two networks: difference, order, ranges. Plain numbers, no page. */
import { makeBounds } from "../lib/colour.js";
import { shape as shapeText, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { fitGrid } from "../maps/grid.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/** @typedef {(number | null)[] | null} Partners For each channel of A, B's; null where both have the same number. */
/**
 * @typedef {{values: Float32Array, statistics: Float32Array}} Layer
 * @typedef {{shape: number[], a: Layer, b: Layer, difference: Layer, change: Float32Array, changed: number, reason: string, partners: Partners}} Comparison
 *   B and the difference are numbered as A is. `change`: root mean square of B − A, −1 without a partner; `changed`: how many
 *   channels differ by more than rounding. With a reason there is no difference, and B has its own shape and numbers.
 */

/** Of the root mean square of all values; what is sent has 11 significant bits. */
const ROUNDING = 1e-3;

/** @param {number[]} shape @returns {number[]} a unit is a map of one value */
export function asMaps(shape) {
  return shape.length === 3 ? shape : [shape[0], 1, 1];
}

/**
 * Why two stages cannot be subtracted; "" when they can.
 * @param {Stage} a
 * @param {Stage | null} b
 * @param {string} name
 * @param {Partners} partners
 */
export function whyNot(a, b, name, partners) {
  if (!b) return gettext("B has no stage {stage}.", { stage: stageTitle(name) });
  if (a.name !== b.name)
    return gettext("A shows {first}, B {second}: different stages are not subtracted.", {
      first: stageTitle(a.name),
      second: stageTitle(b.name),
    });
  const [first, second] = [asMaps(a.shape), asMaps(b.shape)];
  if (first[1] !== second[1] || first[2] !== second[2])
    return gettext("The maps of {stage} have {first} values in A and {second} in B; they cannot be subtracted.", {
      stage: stageTitle(name),
      first: shapeText(first.slice(1)),
      second: shapeText(second.slice(1)),
    });
  if (first[0] === second[0] || partners) return "";
  const both = { stage: stageTitle(name), first: first[0], second: second[0] };
  if (a.shape.length < 3)
    return gettext("{stage} has {first} units in A and {second} in B, so that the same index means nothing.", both);
  return gettext(
    "{stage} has {first} channels in A and {second} in B, so that the same index means nothing. Match the pairs instead.",
    both,
  );
}

/**
 * @param {Float32Array} values
 * @param {number} size values per channel
 * @param {Partners} partners
 * @param {number} count channels of A
 * @param {number} [fill] for a channel without a partner
 * @returns {Float32Array} in A's numbering
 */
function renumber(values, size, partners, count, fill = 0) {
  if (!partners) return values;
  const result = new Float32Array(count * size).fill(fill);
  for (let c = 0; c < count; c += 1) {
    const partner = partners[c];
    if (partner !== null && partner !== undefined)
      result.set(values.subarray(partner * size, (partner + 1) * size), c * size);
  }
  return result;
}

/** @param {Float32Array} values */
function meanSquare(values) {
  let sum = 0;
  for (const value of values) if (Number.isFinite(value)) sum += value * value;
  return sum / Math.max(1, values.length);
}

/**
 * @param {{a: Stage, b: Stage | null, name: string}} stages
 * @param {Layer} a
 * @param {Layer} b
 * @param {Partners} partners
 * @param {string} [refusal] why they cannot be subtracted, known beforehand
 * @returns {Comparison}
 */
export function compareStage(stages, a, b, partners, refusal = "") {
  const shape = asMaps(stages.a.shape);
  const reason = refusal || whyNot(stages.a, stages.b, stages.name, partners);
  const nothing = { values: new Float32Array(0), statistics: new Float32Array(0) };
  if (reason)
    return { shape, a, b, difference: nothing, change: new Float32Array(shape[0]), changed: 0, reason, partners };
  const [count, size] = [shape[0], shape[1] * shape[2]];
  const second = {
    values: renumber(b.values, size, partners, count),
    statistics: renumber(b.statistics, 5, partners, count, 1),
  };
  const { difference, change } = subtract(a.values, second.values, count, size);
  if (partners) partners.forEach((partner, c) => partner === null && hide(difference, change, c, size));
  const least = ROUNDING * Math.sqrt((meanSquare(a.values) + meanSquare(second.values)) / 2);
  // What is not a number differs from everything.
  const changed = change.reduce((sum, value) => sum + Number(value > least || Number.isNaN(value)), 0);
  return { shape, a, b: second, difference, change, changed, reason, partners };
}

/** A channel without a partner has no difference: an empty slot. @param {Layer} difference @param {Float32Array} change @param {number} c @param {number} size */
function hide(difference, change, c, size) {
  difference.values.fill(0, c * size, (c + 1) * size);
  difference.statistics.set([0, 0, 0, 1, 1], c * 5);
  change[c] = -1;
}

/** @param {Float32Array} first @param {Float32Array} second @param {number} count @param {number} size */
function subtract(first, second, count, size) {
  const values = new Float32Array(first.length);
  const statistics = new Float32Array(count * 5);
  const change = new Float32Array(count);
  for (let c = 0; c < count; c += 1) {
    let [low, high, sum, squares, zeros] = [Infinity, -Infinity, 0, 0, 0];
    for (let i = c * size; i < (c + 1) * size; i += 1) {
      const value = second[i] - first[i];
      values[i] = value;
      [low, high] = [Math.min(low, value), Math.max(high, value)];
      sum += value;
      squares += value * value;
      if (value === 0) zeros += 1;
    }
    change[c] = Math.sqrt(squares / size);
    statistics.set([low, high, sum / size, zeros / size, Number.isFinite(sum) ? 1 : 0], c * 5);
  }
  return { difference: { values, statistics }, change };
}

/**
 * @param {Comparison} comparison
 * @param {string} order "changed" or "index"
 * @returns {number[]} channels of A
 */
export function orderPairs(comparison, order) {
  const channels = Array.from(comparison.change.keys());
  if (order === "index" || comparison.reason) return channels;
  const key = (/** @type {number} */ c) => (Number.isNaN(comparison.change[c]) ? Infinity : comparison.change[c]);
  return channels.sort((x, y) => (key(x) === key(y) ? x - y : key(y) - key(x)));
}

/**
 * One range for A and B: what the larger of the two needs. The difference takes the same end on both sides of zero.
 * @param {Stage} a
 * @param {Stage | null} b
 * @param {Comparison | null} comparison
 * @param {string} top "clipped" at the 99.5th percentile, or "whole"
 * @returns {{shared: Bounds, difference: Bounds, signed: boolean}}
 */
export function sharedBounds(a, b, comparison, top) {
  const both = b ? [a, b] : [a];
  const signed = both.some((stage) => stage.signed);
  const minimum = Math.min(...both.map((stage) => stage.minimum));
  const maximum = Math.max(...both.map((stage) => stage.maximum));
  const limit = top === "whole" ? 0 : Math.max(...both.map((stage) => stage.limit));
  const shared = makeBounds(signed, signed ? minimum : Math.max(0, minimum), maximum, limit);
  const [low, high] = extremes(comparison);
  return { shared, difference: makeBounds(true, low, high, shared.high), signed };
}

/** @param {Comparison | null} comparison @returns {[number, number]} of the difference */
function extremes(comparison) {
  let [low, high] = [0, 0];
  const statistics = comparison?.difference.statistics ?? [];
  for (let i = 0; i < statistics.length; i += 5)
    [low, high] = [Math.min(low, statistics[i] || 0), Math.max(high, statistics[i + 1] || 0)];
  return [low, high];
}

/**
 * How many channels fit at one pixel per value or more.
 * @param {number} count @param {number} side values @param {number} width device pixels @param {number} height @param {number} ratio
 */
export function fitting(count, side, width, height, ratio) {
  if (fitGrid(count, side, width, height, ratio).fits) return count;
  const pitch = side + 2 * ratio;
  const along = (/** @type {number} */ space) => Math.max(1, Math.floor((space + 2 * ratio) / pitch));
  return Math.min(count, along(width) * along(height));
}

/** @param {Comparison} comparison @param {number} channel @returns {{row: number, column: number}} where the two differ most */
export function widest(comparison, channel) {
  const { shape, difference, a, reason } = comparison;
  const size = shape[1] * shape[2];
  const values = reason ? a.values : difference.values;
  let best = channel * size;
  for (let i = best; i < (channel + 1) * size; i += 1) if (Math.abs(values[i]) > Math.abs(values[best])) best = i;
  const at = best - channel * size;
  return { row: Math.floor(at / shape[2]), column: at % shape[2] };
}

/** The stages that the page lists: each block's ReLU and pooling, fc1, fc2, logits. @param {readonly {name: string}[]} stages @param {string} open @returns {string[]} */
export function listedStages(stages, open) {
  return stages
    .map(({ name }) => name)
    .filter((name) => name === open || /^block\d\.(relu|pool)$/.test(name) || !name.includes("."));
}
