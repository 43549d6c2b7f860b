/** What went wrong, over the maps, until it is put right, closed, or followed by the next act. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/**
 * @typedef {{words: string, consequence?: string, isAnswered: boolean}} Problem
 * `consequence`: what the page shows now; `isAnswered`: whether the server's next answer puts it right
 */

export function createProblemBox() {
  /** @type {Problem | null} */
  let problem = null;
  const element = h("div", { class: "error-box floating", role: "alert", hidden: true });

  /** @param {Problem | null} next */
  function show(next) {
    problem = next;
    element.hidden = next === null;
    if (!next) return;
    fill(
      element,
      next.words.split("\n").map((line) => h("b", {}, line)),
      next.consequence ? h("span", {}, next.consequence) : null,
      h("button", { class: "button", type: "button", onclick: () => show(null) }, gettext("Close")),
    );
  }

  return {
    element,
    show,
    get isShown() {
      return problem !== null;
    },
    /** The server has answered: what it had not answered before is no problem any more. */
    answered() {
      if (problem?.isAnswered) show(null);
    },
  };
}
