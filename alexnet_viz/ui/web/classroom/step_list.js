/** The steps of a lesson at the left: what was, what is, what comes. */
import { fill, h, setText } from "../lib/dom.js";
import { WORDS } from "./words.js";

/** @typedef {import("../shell/class_store.js").TeachersLesson} TeachersLesson */

/** @param {(step: number) => void} go */
export function createStepList(go) {
  const title = h("h2");
  const progress = h("p", { class: "note" });
  const list = h("ol", { class: "lesson-steps" });
  const element = h("section", { class: "lesson-list" }, title, progress, list);
  let known = "";
  return {
    element,
    /** @param {TeachersLesson} state */
    update(state) {
      setText(title, state.title);
      setText(progress, state.steps ? WORDS.progress(state.step + 1, state.steps, state.minutes) : "");
      const now = JSON.stringify([state.lesson, state.step, state.list]);
      if (now === known) return;
      known = now;
      const hadFocus = list.matches(":focus-within");
      fill(
        list,
        state.list.map((step, index) => item(step, index, state.step, go)),
      );
      if (hadFocus) /** @type {HTMLElement | null} */ (list.querySelector("[aria-current=step]"))?.focus();
    },
  };
}

/** @param {{title: string, about: string}} step @param {number} index @param {number} open @param {(step: number) => void} go */
function item(step, index, open, go) {
  const sign = index < open ? "✓" : String(index + 1);
  const words = h("span", { class: "lesson-words" }, h("b", {}, step.title), h("span", { class: "note" }, step.about));
  const button = h(
    "button",
    { type: "button", "aria-current": index === open ? "step" : false, onclick: () => go(index) },
    h("span", { class: index < open ? "lesson-sign done" : "lesson-sign" }, sign),
    words,
  );
  return h("li", {}, button);
}
