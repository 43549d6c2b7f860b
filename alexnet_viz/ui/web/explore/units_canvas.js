/** Values without a place, as cells in rows. */
import { mapCanvas } from "../lib/colour.js";

/**
 * One pixel per unit, to be drawn enlarged; what is not a number, and the rest of the last row, is transparent.
 * @param {Float32Array} values
 * @param {number[]} units in the order of the cells
 * @param {number} columns
 * @param {import("../lib/colour.js").Bounds} bounds
 * @param {Uint32Array} table
 * @returns {HTMLCanvasElement}
 */
export function unitsCanvas(values, units, columns, bounds, table) {
  const rows = Math.ceil(units.length / columns);
  const ordered = new Float32Array(columns * rows).fill(NaN);
  ordered.set(units.map((unit) => values[unit]));
  return mapCanvas(ordered, { offset: 0, height: rows, width: columns }, bounds, table);
}
