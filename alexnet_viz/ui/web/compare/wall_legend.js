/** The range under a wall. */
import { paintLegend } from "../lib/colour.js";
import { h, setText, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("../lib/colour.js").Bounds} Bounds */

/** @param {() => void} onTop */
export function createWallLegend(onTop) {
  const low = h("span", { class: "legend-end" });
  const bar = h("canvas", { class: "legend-bar", width: "114", height: "12", "aria-hidden": "true" }); // a canvas is 300 x 150 until it is drawn
  const high = h("button", { class: "legend-end", type: "button", onclick: onTop });
  return {
    element: h("div", { class: "legend", role: "group" }, low, bar, high),
    /** @param {Bounds} bounds @param {Uint32Array} table @param {string} top @param {string} name */
    update(bounds, table, top, name) {
      const { context } = sizeCanvas(bar, 120, 10);
      paintLegend(context, table, bar.width, bar.height);
      setText(low, `${bounds.clippedLow ? "≤ " : ""}${number(bounds.low)}`);
      setText(high, `${bounds.clippedHigh ? "≥ " : ""}${number(bounds.high)}`);
      high.title =
        top === "clipped"
          ? gettext("Ends at the 99.5th percentile; click for the true maximum")
          : gettext("Ends at the true maximum; click for the 99.5th percentile");
      this.element.setAttribute(
        "aria-label",
        gettext("Range of {name}, from {low} to {high}", {
          name,
          low: low.textContent ?? "",
          high: high.textContent ?? "",
        }),
      );
    },
  };
}
