/** The button that says which checkpoint is open; the checkpoint menu opens below it. */
import { h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { kept } from "./tab_memory.js";

/** @param {string} label which of several it is, "" where there is one */
export function createCheckpointButton(label) {
  const shown = h("span", { class: "pick-value" });
  const isOne = label !== ""; // of several: the name tells which, by its content, so that what is seen stands in it
  const spoken = isOne ? h("span", { class: "unseen" }, `${label}: `) : null;
  const element = h(
    "button",
    { type: "button", class: "pick", "aria-haspopup": "dialog", "data-value": "" },
    h("span", { class: "pick-label", "aria-hidden": isOne ? "true" : null }, gettext("checkpoint")),
    spoken,
    shown,
  );

  return {
    element,
    /** The checkpoint that is open, "" before there is one. */
    get value() {
      return element.dataset.value ?? "";
    },
    /** @param {string} value */
    update(value) {
      const title = kept.checkpoints.find((entry) => entry.name === value)?.title ?? value;
      setText(shown, title);
      element.dataset.value = value;
      element.title = title;
    },
  };
}
