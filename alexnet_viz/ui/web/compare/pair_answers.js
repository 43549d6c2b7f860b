/** What A and B answer: every likely class of both on one axis, or a list each where their classes are other ones. */
import { dumbbells } from "../charts/dumbbells.js";
import { fill, h, setText } from "../lib/dom.js";
import { sharesOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { strongest } from "../maps/ranking.js";

/** @typedef {import("../server/api.js").Trace} Trace */

const MOST_CLASSES = 10;

/**
 * The classes that either finds likely, by B's probability: from A's to B's.
 * @param {{a: Trace, b: Trace}} traces @returns {Parameters<typeof dumbbells>[0]}
 */
export function likelyClasses({ a, b }) {
  const names = b.header.checkpoint.classes;
  const before = new Map(a.header.checkpoint.classes.map((name, i) => [name, a.probabilities[i]]));
  const numberOr = (/** @type {number | undefined} */ share, other = 0) =>
    Number.isFinite(share) ? Number(share) : other;
  const largest = names.map((name, i) => Math.max(numberOr(before.get(name)), numberOr(b.probabilities[i])));
  const key = (/** @type {number} */ i) => numberOr(b.probabilities[i], largest[i]);
  const shown = strongest(largest, Math.min(MOST_CLASSES, names.length)).sort((x, y) => key(y) - key(x) || x - y);
  const best = b.probabilities.some(Number.isFinite) ? strongest(b.probabilities, 1)[0] : -1;
  return shown.map((i) => ({
    name: names[i],
    first: before.get(names[i]) ?? 0,
    second: b.probabilities[i],
    isBest: i === best,
  }));
}

export function createPairAnswers() {
  const title = h("h3", {}, gettext("Predictions, A to B"));
  const element = h("div", { class: "pair-answers" });
  let answered = "";

  return {
    title,
    element,
    /** @param {{traces: {a: Trace, b: Trace}, noAxis: string}} view noAxis: why both do not go on one axis, "" where they do */
    update({ traces, noAxis: reason }) {
      const [a, b] = [traces.a.header, traces.b.header];
      const key = [a.photo.id, a.checkpoint.digest, b.checkpoint.digest, a.input.resize].join();
      if (key === answered) return;
      answered = key;
      setText(title, reason ? gettext("Predictions") : gettext("Predictions, A to B"));
      if (reason) fill(element, h("p", { class: "sentence" }, reason), topList("A", traces.a), topList("B", traces.b));
      else fill(element, bothAnswers(traces));
    },
  };
}

/** @param {string} letter @param {Trace} trace */
function topList(letter, trace) {
  const { classes } = trace.header.checkpoint;
  const top = strongest(trace.probabilities, Math.min(4, classes.length));
  const shareOf = sharesOf(trace.probabilities);
  return h(
    "p",
    { class: "note" },
    h("b", {}, letter),
    // A name of letters from right to left would take the figures behind it to its other side.
    top.flatMap((i, rank) => [rank ? ", " : " ", h("bdi", {}, classes[i]), ` ${shareOf(i)}`]),
  );
}

/** One axis for both, the ring from A to the disc of B. @param {{a: Trace, b: Trace}} traces */
function bothAnswers(traces) {
  const rows = likelyClasses(traces);
  const total = traces.b.header.checkpoint.classes.length;
  return [
    dumbbells(rows, ["A", "B"]),
    total > rows.length
      ? h("p", { class: "note" }, gettext("{shown} of {total} classes", { shown: rows.length, total }))
      : null,
  ];
}
