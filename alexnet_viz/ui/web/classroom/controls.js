/** The buttons under what the class sees: one filled button, always the next thing to do. */
import { h, setText } from "../lib/dom.js";
import { WORDS } from "./words.js";

/** @typedef {import("../shell/class_store.js").TeachersLesson} TeachersLesson */

/** @param {{act: (name: string) => void, allowTraining: (isAllowed: boolean) => void}} actions `act`: what the server calls an act of the lesson */
export function createControls({ act, allowTraining }) {
  const [back, reveal, next] = [button(WORDS.back, "back"), button(WORDS.reveal, "reveal"), button(WORDS.next, "next")];
  const [blank, free, bring] = [button(WORDS.blank, "blank"), button(WORDS.free, "free"), button(WORDS.bring, "bring")];
  let isOver = false;
  let mayTrain = false;
  const end = h("button", { class: "button", type: "button", onclick: () => act(isOver ? "begin" : "end") });
  const train = h("button", { class: "button", type: "button", onclick: () => allowTraining(!mayTrain) }, WORDS.train);
  const element = h(
    "div",
    { class: "lesson-controls" },
    h("div", { class: "lesson-main" }, back, reveal, next),
    h("div", { class: "lesson-rest" }, blank, free, bring, end, train),
  );

  /** @param {string} words @param {string} name */
  function button(words, name) {
    return h("button", { class: "button", type: "button", onclick: () => act(name) }, words);
  }

  return {
    element,
    canReveal: () => !reveal.disabled,
    /** @param {TeachersLesson} state */
    update(state) {
      [isOver, mayTrain] = [state.phase === "over", state.may_train];
      const canReveal = Boolean(state.question && !state.question.revealed);
      reveal.disabled = !canReveal;
      reveal.classList.toggle("primary", canReveal);
      next.classList.toggle("primary", !canReveal);
      back.disabled = state.step === 0;
      next.disabled = state.step + 1 >= state.steps;
      setText(blank, state.is_blank ? WORDS.unblank : WORDS.blank);
      blank.setAttribute("aria-pressed", String(state.is_blank));
      free.setAttribute("aria-pressed", String(state.is_free));
      setText(end, isOver ? WORDS.beginAgain : WORDS.end);
      train.hidden = !state.serving;
      train.setAttribute("aria-pressed", String(mayTrain));
    },
  };
}
