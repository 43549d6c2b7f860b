/** The list of the page's keys, over the page; below it stands which release of the app this is. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { keyCaps } from "./key_caps.js";

/** @param {string} release the app's name and its release */
export function createKeysHelp(release) {
  const element = h("dialog", { class: "dialog", "aria-label": gettext("Keys") });

  return {
    element,
    /** Opens it, or closes it where it is open. @param {string[][]} keys each with what it does */
    toggle(keys) {
      if (element.open) return element.close();
      fill(
        element,
        h(
          "div",
          { class: "title-row" },
          h("h2", {}, gettext("Keys of this page")),
          h("button", { class: "button", type: "button", onclick: () => element.close() }, gettext("Close")),
        ),
        h(
          "dl",
          { class: "keys" },
          keys.map(([key, does]) => h("div", {}, h("dt", {}, keyCaps(key)), h("dd", {}, does))),
        ),
        h("p", { class: "release" }, release),
      );
      element.showModal();
    },
  };
}
