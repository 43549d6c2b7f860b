/** What the server says of runs, and what the Train page makes of it: series, smoothing, colours, sentences. */
import { gettext } from "../lib/language.js";
import { getJson } from "../server/api.js";
import { readBundle } from "../server/binary_message.js";

/**
 * @typedef {{name: string, epoch: number | null}} Kept
 * @typedef {{epoch?: number, val_loss?: number | null, val_accuracy?: number | null}} Measured
 * @typedef {{id: string, name: string, dataset: string, seed: number, recipe: Record<string, any>, state: string, epoch: number, step: number,
 *   message: string, note: string, created: number, checkpoints: Kept[], points: number, steps: number | null, measured: Measured, best: number | null, first: {val_accuracy: number | null, val_images: number | null} | null, classes: number | null, train_images: number | null, val_images: number | null, full_size: number | null,
 *   chance: Guess | null, held_out: {is_known: boolean, left_out: number, learnt_before: number} | null, last_time: number | null, duration: number, seconds_left: number | null, images_per_s: number | null, best_epoch: number | null, last_whole?: string, verdict: string}} Run
 * @typedef {{loss: number, accuracy: number}} Guess
 * @typedef {{layer: string, dead: number | null, update_ratio: number | null, gradient_norm: number | null}} Health
 * @typedef {{layers: Health[], complaints: string[], pace: "unmeasured" | "hardly" | "usual"}} LayerHealth
 * @typedef {{kind: string, event: string, step: number, time: number, train_images?: number}} Happened
 * @typedef {{points: number, bucket: number, events: Happened[], doctor: Record<string, LayerHealth>, step: Float32Array, low: Float32Array, mean: Float32Array, high: Float32Array, count: Float32Array,
 *   lr: Float32Array, rate: Float32Array, epoch: Float32Array, valLoss: Float32Array, valAccuracy: Float32Array, valSize: Float32Array}} Curves count is how many steps each bucket has, valSize the side of the images of each validation, NaN in the oldest runs
 */

const ALIVE = ["queued", "running", "stopping"];

/** @param {string} run @returns {Promise<Curves>} */
export async function getCurves(run) {
  return readCurves(await getJson(`runs/${run}/curves`));
}

/** @param {ArrayBuffer} message @returns {Curves} */
export function readCurves(message) {
  const { header, arrays } = readBundle(message);
  const numbers = /** @type {Record<string, Float32Array>} */ (arrays);
  return {
    ...header,
    step: numbers.step,
    low: numbers.low,
    mean: numbers.mean,
    high: numbers.high,
    count: numbers.count,
    lr: numbers.lr,
    rate: numbers.images_per_s,
    epoch: numbers["epochs:epoch"],
    valLoss: numbers["epochs:val_loss"],
    valAccuracy: numbers["epochs:val_accuracy"],
    valSize: numbers["epochs:size"],
  };
}

/** @param {Run} run @returns {boolean} whether a trainer works on it or waits */
export function isAlive(run) {
  return ALIVE.includes(run.state);
}

/** @param {Run} run @returns {number} */
export function epochsOf(run) {
  return run.recipe.epochs ?? Math.max(1, run.epoch);
}

/** What guessing scores on the images of a run. @param {Run | undefined} run @returns {Guess} the largest class's share and the classes' entropy; where an old run does not say, those of equal classes */
export function chanceOf(run) {
  if (run?.chance) return run.chance;
  const classes = Math.max(2, run?.classes ?? 10);
  return { loss: Math.log(classes), accuracy: 1 / classes };
}

/** What guessing scores on a chart's data. @param {{line: {run: Run, selected: boolean}}[]} drawn the selected run decides, or, before it starts, another one */
export function chanceOn(drawn) {
  const runs = [...drawn].sort((a, b) => Number(b.line.selected) - Number(a.line.selected)).map(({ line }) => line.run);
  return chanceOf(runs.find(({ classes }) => classes) ?? runs[0]);
}

/** Steps per epoch, as a scale from steps to epochs. @param {Run} run @returns {number} */
export function stepsPerEpoch(run) {
  return Math.max(1, (run.steps ?? epochsOf(run)) / epochsOf(run));
}

/**
 * Exponential moving average without a bias towards its first value; a bucket of n steps counts as n.
 * @param {Float32Array} values
 * @param {number} factor share that stays, per step
 * @param {Float32Array} counts steps each value stands for; the last bucket may be a short one
 * @returns {Float32Array}
 */
export function smooth(values, factor, counts) {
  const out = new Float32Array(values.length);
  let [sum, weight] = [0, 0];
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isFinite(values[i])) {
      out[i] = NaN; // a gap in the line, not what was before it once more
      continue;
    }
    const keep = factor ** counts[i];
    sum = sum * keep + values[i] * (1 - keep);
    weight = weight * keep + (1 - keep);
    out[i] = sum / weight;
  }
  return out;
}

/**
 * The validations in stretches of one image size: numbers of different sizes are never one line.
 * @param {Curves} curves
 * @returns {{size: number, from: number, to: number}[]} size NaN where an old run does not say; indices of the first and the last validation
 */
export function validationSizes({ epoch, valSize }) {
  /** @type {{size: number, from: number, to: number}[]} */
  const stretches = [];
  epoch.forEach((_, i) => {
    const size = valSize[i] ?? NaN;
    const last = stretches.at(-1);
    if (last && Object.is(last.size, size)) last.to = i;
    else stretches.push({ size, from: i, to: i });
  });
  return stretches;
}

/** @param {Curves} curves @param {number} epoch @returns {string} " at 131 px" where the validations of a run have several sizes */
export function sizeWords(curves, epoch) {
  const stretches = validationSizes(curves);
  const at = Array.from(curves.epoch).indexOf(epoch);
  const own = stretches.find(({ from, to }) => at >= from && at <= to);
  return own && stretches.length > 1 && Number.isFinite(own.size)
    ? ` ${gettext("at {size} px", { size: own.size })}`
    : "";
}

/** @param {Float32Array} values @returns {number[]} where a number has no number beside it: a line shows nothing there */
export function isolated(values) {
  const isThere = (/** @type {number} */ i) => Number.isFinite(values[i]);
  return Array.from(values.keys()).filter((i) => isThere(i) && !isThere(i - 1) && !isThere(i + 1));
}

/** @param {Curves} curves @param {number} step @returns {number} index of the last bucket that ends at the step or before, 0 at least */
function bucketAt(curves, step) {
  let at = 0;
  while (at + 1 < curves.step.length && curves.step[at + 1] <= step) at += 1;
  return at;
}

/** The loss as it was smoothed, and the accuracy, at an epoch. @param {{line: {run: Run, curves: Curves}, smooth: Float32Array}} drawn @param {number} epoch */
export function valuesAt({ line, smooth: values }, epoch) {
  const { curves, run } = line;
  const at = Array.from(curves.epoch).indexOf(epoch);
  return {
    loss: curves.step.length ? values[bucketAt(curves, epoch * stepsPerEpoch(run))] : NaN,
    accuracy: at < 0 ? NaN : curves.valAccuracy[at],
  };
}
