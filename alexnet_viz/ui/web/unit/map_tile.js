/** A few numbers as a picture, one square a value, never smoothed. */
import { makeBounds, makeTable, mapCanvas, rampAnchors } from "../lib/colour.js";
import { tokens } from "../shell/theme.js";

/** @typedef {"light" | "dark"} Theme */

/**
 * @param {number[][]} rows @param {"activation" | "signed" | "weight"} ramp @param {Theme} theme @param {number} largest the end of the ramp
 * @returns {HTMLCanvasElement}
 */
export function mapTile(rows, ramp, theme, largest) {
  const values = Float32Array.from(rows.flat(), (value) => value ?? NaN);
  const anchors =
    ramp === "weight" ? tokens.ramp.weight[theme] : rampAnchors(tokens, "house", theme, ramp === "signed");
  const isSigned = ramp !== "activation";
  const canvas = mapCanvas(
    values,
    { offset: 0, height: rows.length, width: rows[0].length },
    makeBounds(isSigned, isSigned ? -largest : 0, largest, largest),
    makeTable(anchors, 1, isSigned),
  );
  canvas.className = "unit-tile";
  return canvas;
}

/** @param {number[][][]} tables @returns {number} the largest magnitude in them */
export function largestOf(tables) {
  return Math.max(...tables.flat(2).map(Math.abs), 0);
}
