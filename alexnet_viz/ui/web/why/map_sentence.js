/** One sentence on the map, and a method that tells more where there is one; of an untrained network, why there is no map. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { better, sentence } from "./words.js";

/** @typedef {import("../server/explanations.js").Explanation} Explanation */

/** @param {{showUntrained: () => void, choose: (method: string) => void}} actions */
export function createMapSentence({ showUntrained, choose }) {
  const element = h("p", { class: "sentence", role: "status" });
  let known = "";

  /** Only what is new is drawn, and read aloud. @param {string} text @param {(string | Node)[]} children */
  function say(text, ...children) {
    if (text === known) return;
    known = text;
    fill(element, ...children);
  }

  return {
    element,
    /** @param {{found: Explanation | null, others: Explanation[], classes: string[], isChance: boolean}} view others: of every method that is there; isChance: there is no map, since it would explain chance */
    update({ found, others, classes, isChance }) {
      if (isChance) {
        const words = gettext("This checkpoint has not been trained: a map would explain chance.");
        const show = gettext("Show it all the same");
        return say(words, `${words} `, h("button", { type: "button", class: "link", onclick: showUntrained }, show));
      }
      if (!found) return say("");
      const more = better(found, others);
      const offer = more
        ? [
            ` ${more.words} `,
            h("button", { type: "button", class: "link", onclick: () => choose(more.method) }, gettext("Show it")),
          ]
        : [];
      const text = sentence(found, classes);
      return say(text + (more?.words ?? ""), text, ...offer);
    },
  };
}
