/** What the settings of a recipe are called; their values are written as somebody has set them. */
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

/** @param {string} key of a recipe @returns {string} learning rate */
export const settingTitle = (key) => TITLES[key] ?? key.replaceAll("_", " ");
