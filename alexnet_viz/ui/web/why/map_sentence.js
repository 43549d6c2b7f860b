/** One sentence on the map, and a method that tells more where there is one; of an untrained network, why there is no map. */
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { better, sentence } from "./words.js";

/** @typedef {import("../server/explanations.js").Explanation} Explanation */

/** @param {{showUntrained: () => void, choose: (method: string) => void}} actions */
export function createMapSentence({ showUntrained, choose }) {
  const element = h("p", { class: "sentence", role: "status" });

  return {
    element,
    /** @param {{found: Explanation | null, others: Explanation[], classes: string[], isChance: boolean}} view others: of every method that is there; isChance: there is no map, since it would explain chance */
    update({ found, others, classes, isChance }) {
      if (isChance)
        return fill(
          element,
          `${gettext("This checkpoint has not been trained: a map would explain chance.")} `,
          h("button", { type: "button", class: "link", onclick: showUntrained }, gettext("Show it all the same")),
        );
      if (!found) return setText(element, "");
      const more = better(found, others);
      const offer = more
        ? [
            ` ${more.words} `,
            h("button", { type: "button", class: "link", onclick: () => choose(more.method) }, gettext("Show it")),
          ]
        : [];
      const text = sentence(found, classes);
      if (element.dataset.text === text + (more?.words ?? "")) return;
      element.dataset.text = text + (more?.words ?? "");
      fill(element, text, ...offer);
    },
  };
}
