/** How the tensors of the Architecture page are painted. */
import { magnitudeAt, shrink } from "./rows.js";
import { makeBounds, mapCanvas } from "../lib/colour.js";
import { sizeCanvas } from "../lib/dom.js";

/** @typedef {{image: CanvasImageSource, box: [number, number, number, number]}} Picture The photo, and the part of it that the network sees. */

/**
 * The part that the network sees, as sharp as the photo is.
 * @param {CanvasRenderingContext2D} context
 * @param {Picture} picture
 * @param {number} width device pixels
 * @param {number} height
 */
export function paintPicture(context, { image, box: [left, top, right, bottom] }, width, height) {
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, left, top, right - left, bottom - top, 0, 0, width, height);
}

/**
 * A tensor seen from the side.
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} side (rows, columns)
 * @param {{rows: number, columns: number, shown: number}} size how many of the columns have room
 * @param {boolean} signed
 * @param {{activation: Uint32Array, diverging: Uint32Array}} tables
 * @returns {number} the value that has the last colour
 */
export function paintRibbon(context, side, { rows, columns, shown }, signed, { activation, diverging }) {
  const { width, height } = context.canvas;
  const first = shown < columns ? side.subarray(0, shown) : side;
  const map = { offset: 0, height: Math.min(rows, height), width: Math.min(shown, width) };
  const small = shrink(first, { rows, columns: shown }, { rows: map.height, columns: map.width });
  const largest = magnitudeAt(small, 1);
  const bounds = makeBounds(signed, signed ? -largest : 0, largest, magnitudeAt(small, 0.995));
  context.drawImage(mapCanvas(small, map, bounds, signed ? diverging : activation), 0, 0, width, height);
  return bounds.high;
}

/**
 * The quiet band behind the tensors: how space shrinks from one to the next.
 * @param {HTMLCanvasElement} flow
 * @param {DOMRect} area of the drawing
 * @param {HTMLCanvasElement[]} tensors
 * @param {string} colour
 */
export function paintFlow(flow, area, tensors, colour) {
  const boxes = tensors.map((canvas) => canvas.getBoundingClientRect());
  const { context, ratio } = sizeCanvas(flow, area.width, boxes[0].bottom - area.top);
  context.clearRect(0, 0, flow.width, flow.height);
  context.fillStyle = colour;
  for (let i = 0; i + 1 < boxes.length; i += 1) {
    const [left, right] = [(boxes[i].right - area.left) * ratio, (boxes[i + 1].left - area.left) * ratio];
    context.beginPath();
    context.moveTo(left, (boxes[i].top - area.top) * ratio);
    context.lineTo(right, (boxes[i + 1].top - area.top) * ratio);
    context.lineTo(right, flow.height);
    context.lineTo(left, flow.height);
    context.fill();
  }
}
