/** What the test-set view says: whether the difference can be chance, who gives no answer, how far the comparison is. */
import { waitingWords } from "./jobs.js";
import { count, duration, fixed, percent } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";

/** @typedef {import("./jobs.js").Answers} Answers */

/** @param {number} p @returns {string} */
function chanceWords(p) {
  if (p > 0.995)
    return gettext("so uneven a split comes up between equals nearly every time, so the difference may be chance");
  if (p >= 0.05)
    return gettext(
      "so uneven a split comes up between equals in {share} of all cases, so the difference may be chance",
      { share: percent(p) },
    );
  if (p >= 0.001)
    return gettext(
      "between equals so uneven a split comes up in {share} of all cases, so the difference is hardly chance",
      { share: percent(p) },
    );
  if (p >= 1e-6)
    return gettext(
      "between equals so uneven a split comes up less than once in a thousand, so the difference is hardly chance",
    );
  return gettext(
    "between equals so uneven a split comes up less than once in a million, so the difference is hardly chance",
  );
}

/** McNemar's test in a sentence. @param {Answers} answers @returns {string} */
export function mcnemarWords({ mcnemar, n }) {
  const { only_a: a, only_b: b, p_value: p } = mcnemar;
  if (p === null) return ""; // one of them answers nothing
  if (a + b === 0) return gettext("A and B are right on the very same ones of the {n} pictures.", { n: count(n) });
  return ngettext(
    "B alone is right on {b} picture, A alone on {a}; {chance} (McNemar's exact test).",
    "B alone is right on {b} pictures, A alone on {a}; {chance} (McNemar's exact test).",
    b,
    { b: count(b), a: count(a), chance: chanceWords(p) },
  );
}

/** Who gives no answer, and how often. @param {Answers} answers @returns {string} */
export function noAnswerWords({ a, b, n }) {
  const missingWords = (/** @type {string} */ letter, /** @type {number} */ missing) =>
    missing
      ? `${gettext("{network} gives no answer for {missing} of {n} pictures: its outputs are not numbers.", { network: letter, missing: count(missing), n: count(n) })} `
      : "";
  return missingWords("A", a.no_answer) + missingWords("B", b.no_answer);
}

/** Percentage points with their sign: "0" where there is no difference. @param {number} difference @returns {string} */
export function points(difference) {
  const words = fixed(100 * difference, Math.abs(difference) < 0.0095 ? 1 : 0);
  return difference > 0 && /^\d/.test(words) ? `+${words}` : words;
}

/** How far the comparison is, or what it was of. @param {import("./test_set_panel.js").TestView} v @returns {string} */
export function statusWords({ known: { found, job }, data }) {
  if (job) return waitingWords(job, data.title);
  if (found)
    return `${gettext("{n} pictures in {time}.", { n: count(found.images), time: duration(found.seconds) })} ${found.learnt_words || gettext("Neither A nor B learnt from any of them.")}`;
  return gettext(
    "Only pictures that neither network learnt from count. Both look at each once; the page stays usable.",
  );
}
