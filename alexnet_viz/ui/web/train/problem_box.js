/** What went wrong, over the run, and what can be done instead. */
import { h, setText } from "../lib/dom.js";

/**
 * @typedef {{words: string, offer: import("./run_actions.js").Offer | null, passes: boolean}} Problem
 * `offer`: what can be done instead; `passes`: whether the next good answer of the server ends it
 */

export function createProblemBox() {
  /** @type {Problem | null} */
  let problem = null;
  const words = h("b", {});
  const offer = h("button", { class: "button", type: "button", hidden: true, onclick: () => problem?.offer?.accept() });
  const element = h("div", { class: "error-box", role: "alert", hidden: true }, words, offer);

  /** @param {Problem | null} next */
  function show(next) {
    problem = next;
    element.hidden = problem === null;
    setText(words, problem?.words ?? "");
    setText(offer, problem?.offer?.words ?? "");
    offer.hidden = !problem?.offer;
  }

  return {
    element,
    show,
    /** The server has answered: what it had not answered before is no problem any more. */
    answered() {
      if (problem?.passes) show(null);
    },
  };
}
