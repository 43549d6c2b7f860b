/** What went wrong, over the table, until the next act. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

export function createProblemBox() {
  const element = h("div", { class: "error-box", role: "alert", hidden: true });

  return {
    element,
    /** @param {string | null} problem @param {boolean} hasFallenBack whether another photo than the wanted one is on the page */
    update(problem, hasFallenBack) {
      element.hidden = problem === null;
      fill(
        element,
        h("b", {}, problem ?? ""),
        hasFallenBack ? h("span", {}, gettext("The last photo stays on the page.")) : null,
      );
    },
  };
}
