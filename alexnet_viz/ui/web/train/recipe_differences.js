/** What differs between the recipes of the runs on the chart. */
import { fill, h } from "../lib/dom.js";
import { percents } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPopover } from "../lib/popover.js";
import { differences } from "./run_words.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */

export function createRecipeDifferences() {
  const button = h("button", { class: "button quiet", type: "button" }, gettext("Compare recipes"));
  const panel = h("div", {
    class: "differences",
    tabindex: "0",
    role: "group",
    "aria-label": gettext("Differences of the recipes"),
  });
  /** @type {Run[]} */
  let runs = [];
  /** @type {Run[]} */
  let all = [];
  const popover = createPopover(button, panel, draw);

  function draw() {
    const rows = differences(runs, all);
    fill(
      panel,
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, rows.length ? gettext("differs") : gettext("setting")),
            runs.map((run) => h("th", { scope: "col" }, run.name)),
          ),
        ),
        h(
          "tbody",
          {},
          rows.map(({ key, values }) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, key),
              values.map((value) => h("td", {}, value)),
            ),
          ),
          h(
            "tr",
            { class: "total" },
            h("th", { scope: "row" }, gettext("best validation accuracy")),
            percents(runs.map(({ best }) => best)).map((share) => h("td", {}, share)),
          ),
        ),
      ),
      rows.length ? null : h("p", { class: "note" }, gettext("These recipes are the same.")),
    );
  }

  return {
    element: popover.element,
    /** @param {Run[]} shown @param {Run[]} known */
    update(shown, known) {
      runs = shown;
      all = known;
      popover.element.hidden = shown.length < 2;
      if (shown.length < 2) popover.close(false);
    },
  };
}
