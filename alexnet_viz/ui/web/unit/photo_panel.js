/** The channel's map on this photo beside the photo with what the value sees; a click on the map moves the value. */
import { makeBounds, makeTable, mapCanvas, rampAnchors } from "../lib/colour.js";
import { h, setText, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { DIM_FROM, outline } from "../lib/outline.js";
import { seenCanvas } from "../maps/network_input.js";
import { fieldOf } from "../maps/receptive_field.js";
import { tokens } from "../shell/theme.js";

/** @typedef {{trace: import("../server/api.js").Trace, stage: import("../server/api.js").Stage, values: Float32Array, channel: number, place: {row: number, column: number} | null, theme: "light" | "dark"}} View */

const SIDE = 145;

/** @param {{onPlace: (row: number, column: number) => void}} actions */
export function createPhotoPanel(actions) {
  const map = h("canvas", { role: "img", onclick: point });
  const photo = h("canvas", { role: "img" });
  const caption = h("p", { class: "note" });
  const pair = h("div", { class: "unit-pair" }, map, photo);
  const sentence = h("p", { class: "sentence" });
  const element = h("section", { "aria-label": "On this photo" }, h("h3", {}, "On this photo"), sentence, pair, caption);
  /** @type {View | null} */
  let view = null;

  /** @param {MouseEvent} event */
  function point(event) {
    if (!view || view.stage.shape.length < 3) return;
    const box = map.getBoundingClientRect();
    const [, height, width] = view.stage.shape;
    const at = (/** @type {number} */ share, /** @type {number} */ count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
    actions.onPlace(at((event.clientY - box.top) / box.height, height), at((event.clientX - box.left) / box.width, width));
  }

  /** @param {View} v @returns {string} */
  function paintMap(v) {
    const [, height, width] = v.stage.shape;
    const offset = v.channel * height * width;
    const own = v.values.subarray(offset, offset + height * width).filter(Number.isFinite);
    const [low, high] = [Math.min(0, ...own), Math.max(0, ...own)];
    const bounds = makeBounds(v.stage.signed, low, high, Math.max(-low, high));
    const painted = mapCanvas(v.values, { offset, height, width }, bounds, makeTable(rampAnchors(tokens, "house", v.theme, v.stage.signed), 1, v.stage.signed));
    const { context, ratio } = sizeCanvas(map, SIDE, SIDE);
    context.drawImage(painted, 0, 0, map.width, map.height);
    const cell = SIDE / width;
    if (v.place) outline(context, ratio, { x: v.place.column * cell - 1, y: v.place.row * cell - 1, width: cell + 2, height: cell + 2 }, false, getComputedStyle(element));
    map.setAttribute("aria-label", `Map of channel ${v.channel}, ${height} × ${width} values from ${number(low)} to ${number(high)}`);
    return `map ${number(low)} to ${number(high)}`;
  }

  /** @param {View} v */
  function paintPhoto(v) {
    const size = v.trace.header.input.size;
    const { context, ratio } = sizeCanvas(photo, SIDE, SIDE);
    context.imageSmoothingEnabled = true;
    context.drawImage(seenCanvas(v.trace), 0, 0, photo.width, photo.height);
    photo.setAttribute("aria-label", `${v.trace.header.photo.title}, as the network sees it`);
    if (!v.place) return;
    const { seen } = fieldOf(v.stage, v.place.row, v.place.column, size);
    const scale = SIDE / size;
    outline(context, ratio, { x: seen.left * scale, y: seen.top * scale, width: (seen.right - seen.left + 1) * scale, height: (seen.bottom - seen.top + 1) * scale }, v.stage.field >= DIM_FROM, getComputedStyle(element));
  }

  return {
    element,
    /** @param {View} given */
    update(given) {
      view = given;
      const hasMap = given.stage.shape.length === 3;
      map.hidden = !hasMap;
      setText(sentence, hasMap ? "Its map, and what the value sees." : "A unit of this stage has no map: it sees the whole photo.");
      setText(caption, hasMap ? paintMap(given) : "");
      paintPhoto(given);
    },
  };
}
