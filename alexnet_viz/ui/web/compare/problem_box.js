/** What went wrong, over the view: it stays until it is closed, or something else is done. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @param {() => void} onClose */
export function createProblemBox(onClose) {
  const close = h("button", { class: "button", type: "button", onclick: onClose }, gettext("Close"));
  const element = h("div", { class: "error-box", role: "alert", hidden: true });

  return {
    element,
    /** @param {string | null} problem one line or several; null for none */
    update(problem) {
      element.hidden = problem === null;
      fill(
        element,
        (problem ?? "").split("\n").map((line) => h("b", {}, line)),
        close,
      );
    },
  };
}
