/** The fully connected layers on the network to scale: a line of units each, and how many pages wide they are. */
import { isPlaced } from "./rows.js";
import { fill, h } from "../lib/dom.js";
import { fixed } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { createPicture } from "../lib/picture.js";

/** @typedef {import("./rows.js").Row} Row */

/** @param {(row: Row) => Record<string, Function>} listening what a line's element listens to */
export function createUnitLines(listening) {
  const element = h("div", { class: "scale-lines" });

  return {
    element,
    /** @param {Row[]} rows */
    build(rows) {
      fill(
        element,
        h(
          "div",
          { class: "line-rows" },
          rows.map((row) =>
            h(
              "div",
              { class: "line-row", "data-stage": row.stage, ...listening(row) },
              h("b", {}, row.name),
              createPicture({ class: "line" }),
            ),
          ),
        ),
        h("p", { class: "line-note" }),
      );
    },
    /** @param {import("./tensor_strip.js").StripView} view @param {number} scale CSS pixels per value */
    update(view, scale) {
      const units = view.rows.find((row) => !isPlaced(row))?.layer.output_shape[0] ?? 0;
      const note = /** @type {HTMLElement} */ (element.querySelector(".line-note"));
      const pages = fixed((units * scale) / window.innerWidth, 1);
      fill(
        note,
        gettextNodes("→ {units} units each,", { units: view.covers.still("fc1:output", String(units)) }),
        h("br"),
        gettext("{pages} pages wide", { pages }),
      );
    },
  };
}
