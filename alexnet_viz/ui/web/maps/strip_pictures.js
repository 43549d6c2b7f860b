/** The pictures of the strip: the photo, the face of a stage, its channels as a bar code. */
import { makeBounds, mapCanvas, rgb } from "../lib/colour.js";
import { sizeCanvas } from "../lib/dom.js";
import { crossOut } from "../lib/outline.js";
import { seenCanvas } from "./network_input.js";
import { isFiniteChannel, maximumOf } from "./statistics.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./strip.js").StripView} StripView */

/**
 * Each halving of the side is one equal step down, so that 227, 55, 27, 13 and 6 stay distinguishable.
 * @param {number} side values
 * @param {number} unit CSS pixels per step, relative to the smallest window
 * @returns {number} CSS pixels
 */
export function faceSide(side, unit) {
  return Math.max(8, Math.round((25 + 14.49 * (Math.log2(side) - Math.log2(6))) * unit));
}

/** @param {HTMLCanvasElement} canvas @param {Trace} trace @param {number} side */
export function paintPhoto(canvas, trace, side) {
  const { context } = sizeCanvas(canvas, side, side);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(seenCanvas(trace), 0, 0, canvas.width, canvas.height);
}

/** @param {HTMLCanvasElement} canvas @param {StripView} view @param {Stage} stage @param {number} unit */
export function paintFace(canvas, view, stage, unit) {
  if (stage.shape.length < 3) {
    const { context } = sizeCanvas(canvas, 8, 8);
    context.fillStyle = getComputedStyle(canvas).getPropertyValue("--ink-3");
    context.fillRect(0, 0, canvas.width, canvas.height);
    return;
  }
  const [, height, width] = stage.shape;
  const values = /** @type {Trace} */ (view.trace).faces[stage.name];
  const side = faceSide(height, unit);
  const { context, ratio } = sizeCanvas(canvas, side, side);
  const finite = values.filter(Number.isFinite);
  const bounds = makeBounds(stage.signed, Math.min(0, ...finite), Math.max(0, ...finite), 0);
  const picture = mapCanvas(values, { offset: 0, height, width }, bounds, stage.signed ? view.signed : view.activation);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if (finite.length < values.length) crossOut(context, ratio, getComputedStyle(canvas).getPropertyValue("--bad"));
}

/** One bar per channel: its strongest response. Units of fc layers fold into rows. @param {HTMLCanvasElement} canvas @param {StripView} view @param {Stage} stage @param {number} perChannel @param {number} unit */
export function paintBarcode(canvas, view, stage, perChannel, unit) {
  const statistics = /** @type {Trace} */ (view.trace).statistics[stage.name];
  const channels = statistics.length / 5;
  const isUnits = stage.shape.length === 1;
  const width = isUnits ? Math.round((106 * perChannel) / 0.3075) : Math.max(20, Math.round(channels * perChannel));
  const { context } = sizeCanvas(canvas, width, 14 * Math.min(unit, 1.1));
  const styles = getComputedStyle(canvas);
  const largest = Math.max(Math.abs(stage.minimum), Math.abs(stage.maximum)) || 1;
  const source = document.createElement("canvas");
  [source.width, source.height] = isUnits ? [Math.ceil(channels / 14), 14] : [channels, 1];
  const target = /** @type {CanvasRenderingContext2D} */ (source.getContext("2d"));
  const picture = target.createImageData(source.width, source.height);
  const pixels = new Uint32Array(picture.data.buffer);
  const table = stage.signed ? view.signed : view.activation;
  const [red, green, blue] = rgb(styles.getPropertyValue("--bad").trim());
  const limit = isUnits && stage.limit > 0 ? stage.limit : largest;
  for (let i = 0; i < channels; i += 1) {
    const value = maximumOf(statistics, i);
    const position = stage.signed ? (value / limit + 1) / 2 : value / limit;
    pixels[i] = isFiniteChannel(statistics, i)
      ? table[Math.max(0, Math.min(255, Math.round(position * 255)))]
      : 0xff000000 | (blue << 16) | (green << 8) | red;
  }
  target.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = canvas.width < source.width;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
}
