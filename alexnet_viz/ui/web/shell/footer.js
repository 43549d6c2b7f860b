/** The footer: facts on what the page shows at the left, the most useful keys at the right. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { keyCaps } from "./key_caps.js";

export function createFooter() {
  const facts = h("div", { class: "footer-facts" }, h("span", { class: "late" }, gettext("Waiting for the server")));
  const keyHints = h("div", { class: "footer-keys" });

  return {
    element: h("footer", { class: "footer" }, facts, keyHints),
    /** @param {(Node | string)[][]} parts */
    setFacts(parts) {
      const text = parts
        .map((part) => part.map((piece) => (typeof piece === "string" ? piece : piece.textContent)).join(""))
        .join();
      if (facts.dataset.text === text) return;
      facts.dataset.text = text;
      fill(
        facts,
        parts.map((part) => h("span", {}, part)),
      );
    },
    /** @param {string[][]} keys each with what it does */
    setKeys(keys) {
      fill(
        keyHints,
        keys.map(([key, does]) => h("span", {}, keyCaps(key), does)),
      );
    },
  };
}
