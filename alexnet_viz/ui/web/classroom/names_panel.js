/** What pupils would call single units, side by side; the one that is chosen is what the Unit page shows. */
import { fill, h } from "../lib/dom.js";
import { address } from "../server/api.js";
import { WORDS } from "./words.js";

/** @typedef {import("../shell/class_store.js").TeachersLesson} TeachersLesson */

/** @param {(unit: string, name: string) => void} choose what the class sees; "" for none */
export function createNamesPanel(choose) {
  const none = h("p", { class: "note" }, WORDS.noNames);
  const list = h("ul", { class: "lesson-names" });
  const table = h(
    "a",
    { class: "link", href: address("class/names.csv").href, download: "names.csv" },
    WORDS.namesTable,
  );
  const element = h(
    "section",
    { class: "lesson-screens", "aria-label": WORDS.names },
    h("div", { class: "title-row" }, h("h3", {}, WORDS.names), table),
    none,
    list,
  );
  let known = "";
  return {
    element,
    /** @param {TeachersLesson} state */
    update({ proposals }) {
      none.hidden = proposals.length > 0;
      table.hidden = !proposals.length;
      const now = JSON.stringify(proposals);
      if (now === known) return;
      known = now;
      const held = /** @type {HTMLElement | null} */ (list.querySelector(":focus"))?.dataset.name;
      fill(
        list,
        proposals.map(({ unit, checkpoint, names }) =>
          h(
            "li",
            {},
            h("span", { title: checkpoint }, WORDS.unit(unit.slice(unit.indexOf(" ") + 1))),
            h(
              "div",
              { class: "row" },
              names.map((each) => choice(unit, each, choose)),
            ),
          ),
        ),
      );
      if (held)
        /** @type {HTMLElement | undefined} */ (
          [...list.querySelectorAll("button")].find((button) => button.dataset.name === held)
        )?.focus();
    },
  };
}

/** Once more on the chosen one: none is. @param {string} unit @param {{name: string, count: number, chosen: boolean}} proposed @param {(unit: string, name: string) => void} choose */
function choice(unit, { name, count, chosen }, choose) {
  return h(
    "button",
    {
      class: "button",
      type: "button",
      "data-name": `${unit} ${name}`,
      "aria-pressed": String(chosen),
      onclick: () => choose(unit, chosen ? "" : name),
    },
    WORDS.proposed(name, count),
  );
}
