/** Two probabilities of every class on one axis: a ring for the first, a disc for the second. */
import { h } from "../lib/dom.js";
import { percents } from "../lib/format.js";
import { gettext } from "../lib/language.js";

const TICKS = [0, 50, 100]; // a line stands at each quarter

/**
 * @param {readonly {name: string, first: number, second: number, isBest: boolean}[]} rows
 * @param {[string, string]} called what ring and disc stand for, "A" and "B"
 * @returns {HTMLElement}
 */
export function dumbbells(rows, called) {
  return h(
    "div",
    { class: "dumbbells" },
    h(
      "ul",
      {},
      rows.map((row) => dumbbell(row, called)),
    ),
    h(
      "div",
      { class: "dumbbell-axis", "aria-hidden": "true" },
      TICKS.map((tick) => h("span", { style: `left:${tick}%` }, tick === 100 ? "100 %" : tick)),
    ),
  );
}

/** The row over them: what they show, and what ring and disc stand for. @param {string} first @param {string} second @returns {HTMLElement} */
export function dumbbellTitle(first, second) {
  const end = (/** @type {string} */ kind) => h("span", { class: `dumbbell-end ${kind}`, "aria-hidden": "true" });
  return h(
    "div",
    { class: "title-row" },
    h("h3", {}, gettext("Prediction")),
    h("span", { class: "note dumbbell-legend" }, end("ring"), `${first} `, end("disc"), second),
  );
}

/** @param {{name: string, first: number, second: number, isBest: boolean}} row @param {[string, string]} called */
function dumbbell({ name, first, second, isBest }, called) {
  const [left, right] = [Math.min(first, second) * 100, Math.max(first, second) * 100];
  // What is no number has no place on the axis.
  const end = (/** @type {string} */ kind, /** @type {number} */ value) =>
    Number.isFinite(value) && h("span", { class: `dumbbell-end ${kind}`, style: `left:${value * 100}%` });
  const [a, b] = percents([first, second]);
  const words = `${name}: ${called[0]} ${a}, ${called[1]} ${b}`;
  return h(
    "li",
    { class: isBest ? "dumbbell best" : "dumbbell", title: words },
    h(
      "span",
      { class: "dumbbell-name" },
      h("span", { "aria-hidden": "true" }, name),
      h("span", { class: "unseen" }, words),
    ),
    h(
      "span",
      { class: "dumbbell-track", "aria-hidden": "true" },
      Number.isFinite(right - left) &&
        h("span", { class: "dumbbell-bar", style: `left:${left}%;width:${right - left}%` }),
      end("ring", first),
      end("disc", second),
    ),
  );
}
