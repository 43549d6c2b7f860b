/** Under the map: what is being computed and how far it is, what was cancelled, what went wrong; one button each. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { cancelledWords, passesWords } from "./words.js";

/** @typedef {{words: string, mayRetry: boolean}} Problem mayRetry: whether asking once more may help */
/** @typedef {{problem: Problem | null, isCancelled: boolean, isAsking: boolean, passes: import("./questions.js").Passes | null}} Waiting */

/** @param {{cancel: () => void, goOn: () => void}} actions */
export function createWaitingBox({ cancel, goOn }) {
  const words = h("span", { role: "status" });
  const button = h("button", { type: "button", class: "link", onclick: () => act() });
  const element = h("div", { class: "why-state", hidden: true }, words, " ", button);
  let act = cancel;

  /** @param {string} text @param {string} label @param {() => void} action */
  function show(text, label, action) {
    fill(words, text);
    fill(button, label);
    act = action;
    element.hidden = false;
  }

  return {
    element,
    /** @param {Waiting} now */
    update({ problem, isCancelled, isAsking, passes }) {
      element.classList.toggle("bad", problem !== null);
      words.setAttribute("role", problem ? "alert" : "status");
      if (problem) show(problem.words, problem.mayRetry ? gettext("Try again") : gettext("Close"), goOn);
      else if (isCancelled) show(cancelledWords(passes), gettext("Go on"), goOn);
      else if (isAsking && passes) show(passesWords(passes), gettext("Cancel"), cancel);
      else element.hidden = true;
    },
  };
}
