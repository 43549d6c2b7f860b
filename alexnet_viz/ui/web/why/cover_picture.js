/** What covers a photo by hand: strokes of a brush, filled with mean colour, blur or noise. */
import { seenCanvas } from "../maps/network_input.js";

/** @typedef {{points: [number, number][], size: number, fill: string}} Stroke */
/** @typedef {import("../server/api.js").Trace} Trace */

export const FILLS = ["mean colour", "blur", "noise"];

/** The strokes of one filling, transparent elsewhere. @param {Stroke[]} strokes @param {string} kind @param {Trace} trace @returns {HTMLCanvasElement} */
export function layer(strokes, kind, trace) {
  const side = trace.header.input.size;
  const made = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const context = /** @type {CanvasRenderingContext2D} */ (made.getContext("2d"));
  context.lineCap = context.lineJoin = "round";
  for (const { points, size, fill } of strokes) {
    if (fill !== kind) continue;
    context.lineWidth = size;
    context.beginPath();
    points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    if (points.length === 1) context.lineTo(points[0][0] + 0.01, points[0][1]);
    context.stroke();
  }
  context.globalCompositeOperation = "source-in";
  paintFilling(context, kind, trace);
  return made;
}

/** @param {CanvasRenderingContext2D} context @param {string} kind @param {Trace} trace */
function paintFilling(context, kind, trace) {
  const { size, mean } = trace.header.input;
  if (kind === "mean colour") {
    context.fillStyle = `rgb(${[0, 1, 2].map((c) => Math.round((mean[c] ?? mean[0]) * 255)).join()})`;
    return context.fillRect(0, 0, size, size);
  }
  if (kind === "blur") context.filter = "blur(10px)";
  context.drawImage(kind === "blur" ? seenCanvas(trace) : noise(size), 0, 0);
  context.filter = "none";
}

/** The same noise every time. @param {number} side @returns {HTMLCanvasElement} */
function noise(side) {
  const made = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const picture = new ImageData(side, side);
  let state = 1;
  for (let i = 0; i < picture.data.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    picture.data[i] = i % 4 === 3 ? 255 : state >>> 24;
  }
  made.getContext("2d")?.putImageData(picture, 0, 0);
  return made;
}

/** @param {Stroke[]} strokes @param {Trace} trace @returns {number} how much of the photo is covered, 0 to 1 */
export function coveredShare(strokes, trace) {
  const { size } = trace.header.input;
  const all = strokes.map((stroke) => ({ ...stroke, fill: FILLS[0] }));
  const data = /** @type {CanvasRenderingContext2D} */ (layer(all, FILLS[0], trace).getContext("2d")).getImageData(
    0,
    0,
    size,
    size,
  ).data;
  let count = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 127) count += 1;
  return count / (size * size);
}
