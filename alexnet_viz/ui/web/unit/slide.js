/** What the Unit page shows in presenter mode: the map, and beside it how the number is made. */
import { gettext } from "../lib/language.js";
import { answerOf } from "../maps/answer.js";
import { legendOf } from "../maps/legend.js";
import { chainOf, createNumberPanel } from "./number_panel.js";

/** @typedef {import("./number_panel.js").View} View */
/** @typedef {import("../shell/presenter.js").Slide} Slide */

const TERMS = 4;

/** The largest terms; the others as one, so that the sum stays whole. @param {View["made"]} made @returns {View["made"]} */
function fewTerms(made) {
  const steps = made.steps.map((step) => {
    if (!step.terms) return step;
    const rest = step.terms.slice(TERMS);
    const sum = rest.reduce(
      (/** @type {number} */ all, /** @type {{sum: number}} */ term) => all + term.sum,
      step.others.sum,
    );
    return { ...step, terms: step.terms.slice(0, TERMS), others: { count: step.others.count + rest.length, sum } };
  });
  return { ...made, steps };
}

/** @param {Parameters<typeof createNumberPanel>[0]} actions @param {{pictures: HTMLElement, legend: () => Parameters<typeof legendOf> | null}} map */
export function createUnitSlide(actions, map) {
  const panel = createNumberPanel(actions);
  return {
    /** @param {string} title @param {View} view @param {import("../server/api.js").Trace} trace @returns {Slide} */
    of(title, view, trace) {
      panel.update({ ...view, made: fewTerms(view.made), input: "", filters: null });
      const { row, column } = view.made.steps[view.made.at];
      const legend = map.legend();
      return {
        title: [title],
        beside: row === null ? "" : gettext("row {row}, column {column}", { row, column }),
        shown: [map.pictures, panel.element],
        words: chainOf(view.made),
        legend: legend ? legendOf(...legend) : [],
        answer: answerOf(trace),
      };
    },
  };
}
