/** What the settings of a recipe are called, and the words among their values. */
import { marked } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @type {Record<string, string>} */
const TITLES = {
  variant: gettext("variant"),
  seed: gettext("seed"),
  epoch: gettext("epoch"),
  step: gettext("step"),
  "input.size": gettext("input.size"),
  "input.mean": gettext("input.mean"),
  "input.std": gettext("input.std"),
  "input.resize": gettext("input.resize"),
  preset: gettext("preset"),
  optimiser: gettext("optimiser"),
  learning_rate: gettext("learning rate"),
  schedule: gettext("schedule"),
  final_rate: gettext("final rate"),
  warm_up_images: gettext("warm up images"),
  momentum: gettext("momentum"),
  weight_decay: gettext("weight decay"),
  clip_norm: gettext("clip norm"),
  batch_size: gettext("batch size"),
  epochs: gettext("epochs"),
  augmentation: gettext("augmentation"),
  label_smoothing: gettext("label smoothing"),
  dropout: gettext("dropout"),
  precision: gettext("precision"),
  init: gettext("init"),
  freeze: gettext("freeze"),
  start_from: gettext("start from"),
  limit: gettext("limit"),
  small_size: gettext("small size"),
  small_share: gettext("small share"),
  share_of_last_training: gettext("share of last training"),
  full_every: gettext("full every"),
  keep_every: gettext("keep every"),
};

/** Words that a setting takes, and presets. @type {Record<string, string>} */
const WORDS = {
  linear: gettext("linear"),
  cosine: gettext("cosine"),
  constant: gettext("constant"),
  none: gettext("none"),
  flip: gettext("flip"),
  "crop and flip": gettext("crop and flip"),
  photograph: gettext("photograph"),
  auto: gettext("auto"),
  patches: gettext("patches"),
  fast: gettext("fast"),
  nothing: gettext("nothing"),
  convolutions: gettext("convolutions"),
  demo: gettext("demo"),
  article: gettext("article"),
  "fine-tune": gettext("fine-tune"),
  "no LRN": gettext("no LRN"),
  "no dropout": gettext("no dropout"),
  "separate pooling": gettext("separate pooling"),
  "no augmentation": gettext("no augmentation"),
};

/** @param {unknown} value of a setting; numbers are written as they were set @returns {string} */
export const settingValue = (value) =>
  typeof value === "number" ? marked(String(value)) : (WORDS[String(value)] ?? String(value ?? ""));

/** @param {string} key of a recipe @returns {string} learning rate */
export const settingTitle = (key) => TITLES[key] ?? key.replaceAll("_", " ");
