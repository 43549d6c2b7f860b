/** Over the maps while others are computed: that they are out of date, or who is before this photo. */
import { h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

export function createWaitingNote() {
  const element = h("div", { class: "stale-note", role: "status", hidden: true });
  return {
    element,
    /** @param {string} words who is before this photo @param {boolean} isFirst nothing is on the screen yet @param {boolean} isStale */
    wait(words, isFirst, isStale) {
      if (isFirst || isStale) setText(element, words);
      element.hidden &&= !isFirst; // of the first photo nothing is there yet
    },
    hide: () => void (element.hidden = true),
    /** @param {boolean} isStale whether what is on the screen is of another photo or network */
    update(isStale) {
      if (element.hidden !== !isStale) setText(element, gettext("out of date, computing"));
      element.hidden = !isStale;
    },
  };
}
