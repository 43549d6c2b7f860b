/** What the server is asked to explain: a unit, an answer, what is left without a channel. */
import { address, ask, getBundle, getJson, postJson } from "./api.js";
import { readBundle } from "./binary_message.js";

/** @typedef {import("./api.js").Subject} Subject */

/** Where covering the photo changes a value. @param {Record<string, string>} asked @param {AbortSignal} signal @returns {Promise<{side: number, passes: number, values: Float32Array}>} */
export async function askOcclusion(asked, signal) {
  const { header, arrays } = readBundle(await postJson("unit/occlusion", asked, {}, signal));
  return /** @type {any} */ ({ ...header, values: arrays.values });
}

/**
 * The kernels into a unit, and what it feeds on a photo.
 * @param {Record<string, string>} asked with the checkpoint's digest
 * @returns {Promise<{source: string, first: number, target: string, targets: number, terms: {channel: number, row: number | null, column: number | null, sum: number | null}[], kernels: Float32Array, shape: number[]}>}
 */
export async function getWiring(asked) {
  const { header, arrays } = await getBundle("unit/wiring", asked);
  return /** @type {any} */ ({
    ...header,
    kernels: arrays.kernels,
    shape: header.arrays.find((/** @type {{name: string}} */ { name }) => name === "kernels").shape,
  });
}

/**
 * @typedef {{method: string, target: number, versus: number | null, stage: string, judged?: boolean, id?: string}} Question
 * @typedef {{method: string, target: number, versus: number | null, stage: string, checkpoint: string, computed_at: [number, number],
 *   minimum: number, maximum: number, squares: {count: number, first: number, step: number, size: number} | null, passes: number, seconds: number, deletion: number,
 *   insertion: number, random_deletion: [number, number], random_insertion: [number, number], better: number, verdict: string,
 *   like_untrained: number, values: Float32Array, untrained: Float32Array, curves: Float32Array, random: Float32Array}} Explanation
 */

/** @param {Subject} subject @param {Question} question @param {AbortSignal} signal ends the work on the server too @returns {Promise<Explanation>} */
export async function getExplanation(subject, question, signal) {
  const body = JSON.stringify({ ...subject, ...question });
  const { header, arrays } = readBundle(await ask(address("why"), { method: "POST", body, signal }));
  return /** @type {Explanation} */ ({ ...header, ...arrays });
}

/** @param {string} id of a question that is on its way @returns {Promise<{done: number, total: number}>} */
export function getPasses(id) {
  return getJson("why/passes", { id });
}

/** @param {Subject} subject @param {Uint8Array<ArrayBuffer>} pixels RGB, as the network sees the photo @returns {Promise<{probabilities: (number | null)[]}>} null is not a number */
export function getCovered(subject, pixels) {
  return ask(address("why/covered", { ...subject }), { method: "POST", body: pixels });
}

/**
 * What is left of a class with each channel of a stage off alone, a few channels at a time.
 * @param {Subject & {stage: string, target: number}} about @param {number} first
 * @returns {Promise<{first: number, total: number, whole: number, left: (number | null)[]}>} probabilities, null where one is not a number; `whole` with every channel
 */
export function getCosts({ target, ...about }, first) {
  return getJson("costs", { ...about, target: String(target), first: String(first) });
}
