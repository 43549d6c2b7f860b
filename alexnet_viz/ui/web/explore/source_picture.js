/** The picture beside the photo of a unit: what feeds the unit, or its own stage. */
import { makeBounds, mapCanvas } from "../lib/colour.js";
import { sizeCanvas } from "../lib/dom.js";
import { crossOut } from "../lib/outline.js";
import { unitColumns } from "../maps/grid.js";
import { unitsCanvas } from "./units_canvas.js";

/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./selection.js").View} View */

/** @param {HTMLCanvasElement} canvas @param {View} v @param {Stage} source @param {number} side in CSS pixels */
export function paintSource(canvas, v, source, side) {
  const { context, ratio } = sizeCanvas(canvas, side, side);
  const values = source.shape.length === 3 ? v.trace.faces[source.name] : v.values.get(source.name);
  const table = v.houseTable(source.signed);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!values) return;
  const finite = values.filter(Number.isFinite);
  if (source.shape.length === 3) {
    const [, height, width] = source.shape;
    const bounds = makeBounds(source.signed, Math.min(0, ...finite), Math.max(0, ...finite), 0);
    context.drawImage(
      mapCanvas(values, { offset: 0, height, width }, bounds, table),
      0,
      0,
      canvas.width,
      canvas.height,
    );
  } else {
    const bounds = makeBounds(source.signed, source.minimum, source.maximum, source.limit);
    context.drawImage(
      unitsCanvas(values, [...values.keys()], unitColumns(values.length), bounds, table),
      0,
      0,
      canvas.width,
      canvas.height,
    );
  }
  if (finite.length < values.length) crossOut(context, 1.5 * ratio, getComputedStyle(canvas).getPropertyValue("--bad"));
}

/** @param {HTMLCanvasElement} canvas @param {View} v @param {Stage} stage @param {number} side in CSS pixels */
export function paintUnits(canvas, v, stage, side) {
  const { context, ratio } = sizeCanvas(canvas, side, side);
  const values = v.values.get(stage.name);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!values) return;
  context.drawImage(
    unitsCanvas(values, v.channels(stage), unitColumns(values.length), v.bounds(stage, 0), v.table(stage)),
    0,
    0,
    canvas.width,
    canvas.height,
  );
  if (!values.every(Number.isFinite)) crossOut(context, 3 * ratio, getComputedStyle(canvas).getPropertyValue("--bad"));
}
