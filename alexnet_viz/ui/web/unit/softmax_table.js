/** What follows a logit: softmax, with the classes of the largest shares. */
import { h } from "../lib/dom.js";
import { sharesOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { valueWords } from "./running_sum.js";

const MOST = 10;

/** @param {any} made @param {string[]} classes @param {number} unit the class that is asked about: it is among those that are shown */
export function softmaxTable(made, classes, unit) {
  const shown = made.terms.filter((/** @type {any} */ term, /** @type {number} */ i) => i < MOST || term.unit === unit);
  const [logits, powers] = ["logit", "exponential"].map((key) =>
    valueWords(shown.map((/** @type {any} */ term) => term[key])),
  );
  const shareOf = sharesOf(made.terms.map((/** @type {any} */ term) => (term.exponential ?? NaN) / made.total));
  const rows = shown.map((/** @type {any} */ term, /** @type {number} */ i) =>
    h(
      "tr",
      {},
      h("td", { class: term.unit === unit ? "marked" : "" }, term.class),
      h("td", { class: "right" }, logits[i]),
      h("td", { class: "right" }, powers[i]),
      h("td", { class: "right" }, shareOf(made.terms.indexOf(term))),
    ),
  );
  const share = shareOf(made.terms.findIndex((/** @type {any} */ term) => term.unit === unit));
  const title =
    classes.length > 1 ? gettext("Then softmax: {share}", { share }) : gettext("Then its sigmoid: {share}", { share });
  return h(
    "section",
    { class: "unit-softmax" },
    h("h3", {}, title),
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          [
            gettext("class"),
            gettext("logit"),
            gettext("e to its distance from the largest"),
            gettext("share of the sum"),
          ].map((word, i) => h("th", { class: i ? "right" : "" }, word)),
        ),
      ),
      h("tbody", {}, rows),
    ),
  );
}
