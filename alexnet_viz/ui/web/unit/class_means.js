/** Mean response by class: bars from zero to either side, with one standard deviation as a line. */
import { fill, h } from "../lib/dom.js";
import { computed, count, percent } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { whenChanged } from "../lib/when_changed.js";
import { createJob, isAlive } from "./job.js";
import { searchProgress } from "./parts_panel.js";

const CLASSED = "cifar10-sample"; // ships with the app; of sets without classes there is no mean by class

/** @typedef {import("./parts_panel.js").Found} Found */
/** @typedef {{class: string, mean: number | null, deviation: number | null}} ClassMean null: not a number */

/**
 * @param {ClassMean[]} rows
 * @returns {{zero: number, bars: ({from: number, to: number, low: number, high: number} | null)[]}} shares of the width: from zero to
 *   the mean, the smaller first, and one standard deviation to both sides; null where the mean is not a number
 */
export function classScale(rows) {
  const spans = rows.map(({ mean, deviation }) =>
    mean === null ? null : { mean, low: mean - (deviation ?? 0), high: mean + (deviation ?? 0) },
  );
  const low = Math.min(0, ...spans.map((span) => span?.low ?? 0));
  const high = Math.max(0, ...spans.map((span) => span?.high ?? 0));
  const share = (/** @type {number} */ value) => (value - low) / (high - low || 1);
  const bars = spans.map(
    (span) =>
      span && {
        from: share(Math.min(0, span.mean)),
        to: share(Math.max(0, span.mean)),
        low: share(span.low),
        high: share(span.high),
      },
  );
  return { zero: share(0), bars };
}

/**
 * Of the set that is searched for image parts where its pictures have classes, else of the test pictures that ship with the app.
 * @param {{onChange: () => void, onRefused: (error: unknown) => void}} page
 */
export function createClassMeans({ onChange, onRefused }) {
  /** @type {ReturnType<typeof createJob<Record<string, string>, Found>>} */
  const search = createJob({
    path: "unit/parts",
    isKin: (a, b) => a.checkpoint === b.checkpoint,
    onChange,
    onRefused,
  });
  const element = h("section", { class: "unit-classes", "aria-label": gettext("Mean response by class") });
  const draw = whenChanged(
    (/** @type {Found | null} */ found) => [found],
    (found) =>
      fill(
        element,
        h("h3", {}, gettext("Mean response by class")),
        ...(found && hasClasses(found) ? bars(found) : [waiting(found)]),
      ),
  );

  /** @param {Found | null} found */
  function waiting(found) {
    if (!found) return null;
    if (isAlive(found)) return searchProgress(found, search.cancel);
    const ask = h(
      "button",
      { class: "link", type: "button", onclick: search.start },
      gettext("Compute from test pictures"),
    );
    const problem = found.message || found.lost;
    return h("p", { class: "note" }, problem ? `${problem} ` : null, ask);
  }

  return {
    element,
    /** @param {Record<string, string>} unit its checkpoint, stage and channel @param {Found | null} parts of the set that is searched */
    want(unit, parts) {
      search.want(parts?.strongest && !hasClasses(parts) ? { ...unit, data: CLASSED } : null);
    },
    /** @param {Found | null} parts */
    update(parts) {
      element.hidden = !parts?.strongest;
      draw(parts && hasClasses(parts) ? parts : search.found);
    },
    end: search.end,
  };
}

/** @param {Found} found */
function hasClasses(found) {
  return (found.classes ?? []).length > 1;
}

/** @param {Found} found */
function bars(found) {
  const rows = found.classes ?? [];
  const { zero, bars: spans } = classScale(rows);
  const between = (/** @type {number} */ from, /** @type {number} */ to) =>
    `left:${100 * from}%;right:${100 * (1 - to)}%`;
  const drawn = (/** @type {(typeof spans)[number]} */ span) =>
    span && [
      h("i", { style: between(span.from, span.to) }),
      h("i", { class: "spread", style: between(span.low, span.high) }),
    ];
  const countWords = gettext("{images} {title}; line = one standard deviation.", {
    images: count(found.images ?? 0),
    title: found.title ?? "",
  });
  const share =
    found.selectivity == null
      ? []
      : gettextNodes("Of the responses’ variance {share} lies between the classes.", {
          share: h("span", { class: "unit-share" }, percent(found.selectivity)),
        });
  return [
    h("p", { class: "note" }, countWords, " ", share),
    ...rows.map(({ class: name, mean }, i) =>
      h(
        "div",
        { class: "unit-class" },
        h("span", { title: name }, name),
        h(
          "span",
          { class: "unit-track" },
          drawn(spans[i]),
          zero > 0 ? h("i", { class: "zero", style: `left:${100 * zero}%` }) : null,
        ),
        h("span", { class: "right" }, computed(mean)),
      ),
    ),
  ];
}
