/** How a number is made: the terms as a running sum, then what follows in the block. */
import { fill, h } from "../lib/dom.js";
import { count, shape } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { tokens } from "../shell/theme.js";
import { lrnAndPooling } from "./lrn_and_pooling.js";
import { createProducts } from "./products.js";
import { valueWords } from "./running_sum.js";
import { softmaxTable } from "./softmax_table.js";
import { filtersOf, termsTable } from "./terms_table.js";

/** @typedef {import("./map_tile.js").Theme} Theme */
/** @typedef {any} Step a record of `alexnet_viz number` */
/** @typedef {{at: number, steps: Step[], softmax: any}} Made */
/** @typedef {{made: Made, terms: string, input: string, theme: Theme, filters: import("../server/api.js").Filters | null, classes: string[], stages: {name: string, shape: number[]}[]}} View */

const KINDS = /** @type {Record<string, string>} */ ({
  convolution: gettext("convolution"),
  relu: "ReLU",
  tanh: "tanh",
  norm: "LRN",
  pool: gettext("pooling"),
  "fully connected": gettext("sum"),
});

/** @param {{onInput: (channel: string) => void, onTerms: (terms: string) => void, onUnit: (stage: string, channel: number, place: string) => void}} actions */
export function createNumberPanel(actions) {
  const element = h("section", { class: "unit-number", "aria-label": gettext("How the number is made") });
  let isOpening = false;

  /** @param {View} view */
  function update(view) {
    const { made, theme, input } = view;
    const main = made.steps.find((step) => step.terms) ?? made.steps[0];
    const shown = made.steps[made.at];
    const filters = filtersOf(main, view.filters);
    element.style.setProperty("--for", tokens.ramp.signed[theme][13]);
    element.style.setProperty("--against", tokens.ramp.signed[theme][3]);
    const opened =
      main.kind === "convolution"
        ? main.terms?.find((/** @type {any} */ term) => String(term.channel) === input)
        : null;
    const products = opened
      ? createProducts(
          opened,
          main.from,
          () => actions.onInput(""),
          () => actions.onUnit(main.from, opened.channel, ""),
        )
      : null;
    fill(
      element,
      h("h3", {}, gettext("How {value} is made", { value: valueWords(made.steps.map((step) => step.value))[made.at] })),
      h("p", { class: "sentence" }, sentence(main, shown, filters)),
      main.terms ? termsTable(main, view, filters, { ...actions, onOpen: (channel) => open(channel, input) }) : null,
      products?.element,
      h("p", { class: "unit-chain" }, chainOf(made)),
      lrnAndPooling(made),
      made.softmax ? softmaxTable(made.softmax, view.classes, shown.channel) : null,
    );
    if (products && isOpening) products.focus();
    isOpening = false;
  }

  /** @param {string} channel @param {string} opened */
  function open(channel, opened) {
    isOpening = channel !== opened;
    actions.onInput(channel === opened ? "" : channel);
  }

  return {
    element,
    update,
    /** @param {View} view the largest term's products open */
    openLargest(view) {
      const main = view.made.steps.find((step) => step.kind === "convolution");
      if (main) open(String(main.terms[0].channel), view.input);
    },
  };
}

/** @param {Step} main @param {Step} shown @param {import("../server/api.js").Filters | null} filters */
function sentence(main, shown, filters) {
  const place =
    shown.row === null
      ? gettext("On this photo")
      : gettext("Row {row}, column {column} on this photo", { row: shown.row, column: shown.column });
  if (!main.terms) return `${place}.`;
  const inputs = count(main.terms.length + main.others.count);
  const side = main.terms[0].kernel?.length;
  if (!side) return gettext("{place}: {inputs} inputs, each times its own weight.", { place, inputs });
  const beside = filters?.excited
    ? gettext("Beside each its filter, as pictures excite it.")
    : gettext("Beside each its filter.");
  const inputWords = gettext("{place}: {inputs} input channels, each through its own {size} kernel.", {
    place,
    inputs,
    size: shape([side, side]),
  });
  return filters ? `${inputWords} ${beside}` : inputWords;
}

/** @param {Made} made @returns {(string | HTMLElement)[]} "convolution 6.03 → ReLU 6.03" */
export function chainOf(made) {
  const values = valueWords(made.steps.map((step) => step.value));
  return made.steps.flatMap((step, i) => [
    i ? " → " : "",
    h("span", { class: i === made.at ? "marked" : "" }, `${KINDS[step.kind]} `, h("b", {}, values[i])),
  ]);
}
