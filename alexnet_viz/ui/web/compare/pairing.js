/** Which channel of B stands beside which of A: by number within a run, by correlation between trainings. */
import { waitingWords } from "./jobs.js";
import { picturesWords } from "./words.js";
import { h } from "../lib/dom.js";
import { count, duration, groupOf } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";

/** @typedef {import("./jobs.js").Found} Found */
/** @typedef {import("./jobs.js").Job} Job */
/** @typedef {import("./pair_loader.js").Pair} Pair */
/** @typedef {{found: Found | null, job: Job | null, problem: string}} Known */
/** @typedef {{stage: string, partners: (number | null)[], correlations: (number | null)[], good: number, poor: number}} Pairing */
/** @typedef {{pairing: Pairing | null, pairs: {value: string, options: {value: string, title: string}[], note: string}}} Choice */

/**
 * What is paired with what on a stage, and what else there is to choose.
 * @param {string} wanted "index", "matched", or "" for what makes sense
 * @param {string} stage
 * @param {Known} known
 * @param {string} sameRun why both count as one training, "" where nothing says so
 * @returns {Choice}
 */
export function choosePairs(wanted, stage, { found }, sameRun) {
  const index = { value: "index", title: gettext("same index") };
  if (sameRun) return { pairing: null, pairs: { value: "index", options: [index], note: sameRun } };
  const matching = found?.matchings[`${groupOf(stage)}.relu`];
  const options = [
    index,
    { value: "matched", title: found && !matching ? gettext("matched (not for these)") : gettext("matched") },
  ];
  if (!matching)
    return {
      pairing: null,
      pairs: {
        value: "index",
        options,
        note: gettext(
          "A and B may have been trained separately: then the same index means nothing. Matched pairs need the comparison on many pictures.",
        ),
      },
    };
  const value = wanted || "matched";
  if (value === "index")
    return {
      pairing: null,
      pairs: { value, options, note: gettext("The same index means nothing between separate trainings.") },
    };
  const { partners, correlations, good_correlation: good, without_good_partner: poor } = matching;
  return {
    pairing: { stage: matching.stage, partners, correlations, good, poor: poor.length },
    pairs: { value, options, note: matching.reason },
  };
}

/**
 * What stands above the stages. The number is of the pictures that the similarity was computed from: a last few are too few for a batch.
 * @param {Known} known @param {Pair["shipped"]} shipped @param {string} data title of the data set
 * @returns {Omit<import("./stage_list.js").StagesView, "names" | "open" | "other" | "table">}
 */
export function similarityOf({ found, job, problem }, shipped, data) {
  const cka = found ? found.cka : (shipped?.cka ?? null);
  const missing = found ? gettext("too few pictures for CKA") : gettext("not computed yet");
  const source = cka ? gettext("linear CKA, {n} test pictures", { n: count(cka.images) }) : missing;
  const pictures = found ? data : gettext("CIFAR-10 test pictures, computed once and shipped with both networks");
  return {
    similarity: cka,
    source,
    busy: job ? waitingWords(job, data) : "",
    progress: job ? job.done / job.total : null,
    reason: problem,
    data: cka ? picturesWords(cka.images, pictures) : "",
  };
}

/** The footer's word on pairs. @param {string} sameRun @param {Choice} choice @returns {string} */
function pairsFact(sameRun, { pairing }) {
  if (sameRun) return gettext("one training: channels keep their index");
  return pairing ? gettext("separate trainings: channels paired by correlation") : gettext("paired by index");
}

/** How many pictures the figures are of that were not computed here. @param {Pair} pair @returns {string} */
function countsFact({ shipped, right }) {
  if (!shipped) return "";
  const part = count(shipped.images);
  if (!right.a || !right.b) return gettext("alike, agreeing: {part}", { part });
  return gettext("right: {whole} test pictures; alike, agreeing: {part}", {
    whole: count(Math.min(right.a.images, right.b.images)),
    part,
  });
}

/** What the footer says. @param {import("./photo_panel.js").Moment} moment @param {Known} known @returns {(Node | string)[][]} */
export function facts({ arrived: { traces, pair }, choose, state }, known) {
  const seconds = traces.a.header.seconds + traces.b.header.seconds;
  const counts = known.found ? "" : countsFact(pair);
  const paired = pairsFact(pair.same_run, choose(state.stage));
  return [
    [counts || paired],
    [gettext("one range for A and B")],
    [h("b", {}, traces.a.header.device)],
    gettextNodes("two forward passes {time}", { time: h("b", {}, duration(seconds)) }),
  ];
}
