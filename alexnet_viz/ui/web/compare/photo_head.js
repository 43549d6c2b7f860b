/** Over the walls: which stage, in which order, how shown, which pairs, and how many of them. */
import { MODES } from "./state.js";
import { countPairs, sizeWords, unitsOf } from "./words.js";
import { fill, h, setText } from "../lib/dom.js";
import { groupOf, groupTitle, kindTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {{state: State, stage: Stage, comparison: import("./difference.js").Comparison | null, shown: number, choice: import("./pairing.js").Choice, poor: number}} HeadView
 *   `shown`: how many channels the walls hold; `poor`: how many have no good partner */

/** @type {Record<string, string>} */
const MODE_TITLES = { difference: gettext("difference"), swipe: gettext("swipe"), flicker: gettext("flicker") };

/** @param {{set: (changes: Partial<State>) => void, onAll: () => void}} actions */
export function createPhotoHead({ set, onAll }) {
  const title = h("h2", {});
  const modeButtons = MODES.map((mode) =>
    h("button", { type: "button", "data-mode": mode, onclick: () => set({ mode }) }, MODE_TITLES[mode]),
  );
  const orderPick = createPick(gettext("order"), (order) => set({ order }));
  const pairsPick = createPick(gettext("pairs"), (pairs) => set({ pairs }));
  const sentence = h("p", { class: "sentence", id: "wall-a-sentence", "aria-live": "polite" });
  const allButton = h("button", { class: "link", type: "button", onclick: onAll });
  const modes = h(
    "div",
    { class: "segments", role: "group", "aria-label": gettext("How A and B are shown") },
    modeButtons,
  );
  const elements = [
    h("div", { class: "compare-head" }, title, h("div", { class: "row" }, orderPick.element, modes)),
    h("div", { class: "compare-line" }, h("div", { class: "compare-count" }, sentence, allButton), pairsPick.element),
  ];

  /** @param {HeadView} view */
  function drawSentence({ state, stage, comparison: c, shown, poor }) {
    const total = stage.shape[0];
    setText(sentence, c ? countPairs(c, shown, state.order, unitsOf(stage), poor) : " ");
    sentence.title = sentence.textContent ?? "";
    allButton.hidden = !c || (shown === total && state.shown !== "all");
    setText(allButton, state.shown === "all" ? gettext("Only what fits") : gettext("Show all {total}", { total }));
  }

  return {
    elements,
    /** @param {HeadView} view */
    update(view) {
      const { state, stage, choice } = view;
      const isMap = stage.shape.length === 3;
      const kind = stage.name.includes(".") ? ` ${kindTitle(stage.name)}` : "";
      fill(title, groupTitle(groupOf(stage.name)), h("span", { class: "light" }, `${kind}  ${sizeWords(stage)}`));
      for (const button of modeButtons) button.setAttribute("aria-pressed", String(button.dataset.mode === state.mode));
      orderPick.update(
        [
          { value: "changed", title: gettext("most changed") },
          { value: "index", title: gettext("index") },
        ],
        state.order,
      );
      orderPick.element.title = gettext("Changed: root mean square of B − A over all places");
      pairsPick.update(choice.pairs.options, choice.pairs.value);
      pairsPick.element.hidden = !isMap;
      pairsPick.element.title = choice.pairs.note;
      drawSentence(view);
    },
  };
}
