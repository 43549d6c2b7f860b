/** Which channel of B stands beside which of A: by number within a run, by correlation between trainings. */
import { waitingWords } from "./jobs.js";
import { groupOf } from "../lib/format.js";

/** @typedef {import("./jobs.js").Found} Found */
/** @typedef {import("./jobs.js").Job} Job */
/** @typedef {{found: Found | null, sameRun: string, job: Job | null, problem: string}} Known */
/** @typedef {{stage: string, partners: (number | null)[], correlations: (number | null)[], good: number, poor: number}} Pairing */
/** @typedef {{pairing: Pairing | null, pairs: {value: string, options: {value: string, title: string}[], note: string}}} Choice */

/**
 * What is paired with what on a stage, and what else there is to choose.
 * @param {string} wanted "index", "matched", or "" for what makes sense
 * @param {string} stage
 * @param {Known} known
 * @returns {Choice}
 */
export function choosePairs(wanted, stage, { found, sameRun }) {
  const index = { value: "index", title: "same index" };
  if (sameRun) return { pairing: null, pairs: { value: "index", options: [index], note: sameRun } };
  const matching = found?.matchings[`${groupOf(stage)}.relu`];
  const options = [index, { value: "matched", title: found && !matching ? "matched (not for these)" : "matched" }];
  if (!matching) return { pairing: null, pairs: { value: "index", options, note: "A and B may have been trained separately: then the same index means nothing. Matched pairs need the comparison on many images." } };
  const value = wanted || "matched";
  if (value === "index") return { pairing: null, pairs: { value, options, note: "The same index means nothing between separate trainings." } };
  const { partners, correlations, good_correlation: good, without_good_partner: poor } = matching;
  return { pairing: { stage: matching.stage, partners, correlations, good, poor: poor.length }, pairs: { value, options, note: matching.reason } };
}

/** What stands above the stages. @param {Known} known @param {string} data title of the data set @returns {{similarity: import("./stage_list.js").Similarity | null, source: string, busy: string, progress: number | null, reason: string, data: string}} */
export function similarityOf({ found, job, problem }, data) {
  const source = found ? (found.cka ? `linear CKA, ${found.images} images` : "too few images for CKA") : "not computed yet";
  const busy = job ? waitingWords(job, data) : "";
  return { similarity: found?.cka ?? null, source, busy, progress: job ? job.done / job.total : null, reason: problem, data: found ? `${found.images} images of ${data}` : "" };
}

/** The footer's word on pairs. @param {Known} known @param {Choice} choice @returns {string} */
export function pairsFact({ sameRun }, { pairing }) {
  if (sameRun) return "epochs of one run: channels keep their index";
  return pairing ? "separate trainings: channels paired by correlation" : "paired by index";
}
