/** The legend of a colour scale: its two ends in words, and its bar. */
import { paintLegend } from "../lib/colour.js";
import { h, sizeCanvas } from "../lib/dom.js";
import { numbers } from "../lib/format.js";

/** @param {import("../lib/colour.js").Bounds} bounds @returns {[string, string]} "0" and "≥ 2.19" where larger values have the last colour too */
export function endsOf({ low, high, clippedLow, clippedHigh }) {
  const [first, last] = numbers([low, high]);
  return [`${clippedLow ? "≤ " : ""}${first}`, `${clippedHigh ? "≥ " : ""}${last}`];
}

/** @param {Uint32Array} table colours @param {number} width CSS pixels @param {number} height @returns {HTMLCanvasElement} */
export function legendBar(table, width, height) {
  const canvas = h("canvas", { class: "legend-bar", "aria-hidden": "true" });
  const { context } = sizeCanvas(canvas, width, height);
  paintLegend(context, table, canvas.width, canvas.height);
  return canvas;
}

/** Bar and ends of a colour scale, to stand in a line of text. @param {Uint32Array} table @param {[string, string]} ends @returns {import("../lib/dom.js").Child[]} */
export function legendOf(table, [low, high]) {
  return [h("span", {}, low), legendBar(table, 190, 27), h("span", {}, high)];
}
