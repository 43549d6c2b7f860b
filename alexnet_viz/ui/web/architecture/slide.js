/** What Architecture shows in presenter mode: the table row by row, with the sum of the row that is pointed at. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @param {import("../shell/page_frame.js").Presenter} presenter @param {HTMLElement} table @param {string} variant its title @param {{name: string, question: string, answer: string}} sum "?" where the answer is hidden */
export function presentRow(presenter, table, variant, { name, question, answer }) {
  presenter.show({
    title: [gettext("Row by row")],
    beside: variant,
    shown: [table],
    words: [h("b", {}, name), ": ", question, h("b", { class: "marked slide-number" }, answer)],
  });
  if (presenter.isOn) table.querySelector("tr.on")?.scrollIntoView({ block: "nearest" });
}
