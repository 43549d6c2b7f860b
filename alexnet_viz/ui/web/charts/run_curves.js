/** What the server says of runs, and what the Train page makes of it: series, smoothing, colours, sentences. */
import { getJson } from "../server/api.js";
import { readBundle } from "../server/binary_message.js";
import { count, duration, percent } from "../lib/format.js";

/**
 * @typedef {{name: string, epoch: number | null}} Kept
 * @typedef {{epoch?: number, val_loss?: number | null, val_accuracy?: number | null}} Measured
 * @typedef {{id: string, name: string, dataset: string, seed: number, recipe: Record<string, any>, state: string, epoch: number, step: number,
 *   message: string, note: string, created: number, checkpoints: Kept[], points: number, steps: number | null, measured: Measured, best: number | null, first: {val_accuracy: number | null, val_images: number | null} | null, classes: number | null,
 *   chance: Guess | null, held_out: {is_known: boolean, left_out: number, learnt_before: number} | null, last_time: number | null, duration: number, seconds_left: number | null, images_per_s: number | null, best_epoch: number | null, last_whole?: string}} Run
 * @typedef {{loss: number, accuracy: number}} Guess
 * @typedef {{layer: string, dead: number | null, update_ratio: number | null, gradient_norm: number | null}} Health
 * @typedef {{layers: Health[], complaints: string[], pace: "unmeasured" | "hardly" | "usual"}} Doctor
 * @typedef {{kind: string, event: string, step: number, time: number, train_images?: number}} Happened
 * @typedef {{points: number, bucket: number, events: Happened[], doctor: Record<string, Doctor>, step: Float32Array, low: Float32Array, mean: Float32Array, high: Float32Array, count: Float32Array,
 *   lr: Float32Array, rate: Float32Array, epoch: Float32Array, valLoss: Float32Array, valAccuracy: Float32Array, valSize: Float32Array}} Curves count is how many steps each bucket has, valSize the side of the images of each validation, NaN in the oldest runs
 */

const ALIVE = ["queued", "running", "stopping"];
/** @type {Record<string, string>} */
const DATASETS = { cifar10: "CIFAR-10", shapes: "shapes", folder: "own pictures" };

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

/** What guessing scores on the held-out images. @param {Run | undefined} run @returns {Guess} the largest class's share and the classes' entropy; where an old run does not say, those of equal classes */
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
  return own && stretches.length > 1 && Number.isFinite(own.size) ? ` at ${own.size} px` : "";
}

/** @param {Float32Array} values @returns {number[]} where a number has no number beside it: a line shows nothing there */
export function isolated(values) {
  const isThere = (/** @type {number} */ i) => Number.isFinite(values[i]);
  return Array.from(values.keys()).filter((i) => isThere(i) && !isThere(i - 1) && !isThere(i + 1));
}

/** @param {Curves} curves @param {number} step @returns {number} index of the last bucket that ends at the step or before, 0 at least */
export function bucketAt(curves, step) {
  let at = 0;
  while (at + 1 < curves.step.length && curves.step[at + 1] <= step) at += 1;
  return at;
}

/** @param {Run} run */
export function subtitle(run) {
  return `${DATASETS[run.dataset] ?? run.dataset}, seed ${run.seed}`;
}

/** @param {Run} run @returns {{sign: string, word: string, tone: string}} */
export function stateOf(run) {
  /** @type {Record<string, [string, string]>} */
  const known = { running: ["●", "good"], stopping: ["●", "warn"], queued: ["○", "quiet"], stopped: ["■", "quiet"], finished: ["✓", "quiet"], failed: ["✕", "bad"], crashed: ["✕", "bad"], shipped: ["✓", "quiet"] };
  const [sign, tone] = known[run.state] ?? ["", "quiet"];
  return { sign, word: run.state, tone };
}

/** What stands beside a run's name in the list. @param {Run} run */
export function rowWords(run) {
  const place = `epoch ${run.epoch} of ${epochsOf(run)}`;
  if (run.state === "running") return place;
  if (run.state === "finished") return `finished · ${duration(run.duration)}`;
  if (run.state === "queued") return "queued";
  if (run.state === "shipped") return `shipped · ${epochsOf(run)} ${epochsOf(run) === 1 ? "epoch" : "epochs"}`;
  return `${run.state} · ${place}`;
}

/** The reason in the row of a run that ended badly, or that waits. @param {Run} run @param {Run[]} all */
export function reasonOf(run, all) {
  if (run.state === "crashed" && run.step > 0) {
    const last = run.checkpoints.at(-1);
    return `The run crashed at epoch ${run.epoch}, step ${count(run.step)}.${last ? ` Its checkpoint of ${last.name.replace("-0", " ").replace("-", " ").replace(/ 0+(?=\d)/, " ")} is whole. Resume or open it.` : ""}`;
  }
  if (run.state === "queued") return sentence(withNames(run.message, all));
  return ["failed", "crashed"].includes(run.state) ? sentence(run.message) : "";
}

/** @param {string} text @param {Run[]} all ids give way to names */
function withNames(text, all) {
  return all.reduce((words, run) => words.replace(run.id, run.name), text);
}

/** @param {string} text @returns {string} capital letter in front, full stop behind */
export function sentence(text) {
  if (!text) return "";
  const whole = text[0].toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** The sentence under the title. @param {Run} run @param {Run[]} all */
export function storyOf(run, all) {
  const reason = reasonOf(run, all);
  if (reason) return reason;
  return [`Epoch ${run.epoch} of ${epochsOf(run)}.`, accuracyWords(run), reusedWords(run), endWords(run)].filter(Boolean).join(" ");
}

/** What a training took over from another network. @param {Run} run */
function reusedWords({ recipe, held_out }) {
  if (!recipe.start_from) return "";
  const reused = recipe.freeze === "convolutions" ? `The convolutions of ${recipe.start_from} are reused.` : `It started from ${recipe.start_from}.`;
  if (held_out?.learnt_before) return `${reused} ${count(held_out.learnt_before)} of the held-out images had been learnt from there.`;
  return held_out?.is_known ? reused : `${reused} The held-out images may have been learnt from there.`;
}

/** @param {Run} run */
function accuracyWords(run) {
  const accuracy = run.measured.val_accuracy;
  if (typeof accuracy === "number") {
    return `Validation accuracy ${percent(accuracy)}${run.epoch > 0 ? comparison(run, accuracy) : ` before the first step (${count(run.first?.val_images ?? 0)} pictures)`}.`;
  }
  if (run.recipe.freeze === "convolutions" && run.step === 0 && isAlive(run)) return "What the convolutions make of the pictures is computed once.";
  if (run.step > 0) return "Accuracy is measured at the end of each epoch.";
  return isAlive(run) ? "Loading the data; the first loss comes in some seconds." : "";
}

/** @param {Run} run @param {number} accuracy */
function comparison(run, accuracy) {
  const before = run.first?.val_accuracy;
  const chance = `; chance is ${percent(chanceOf(run).accuracy)}`;
  if (typeof before !== "number") return chance;
  const up = accuracy > before;
  return `, ${up ? "up from " : ""}${percent(before)}${up && run.recipe.start_from ? "" : " before the first step"}${chance}`;
}

/** @param {Run} run */
function endWords(run) {
  const left = secondsLeft(run);
  if (run.state === "running" && left !== null) return `About ${roughly(left)} left.`;
  if (run.state === "stopping") return "It finishes its batch and writes a checkpoint.";
  if (run.state === "stopped") return "Stopped on request; resume to go on.";
  if (run.state === "shipped") return `It came with the app; its training took ${roughly(run.duration)}.`;
  return run.state === "finished" ? `Trained for ${duration(run.duration)}.` : "";
}

/** @param {Run} run @returns {number | null} */
export function secondsLeft(run) {
  return run.seconds_left ?? null;
}

/** @param {number} seconds */
export function roughly(seconds) {
  if (seconds < 55) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** Two figures, and a power of ten where zeros would have to be counted. @param {number} value @returns {string} 0.0078, 8.0 × 10⁻⁶ */
export function small(value) {
  if (!(value > 0) || value >= 0.0001) return value > 0 ? value.toPrecision(2) : "0";
  const [figures, power] = value.toExponential(1).split("e-");
  return `${figures} × 10⁻${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`;
}

/** @param {number} bytes */
export function disk(bytes) {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Which recipe settings differ between runs. @param {Run[]} runs @returns {{key: string, values: string[]}[]} */
export function differences(runs) {
  const keys = [...new Set(runs.flatMap((run) => Object.keys(run.recipe)))].filter((key) => key !== "preset");
  const rows = keys.map((key) => ({ key: key.replaceAll("_", " "), values: runs.map((run) => String(run.recipe[key] ?? "")) }));
  return rows.filter(({ values }) => new Set(values).size > 1);
}

/** A plain sentence on the layers, and which of them are out of the usual range. @param {Doctor} doctor @param {number} epoch */
export function diagnosis({ layers, complaints, pace }, epoch) {
  const learning = layers.filter(({ gradient_norm: gradient }) => gradient !== null).map(({ layer }) => layer);
  if (!learning.length) return { odd: new Set(), words: epoch === 0 ? "Nothing has been learnt yet." : "How the layers learnt was not measured in this epoch: the run was stopped between its last step and its validation." };
  const odd = new Set(layers.map(({ layer }) => layer).filter((layer) => complaints.some((words) => words.startsWith(`${layer}:`))));
  if (!complaints.length && pace === "hardly") return { odd, words: "The learning rate is nearly gone, and the layers hardly move any more." };
  if (!complaints.length) return { odd, words: learning.some((layer) => layer.startsWith("block")) ? "All five blocks learn at a usual pace." : "The blocks are frozen; the layers behind them learn at a usual pace." };
  const more = complaints.length > 1 ? ` ${complaints.length - 1} more ${complaints.length === 2 ? "is" : "are"} marked.` : "";
  return { odd, words: sentence(complaints[0].replace(/^[^:]+/, layerTitle)) + more };
}

/** @param {string} layer "block1.conv" @returns {string} block 1 */
export function layerTitle(layer) {
  return layer.startsWith("block") ? `block ${layer[5]}` : layer;
}

/** The loss as it was smoothed, and the accuracy, at an epoch. @param {{line: {run: Run, curves: Curves}, smooth: Float32Array}} drawn @param {number} epoch */
export function valuesAt({ line, smooth: values }, epoch) {
  const { curves, run } = line;
  const at = Array.from(curves.epoch).indexOf(epoch);
  return { loss: curves.step.length ? values[bucketAt(curves, epoch * stepsPerEpoch(run))] : NaN, accuracy: at < 0 ? NaN : curves.valAccuracy[at] };
}
