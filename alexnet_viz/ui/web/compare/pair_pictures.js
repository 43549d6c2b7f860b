/** The photo with the receptive field, B − A, A, B at one size: the place that is pointed at is outlined in each. */
import { widest } from "./difference.js";
import { mapCanvas } from "../lib/colour.js";
import { h, setText, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { DIM_FROM, outline, outlineValue } from "../lib/outline.js";
import { createPicture } from "../lib/picture.js";
import { seenCanvas } from "../maps/network_input.js";
import { fieldOf } from "../maps/receptive_field.js";
import { maximumOf } from "../maps/statistics.js";

/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/** @typedef {import("./difference.js").Comparison} Comparison */
/** @typedef {import("./pair_panel.js").SideView} SideView */
/** @typedef {{values: Float32Array, offset: number, height: number, width: number}} ChannelMap of one channel, among those of its stage */

/** @param {{onPoint: (place: {row: number, column: number} | null) => void, onPin: (place: {row: number, column: number}) => void}} actions */
export function createPairPictures(actions) {
  const photo = figure("photo");
  const difference = figure("difference");
  const first = figure("a");
  const second = figure("b");
  const element = h(
    "div",
    { class: "pair-pictures" },
    photo.element,
    difference.element,
    first.element,
    second.element,
  );
  /** @type {SideView | null} */
  let view = null;

  /** @param {string} name */
  function figure(name) {
    const canvas = createPicture({ class: name });
    const caption = h("figcaption", name === "difference" ? { "aria-live": "polite" } : {});
    if (name !== "photo") {
      canvas.addEventListener("pointermove", (event) => actions.onPoint(placeAt(canvas, event, view)));
      canvas.addEventListener("pointerleave", () => actions.onPoint(null));
      canvas.addEventListener("click", (event) => {
        const place = placeAt(canvas, event, view);
        if (place) actions.onPin(place);
      });
    }
    return { element: h("figure", {}, canvas, caption), canvas, caption };
  }

  /** @returns {number} of a picture, in CSS pixels */
  function sideLength() {
    return Math.max(96, Math.floor((element.clientWidth - 12) / 2));
  }

  /** @param {SideView} v @param {{row: number, column: number}} place */
  function paintPhoto(v, place) {
    const side = sideLength();
    const { context, ratio } = sizeCanvas(photo.canvas, side, side);
    const { size } = v.traces.a.header.input;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(seenCanvas(v.traces.a), 0, 0, photo.canvas.width, photo.canvas.height);
    const { name, title: shown } = v.traces.a.header.photo;
    setText(photo.caption, name);
    photo.canvas.setAttribute("aria-label", gettext("{photo}, as A sees it", { photo: shown }));
    if (v.stage.shape.length < 3) return;
    const { seen } = fieldOf(v.stage, place.row, place.column, size);
    const unit = side / size;
    const box = {
      x: seen.left * unit,
      y: seen.top * unit,
      width: (seen.right - seen.left + 1) * unit,
      height: (seen.bottom - seen.top + 1) * unit,
    };
    outline(context, ratio, box, v.stage.field >= DIM_FROM, getComputedStyle(element));
    photo.canvas.setAttribute(
      "aria-label",
      gettext("{photo}, as A sees it; outlined: rows {top} to {bottom}, columns {left} to {right}", {
        ...seen,
        photo: shown,
      }),
    );
  }

  /**
   * @param {HTMLCanvasElement} canvas @param {ChannelMap} map @param {{row: number, column: number}} place
   * @param {Bounds} bounds @param {Uint32Array} table
   */
  function paintMap(canvas, { values, offset, height, width }, place, bounds, table) {
    const side = sideLength();
    const { context, ratio } = sizeCanvas(canvas, side, side);
    const picture = mapCanvas(values, { offset, height, width }, bounds, table);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    if (height * width > 1) outlineValue(context, ratio, place, side / width, getComputedStyle(element));
  }

  /** @param {SideView} v @param {Comparison} c @param {{row: number, column: number}} place */
  function paintMaps(v, c, place) {
    const [, height, width] = c.shape;
    const at = (v.channel * height + place.row) * width + place.column;
    const isMap = height * width > 1;
    const mapOf = (/** @type {Float32Array} */ values) => ({
      values,
      offset: v.channel * height * width,
      height,
      width,
    });
    paintMap(first.canvas, mapOf(c.a.values), place, v.bounds.shared, v.table);
    caption(first, "A", isMap ? maximumWords(c.a, v.channel) : number(c.a.values[at]));
    const hasPartner = !c.reason && c.partners?.[v.channel] !== null;
    second.element.hidden = difference.element.hidden = !hasPartner;
    if (!hasPartner) return;
    paintMap(second.canvas, mapOf(c.b.values), place, v.bounds.shared, v.table);
    paintMap(difference.canvas, mapOf(c.difference.values), place, v.bounds.difference, v.differenceTable);
    caption(second, "B", isMap ? maximumWords(c.b, v.channel) : number(c.b.values[at]));
    caption(
      difference,
      "B − A",
      isMap ? gettext("rms {value}", { value: number(c.change[v.channel]) }) : number(c.difference.values[at]),
    );
    difference.caption.title = gettext("rms: root mean square of B − A over all places");
  }

  /** @param {ReturnType<typeof figure>} target @param {string} name @param {string} text */
  function caption(target, name, text) {
    setText(target.caption, `${name}, ${text}`);
    target.canvas.setAttribute(
      "aria-label",
      gettext("{name}, channel {channel}: {text}", { name, channel: view?.channel ?? "", text }),
    );
  }

  return {
    element,
    /** @param {SideView} next */
    update(next) {
      view = next;
      const { comparison: c, stage } = next;
      element.classList.toggle("values", !stage.shape.slice(1).some((side) => side > 1));
      if (!c) return;
      const place = next.place ?? widest(c, next.channel);
      paintPhoto(next, place);
      paintMaps(next, c, place);
    },
  };
}

/** @param {import("./difference.js").Layer} layer @param {number} channel */
const maximumWords = ({ statistics }, channel) =>
  gettext("maximum {value}", { value: number(maximumOf(statistics, channel)) });

/** The value under the pointer. @param {HTMLCanvasElement} canvas @param {PointerEvent | MouseEvent} event @param {SideView | null} view */
function placeAt(canvas, event, view) {
  if (!view?.comparison) return null;
  const area = canvas.getBoundingClientRect();
  const [, height, width] = view.comparison.shape;
  const at = (/** @type {number} */ share, /** @type {number} */ size) =>
    Math.max(0, Math.min(size - 1, Math.floor(share * size)));
  return {
    row: at((event.clientY - area.top) / area.height, height),
    column: at((event.clientX - area.left) / area.width, width),
  };
}
