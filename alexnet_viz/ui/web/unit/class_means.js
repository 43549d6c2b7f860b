/** Mean response by class: bars from zero to either side, with one standard deviation as a line. */
import { h } from "../lib/dom.js";
import { count, number } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {{class: string, mean: number, deviation: number}} ClassMean */

/**
 * @param {ClassMean[]} rows
 * @returns {{zero: number, bars: {from: number, to: number, low: number, high: number}[]}} shares of the width: from zero to
 *   the mean, the smaller first, and one standard deviation to both sides
 */
export function classScale(rows) {
  const low = Math.min(0, ...rows.map(({ mean, deviation }) => mean - deviation));
  const high = Math.max(0, ...rows.map(({ mean, deviation }) => mean + deviation));
  const share = (/** @type {number} */ value) => (value - low) / (high - low || 1);
  const bars = rows.map(({ mean, deviation }) => ({ from: share(Math.min(0, mean)), to: share(Math.max(0, mean)), low: share(mean - deviation), high: share(mean + deviation) }));
  return { zero: share(0), bars };
}

/** @param {import("./parts_panel.js").Found} found */
export function classBars(found) {
  const rows = found.classes ?? [];
  if (rows.length < 2) return null; // pictures without classes
  const { zero, bars } = classScale(rows);
  const between = (/** @type {number} */ from, /** @type {number} */ to) => `left:${100 * from}%;right:${100 * (1 - to)}%`;
  const told = gettext("{images} {title}; line = one standard deviation.", { images: count(found.images ?? 0), title: found.title ?? "" });
  const share = found.selectivity == null ? "" : gettext("Of the responses’ variance {share} lies between the classes.", { share: `${number(100 * found.selectivity, 2)} %` });
  return h(
    "section",
    { class: "unit-classes", "aria-label": gettext("Mean response by class") },
    h("h3", {}, gettext("Mean response by class")),
    h("p", { class: "note" }, [told, share].filter(Boolean).join(" ")),
    rows.map(({ class: name, mean }, i) =>
      h(
        "div",
        { class: "unit-class" },
        h("span", { title: name }, name),
        h("span", { class: "unit-track" }, h("i", { style: between(bars[i].from, bars[i].to) }), h("i", { class: "spread", style: between(bars[i].low, bars[i].high) }), zero > 0 ? h("i", { class: "zero", style: `left:${100 * zero}%` }) : null),
        h("span", { class: "right" }, number(mean)),
      ),
    ),
  );
}
