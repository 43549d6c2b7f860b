/** What a view of the Architecture page is. */
import { isOwnPhoto } from "../shell/tab_memory.js";
import { SORTS } from "./layer_columns.js";

/** @typedef {"variant" | "classes" | "photo" | "checkpoint" | "numbers" | "stage" | "sort"} Key */
/** @typedef {import("../shell/url_state.js").State<Key>} State */
/** @typedef {{name: string, title: string, variant: string}} Entry a checkpoint */

export const CLASSES = ["10", "1000"];

/**
 * @param {{photos: {id: string}[], checkpoint: string, variants: {name: string}[]}} config
 * @returns {Record<Key, import("../shell/url_state.js").Entry>}
 */
export function tableOf(config) {
  const variants = config.variants.map(({ name }) => name);
  return {
    variant: { default: variants[0], allowed: variants, pushed: true },
    classes: { default: CLASSES[0], allowed: CLASSES, pushed: true },
    photo: { default: config.photos[0].id, pushed: true, shared: "photo", linked: (id) => !isOwnPhoto(id) },
    checkpoint: { default: config.checkpoint, shared: "checkpoint" },
    numbers: { default: "shown", allowed: ["shown", "hidden"] },
    stage: { default: "" },
    sort: { default: "stage", allowed: SORTS },
  };
}

/** Whoever comes with another checkpoint sees its variant. @param {readonly Entry[]} checkpoints @returns {(before: State, given: Partial<Record<Key, string>>) => State} */
export function followWith(checkpoints) {
  return (before, given) => {
    const isOther = given.checkpoint !== undefined && given.checkpoint !== before.checkpoint;
    const variant = isOther ? checkpoints.find(({ name }) => name === given.checkpoint)?.variant : undefined;
    return { ...before, ...(variant && { variant }), ...given };
  };
}

/**
 * The checkpoint whose tensors are drawn: one of this variant, the chosen or the usual one before others.
 * @param {readonly Entry[]} checkpoints
 * @param {State} state
 * @param {string} usual
 * @returns {Entry | null}
 */
export function fittingCheckpoint(checkpoints, { variant, checkpoint }, usual) {
  const fitting = checkpoints.filter((entry) => entry.variant === variant);
  const named = (/** @type {string} */ wanted) => fitting.find(({ name }) => name === wanted);
  return named(checkpoint) ?? named(usual) ?? fitting[0] ?? null;
}
