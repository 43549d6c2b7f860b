/** The wall as a grid, for the keys and for those who do not see it: one cell is there, the selected channel's. */
import { h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { isChosen, tileWords } from "./wall_words.js";

/** @typedef {import("./grid.js").Grid} Grid */
/** @typedef {import("./wall.js").WallView} WallView */

/** @param {string} name @param {boolean} focusable @param {HTMLElement[]} seen what those see who see the wall */
export function createWallGrid(name, focusable, seen) {
  const cell = h("div", { role: "gridcell", id: `${name}-cell`, "aria-selected": "true" });
  const row = h("div", { role: "row", class: "unseen" }, cell);
  const element = h(
    "div",
    focusable
      ? {
          class: "wall-grid",
          id: name,
          role: "grid",
          tabindex: "0",
          "aria-activedescendant": `${name}-cell`,
          "aria-describedby": `${name}-sentence`,
        }
      : { class: "wall-grid", id: name, role: "img" },
    seen,
    focusable ? row : null,
  );
  return {
    element,
    /** @param {WallView} view @param {Grid | null} layout */
    update(view, layout) {
      const total = view.shape[0];
      const position = Math.max(0, view.channels.indexOf(view.selected));
      element.setAttribute(
        "aria-label",
        gettext("{stage}: {shown} of {total} channels", { stage: view.title, shown: view.channels.length, total }),
      );
      element.setAttribute("aria-busy", String(view.values === null));
      if (!focusable) return;
      element.setAttribute("aria-rowcount", String(layout?.rows ?? 0));
      element.setAttribute("aria-colcount", String(layout?.columns ?? 0));
      row.setAttribute("aria-rowindex", String(Math.floor(position / (layout?.columns ?? 1)) + 1));
      cell.setAttribute("aria-colindex", String((position % (layout?.columns ?? 1)) + 1));
      setText(cell, tileWords(view));
      if (view.chosen) element.setAttribute("aria-multiselectable", "true");
      cell.setAttribute("aria-selected", String(isChosen(view)));
    },
  };
}
