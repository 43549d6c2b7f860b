/** What follows a value in its block: LRN over the neighbours, pooling over the window, in the order of computation. */
import { h } from "../lib/dom.js";
import { number, shape } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { valueWords } from "./running_sum.js";

/** @param {import("./number_panel.js").Made} made */
export function lrnAndPooling({ steps }) {
  return h(
    "div",
    { class: "unit-after" },
    steps.map((step) => (step.kind === "norm" ? lrn(step) : step.kind === "pool" ? pooling(step) : null)),
  );
}

/** @param {import("./number_panel.js").Step} norm */
function lrn(norm) {
  const neighbours = valueWords(norm.neighbours.map((/** @type {any} */ each) => each.value));
  const [before, divided] = valueWords([norm.before, norm.value]);
  const cell = (/** @type {number} */ channel, /** @type {string} */ value, /** @type {boolean} */ on) =>
    h("div", { class: on ? "on" : "" }, h("span", {}, channel), h("b", {}, value));
  return h(
    "section",
    {},
    h(
      "h3",
      {},
      gettextNodes("Then LRN {where}", { where: h("span", { class: "quiet" }, gettext("over the neighbours")) }),
    ),
    h(
      "div",
      { class: "unit-neighbours" },
      norm.neighbours.map((/** @type {any} */ each, /** @type {number} */ i) =>
        cell(each.channel, neighbours[i], each.channel === norm.channel),
      ),
    ),
    h("p", { class: "note" }, `${before} ÷ ${number(norm.denominator ?? NaN, 4)} = ${divided}`),
  );
}

/** @param {import("./number_panel.js").Step} pool */
function pooling(pool) {
  const values = valueWords(pool.window.flat());
  const side = pool.window.length;
  return h(
    "section",
    {},
    h("h3", {}, gettextNodes("Then pooling {size}", { size: h("span", { class: "quiet" }, shape([side, side])) })),
    h(
      "table",
      { class: "unit-window" },
      h(
        "tbody",
        {},
        pool.window.map((/** @type {number[]} */ row, /** @type {number} */ y) =>
          h(
            "tr",
            {},
            row.map((_, x) =>
              h(
                "td",
                { class: pool.winner[0] === pool.top + y && pool.winner[1] === pool.left + x ? "on" : "" },
                values[y * row.length + x],
              ),
            ),
          ),
        ),
      ),
    ),
  );
}
