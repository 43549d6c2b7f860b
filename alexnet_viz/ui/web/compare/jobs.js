/** Comparisons on many pictures: what the server has of them, how far it is, and both directions from one answer. */
import { picturesWords } from "./words.js";
import { getJson, postJson, ServerError } from "../server/api.js";
import { count, duration } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";

/** @typedef {import("./stage_list.js").Similarity} Similarity */
/** @typedef {{stage: string, partners: (number | null)[], correlations: (number | null)[], second_count: number, method: string, reason: string, without_good_partner: number[], good_correlation: number, silent_first: number[], silent_second: number[]}} Matching */
/** @typedef {{low: number, high: number, count: number, confidence: number | null, accuracy: number | null}} Bin */
/** @typedef {{accuracy: number, interval: [number, number] | null, no_answer: number, loss: number | null, confusion: number[][], ece: number, calibration: Bin[]}} Scores */
/** @typedef {{index: number, label: string, a: string, b: string, a_probability: number, b_probability: number}} Disagreement */
/**
 * @typedef {{n: number, classes: string[], agreement: number, chance: number, mcnemar: {only_a: number, only_b: number, both_right: number, both_wrong: number, p_value: number | null},
 *   per_class: {class: string, count: number, a: number | null, b: number | null, difference: number | null}[], confusion_difference: number[][],
 *   disagreements: Disagreement[], disagreement_count: number, a: Scores, b: Scores}} Answers
 * @typedef {{images: number, agreement: number | null, remark: string, answers: Answers | null, cka: Similarity | null, matchings: Record<string, Matching>, seconds: number, data: string, learnt_words: string}} Found
 * @typedef {{a: string, b: string, data: string, count: string}} Asked
 * @typedef {{id?: string, state: string, done: number, total: number, before: number, seconds_left: number | null, message: string}} Job `id`: of who has asked for it; another person sees how far it is
 */

const ASK_MS = 400;

/** @template T @param {Record<string, T>} record @returns {Record<string, T>} with A and B in each other's place */
function exchange(record) {
  return { ...record, a: record.b, b: record.a };
}

/** @param {number | null} value */
const negative = (value) => (value === null ? null : -value);

/** @type {WeakMap<Found, Found>} */
const both = new WeakMap();

/** What would have been found with A and B in each other's place. @param {Found} found @returns {Found} */
export function swapped(found) {
  const { answers, cka } = found;
  const known = both.get(found);
  if (known) return known;
  const made = {
    ...found,
    cka: cka && {
      a: cka.b,
      b: cka.a,
      images: cka.images,
      cka: cka.b.map((_, j) => cka.a.map((__, i) => cka.cka[i][j])),
    },
    matchings: Object.fromEntries(
      Object.entries(found.matchings).map(([stage, matching]) => [stage, turnedMatching(matching)]),
    ),
    answers: answers && turnedAnswers(answers),
  };
  both.set(found, made);
  return made;
}

/** @param {Matching} matching @returns {Matching} */
function turnedMatching(matching) {
  const partners = /** @type {(number | null)[]} */ (new Array(matching.second_count).fill(null));
  const correlations = /** @type {(number | null)[]} */ (new Array(matching.second_count).fill(null));
  matching.partners.forEach((partner, channel) => {
    if (partner === null) return;
    partners[partner] = channel;
    correlations[partner] = matching.correlations[channel];
  });
  const { silent_first: first, silent_second: second, good_correlation: good } = matching;
  const isAwake = (/** @type {number} */ channel) =>
    !second.includes(channel) && !first.includes(partners[channel] ?? -1);
  const poor = Array.from(partners.keys()).filter(
    (channel) => isAwake(channel) && (correlations[channel] ?? -1) < good,
  );
  return {
    ...matching,
    partners,
    correlations,
    second_count: matching.partners.length,
    silent_first: second,
    silent_second: first,
    without_good_partner: poor,
  };
}

/** @param {Answers} answers @returns {Answers} */
function turnedAnswers(answers) {
  const { only_a: a, only_b: b } = answers.mcnemar;
  return {
    .../** @type {Answers} */ (/** @type {any} */ (exchange(/** @type {any} */ (answers)))),
    mcnemar: { ...answers.mcnemar, only_a: b, only_b: a },
    per_class: answers.per_class.map((row) => ({ ...row, a: row.b, b: row.a, difference: negative(row.difference) })),
    confusion_difference: answers.confusion_difference.map((row) => row.map((value) => -value)),
    disagreements: answers.disagreements.map((each) => ({
      ...each,
      a: each.b,
      b: each.a,
      a_probability: each.b_probability,
      b_probability: each.a_probability,
    })),
  };
}

/** What is said while one waits. @param {Job} job @param {string} data @returns {string} */
export function waitingWords(job, data) {
  if (job.before > 0)
    return ngettext("{n} comparison is before yours.", "{n} comparisons are before yours.", job.before, {
      n: job.before,
    });
  if (job.done === 0) return picturesWords(job.total, data);
  const [done, total] = [count(job.done), count(job.total)];
  if (job.seconds_left === null) return gettext("{done} of {total} pictures", { done, total });
  return gettext("{done} of {total} pictures, about {left}", {
    done,
    total,
    left: duration(Math.max(1, job.seconds_left)),
  });
}

/** @param {(isProgress: boolean) => void} onChange with true when nothing but the progress is new */
export function createJobs(onChange) {
  /** @type {Map<string, {found: Found | null, job: Job | null}>} by what was asked, in alphabetical order of the two */
  const known = new Map();
  /** @type {Map<string, string>} why the last attempt came to nothing */
  const problems = new Map();
  let timer = 0;
  let isGone = false;

  /** @param {Asked} asked @returns {{asked: Asked, key: string, isSwapped: boolean}} the same for both directions */
  function canonical(asked) {
    const isSwapped = asked.a > asked.b;
    const own = isSwapped ? { ...asked, a: asked.b, b: asked.a } : asked;
    return { asked: own, key: JSON.stringify([own.a, own.b, own.data, own.count]), isSwapped };
  }

  /** @param {string} key @param {any} answer */
  function take(key, answer) {
    const before = known.get(key) ?? { found: null, job: null };
    const job = answer.state === "waiting" || answer.state === "running" ? answer : null;
    known.set(key, { found: answer.record ?? before.found, job });
    const wasLost = problems.delete(key);
    if (answer.state === "failed") problems.set(key, answer.message);
    if (job) poll();
    if (!isGone) onChange(Boolean(job && before.job && !wasLost));
  }

  function poll() {
    clearTimeout(timer);
    timer = window.setTimeout(() => void askAll(), ASK_MS);
  }

  async function askAll() {
    for (const [key, { job }] of known) {
      if (!job || isGone) continue;
      try {
        const [a, b, data, number] = JSON.parse(key);
        take(
          key,
          await (job.id ? getJson(`comparison/jobs/${job.id}`) : getJson("comparison", { a, b, data, count: number })),
        );
      } catch (error) {
        stop(key, error);
      }
    }
  }

  /** Say why nothing came; where there is no connection the work goes on, and is asked about again. @param {string} key @param {unknown} error */
  function stop(key, error) {
    const isLost = error instanceof ServerError && error.answer === null;
    const before = known.get(key);
    problems.set(key, error instanceof Error ? error.message : String(error));
    if (!isLost) known.set(key, { found: null, ...before, job: null });
    else if (before?.job) poll();
    if (!isGone) onChange(false);
  }

  return {
    /** What is known of a pair, as A and B are asked for. @param {Asked} asked */
    of(asked) {
      const { key, isSwapped } = canonical(asked);
      const own = known.get(key);
      const found = own?.found ?? null;
      return {
        found: found && isSwapped ? swapped(found) : found,
        job: own?.job ?? null,
        problem: problems.get(key) ?? "",
      };
    },
    /** Whether the server has it already: asked once for each pair. @param {Asked} asked */
    async look(asked) {
      const own = canonical(asked);
      if (known.has(own.key)) return;
      try {
        take(own.key, await getJson("comparison", { ...own.asked }));
      } catch (error) {
        stop(own.key, error);
      }
    },
    /** @param {Asked} asked */
    async start(asked) {
      const own = canonical(asked);
      problems.delete(own.key);
      try {
        take(own.key, await postJson("comparison", {}, { ...own.asked }));
      } catch (error) {
        stop(own.key, error);
      }
    },
    /** @param {Asked} asked */
    async cancel(asked) {
      const { key } = canonical(asked);
      const job = known.get(key)?.job;
      if (!job) return;
      if (job.id) await postJson(`comparison/jobs/${job.id}/cancel`).catch((error) => stop(key, error));
      known.set(key, { found: null, ...known.get(key), job: null });
      onChange(false);
    },
    destroy() {
      isGone = true;
      clearTimeout(timer);
    },
  };
}
