/** Paints a channel's map, and the photo with what one of its values sees. */
import { makeBounds, mapCanvas } from "../lib/colour.js";
import { sizeCanvas } from "../lib/dom.js";
import { numbers } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { crossOut, DIM_FROM, outline } from "../lib/outline.js";
import { seenCanvas } from "../maps/network_input.js";
import { fieldOf } from "../maps/receptive_field.js";
import { houseTable } from "../shell/theme.js";
import { extremes, occlusionCanvas } from "./occlusion_picture.js";

/** @typedef {{stage: import("../server/api.js").Stage, values: Float32Array, channel: number}} Map */
/**
 * @typedef {Map & {trace: import("../server/api.js").Trace, held: Map | null, place: {row: number, column: number} | null, theme: "light" | "dark",
 *   cover: string, covered: Covered | null, isAsking: boolean, isCancelled: boolean}} View cover: "shown" where covering is asked for
 */
/** @typedef {{side: number, passes: number, values: Float32Array}} Covered */
/** @typedef {{canvas: HTMLCanvasElement, side: number, style: CSSStyleDeclaration}} Surface side in CSS pixels */

/** @param {Covered} covered @returns {string} */
export function coverWords({ values }) {
  const { lowers, raises } = extremes(values);
  const [lowered, raised] = numbers([lowers, raises]);
  return gettext("ochre lowers the value, by up to {lowers}, blue raises it, by up to {raises}", {
    lowers: lowered,
    raises: raised,
  });
}

/** Colours and bounds of a map, zero among its values. @param {Map} shown @param {View["theme"]} theme */
export function scaleOf({ stage, values, channel }, theme) {
  const size = stage.shape[1] * stage.shape[2];
  const own = values.subarray(channel * size, (channel + 1) * size).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...own), Math.max(0, ...own)];
  return {
    low,
    high,
    isFinite: own.length === size,
    bounds: makeBounds(stage.signed, low, high, Math.max(-low, high)),
    table: houseTable(theme, stage.signed),
  };
}

/** @param {Surface} surface @param {Map} shown @param {View} v @returns {string} from 0 to 9.86 */
export function paintMap({ canvas, side, style }, { stage, values, channel }, v) {
  const [, height, width] = stage.shape;
  const { low, high, isFinite, bounds, table } = scaleOf({ stage, values, channel }, v.theme);
  const painted = mapCanvas(values, { offset: channel * height * width, height, width }, bounds, table);
  const { context, ratio } = sizeCanvas(canvas, side, side);
  context.drawImage(painted, 0, 0, canvas.width, canvas.height);
  if (!isFinite) crossOut(context, 1.5 * ratio, style.getPropertyValue("--bad"));
  const cell = side / width;
  const isPlaced = v.place && stage.name === v.stage.name; // the same place of another stage is another part of the photo
  if (v.place && isPlaced)
    outline(
      context,
      ratio,
      { x: v.place.column * cell - 1, y: v.place.row * cell - 1, width: cell + 2, height: cell + 2 },
      false,
      style,
    );
  const [lowest, highest] = numbers([low, high]);
  const range = { low: lowest, high: highest };
  canvas.setAttribute(
    "aria-label",
    gettext("Map of channel {channel}, {height} × {width} values from {low} to {high}", {
      channel,
      height,
      width,
      ...range,
    }),
  );
  return gettext("{low} to {high}", range);
}

/** @param {Surface} surface @param {View} v */
export function paintPhoto({ canvas, side, style }, v) {
  const size = v.trace.header.input.size;
  const { context, ratio } = sizeCanvas(canvas, side, side);
  context.imageSmoothingEnabled = true;
  context.drawImage(
    v.covered ? occlusionCanvas(v.trace, v.covered.values, v.theme) : seenCanvas(v.trace),
    0,
    0,
    canvas.width,
    canvas.height,
  );
  canvas.setAttribute(
    "aria-label",
    `${v.trace.header.photo.title}, ${v.covered ? coverWords(v.covered) : gettext("as the network sees it")}`,
  );
  if (!v.place) return;
  const { seen } = fieldOf(v.stage, v.place.row, v.place.column, size);
  const scale = side / size;
  outline(
    context,
    ratio,
    {
      x: seen.left * scale,
      y: seen.top * scale,
      width: (seen.right - seen.left + 1) * scale,
      height: (seen.bottom - seen.top + 1) * scale,
    },
    v.stage.field >= DIM_FROM && !v.covered,
    style,
  );
}
