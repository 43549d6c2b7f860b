/** Photo and map side by side, at the same size, and the line that joins a map's pixel to the patch it sees. */
import { mapCanvas } from "../lib/colour.js";
import { h, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { crossOut, DIM_FROM, outline, outlineValue } from "../lib/outline.js";
import { createPicture } from "../lib/picture.js";
import { isFiniteChannel } from "../maps/statistics.js";
import { createPixelPointer } from "../maps/pixel_pointer.js";
import { seenCanvas } from "../maps/network_input.js";
import { strongest } from "../maps/ranking.js";

/** @typedef {import("./inspector.js").InspectorView} InspectorView */
/** @typedef {ReturnType<typeof import("../maps/receptive_field.js").fieldOf>} Field */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Box in input pixels, both ends inside */

/** The longer side of the original's inset, as a share of the picture. */
const INSET = 0.36;

/** @param {{onPlace: (row: number, column: number, pinned: boolean) => void, onLeave: () => void}} actions */
export function createPicturePair(actions) {
  const photo = createPicture({ class: "picture" });
  const map = createPicture({ class: "picture" });
  const join = h("canvas", { class: "join", "aria-hidden": "true" });
  const pointer = createPixelPointer(map, actions);
  const element = h("div", { class: "pictures" }, photo, pointer.element, join);

  /** @param {InspectorView} v @param {Field} field @param {number} side */
  function paintPhoto(v, field, side) {
    const { context, ratio } = sizeCanvas(photo, side, side);
    const styles = getComputedStyle(element);
    const { size } = v.trace.header.input;
    context.fillStyle = styles.getPropertyValue("--sunk");
    context.fillRect(0, 0, photo.width, photo.height);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    if (v.whole && v.original) {
      const frame = originalFrame(v, side);
      const { width, height } = v.trace.header.photo;
      context.drawImage(
        v.original,
        frame.left * ratio,
        frame.top * ratio,
        width * frame.scale * ratio,
        height * frame.scale * ratio,
      );
      const cut = onPhoto(v, { left: 0, top: 0, right: size - 1, bottom: size - 1 }, side);
      context.strokeStyle = "#FFFFFF";
      context.setLineDash([4 * ratio, 3 * ratio]);
      context.lineWidth = ratio;
      context.strokeRect(
        cut.x * ratio + ratio / 2,
        cut.y * ratio + ratio / 2,
        cut.width * ratio - ratio,
        cut.height * ratio - ratio,
      );
      context.setLineDash([]);
    } else {
      context.imageSmoothingEnabled = photo.width % size !== 0;
      context.drawImage(seenCanvas(v.trace), 0, 0, photo.width, photo.height);
    }
    outline(context, ratio, onPhoto(v, field.seen, side), v.stage.field >= DIM_FROM, styles);
    if (v.pointing && !v.whole && v.original) paintInset(v, v.original, field, side * INSET * ratio, context, ratio);
  }

  /**
   * While the pointer is on the map, the same field on the original: a small picture in the corner farthest from the field.
   * @param {InspectorView} v @param {HTMLImageElement} picture @param {Field} field @param {number} longest device pixels
   * @param {CanvasRenderingContext2D} context @param {number} ratio
   */
  function paintInset(v, picture, field, longest, context, ratio) {
    const { photo: own, input } = v.trace.header;
    const scale = longest / Math.max(own.width, own.height);
    const [width, height] = [own.width * scale, own.height * scale];
    const gap = 4 * ratio;
    const x = field.left + field.right < input.size ? photo.width - width - gap : gap;
    const y = field.top + field.bottom < input.size ? photo.height - height - gap : gap;
    context.drawImage(picture, x, y, width, height);
    context.strokeStyle = "#FFFFFF";
    context.lineWidth = 2 * ratio;
    context.strokeRect(x, y, width, height);
    const [left, top, right, bottom] = input.box;
    const [unitX, unitY] = [((right - left) / input.size) * scale, ((bottom - top) / input.size) * scale];
    const { seen } = field;
    context.strokeStyle = getComputedStyle(element).getPropertyValue("--marker");
    context.strokeRect(
      x + left * scale + seen.left * unitX,
      y + top * scale + seen.top * unitY,
      (seen.right - seen.left + 1) * unitX,
      (seen.bottom - seen.top + 1) * unitY,
    );
  }

  /** @param {InspectorView} v @param {number} side */
  function paintMap(v, side) {
    const { context, ratio } = sizeCanvas(map, side, side);
    const [, height, width] = v.stage.shape;
    const styles = getComputedStyle(element);
    context.clearRect(0, 0, map.width, map.height);
    if (!v.values) return;
    const picture = mapCanvas(v.values, { offset: v.channel * height * width, height, width }, v.bounds, v.table);
    context.drawImage(picture, 0, 0, map.width, map.height);
    if (!isFiniteChannel(v.trace.statistics[v.stage.name], v.channel))
      crossOut(context, 1.5 * ratio, styles.getPropertyValue("--bad"));
    outlineValue(context, ratio, v.place, side / width, styles);
  }

  /** @param {InspectorView} v @param {Field} field @param {number} side */
  function paintJoin(v, field, side) {
    const { context, ratio } = sizeCanvas(join, element.clientWidth, side);
    context.clearRect(0, 0, join.width, join.height);
    if (pointer.element.offsetTop !== photo.offsetTop) return;
    const from = onPhoto(v, field.seen, side);
    const unit = side / v.stage.shape[2];
    const offset = pointer.element.offsetLeft - photo.offsetLeft;
    const styles = getComputedStyle(element);
    const stroke = Number(styles.getPropertyValue("--stroke"));
    for (const [colour, line] of /** @type {[string, number][]} */ ([
      ["rgba(255, 255, 255, 0.75)", 1.5 * stroke],
      [styles.getPropertyValue("--marker"), stroke / 2],
    ])) {
      context.strokeStyle = colour;
      context.lineWidth = line * ratio;
      context.beginPath();
      context.moveTo((from.x + from.width + 1) * ratio, (from.y + from.height / 2) * ratio);
      context.lineTo((offset + v.place.column * unit - 1) * ratio, (v.place.row + 0.5) * unit * ratio);
      context.stroke();
    }
  }

  return {
    element,
    /** @param {InspectorView} v @param {Field} field @param {number} side of a picture, in CSS pixels */
    update(v, field, side) {
      paintPhoto(v, field, side);
      paintMap(v, side);
      paintJoin(v, field, side);
      pointer.update(v);
      const { photo: own, input } = v.trace.header;
      const outlined = {
        title: own.title,
        width: v.whole ? own.width : input.size,
        height: v.whole ? own.height : input.size,
        ...field.seen,
      };
      const came = gettext(
        "{title}, as it came, {width} × {height} pixels; outlined: rows {top} to {bottom}, columns {left} to {right}",
        outlined,
      );
      const seen = gettext(
        "{title}, as the network sees it, {width} × {height} pixels; outlined: rows {top} to {bottom}, columns {left} to {right}",
        outlined,
      );
      photo.setAttribute("aria-label", v.whole ? came : seen);
      map.setAttribute("aria-label", describeMap(v));
    },
  };
}

/** Where the picture of the original lies inside the square box. @param {InspectorView} v @param {number} side @returns {{left: number, top: number, scale: number}} */
function originalFrame(v, side) {
  const { width, height } = v.trace.header.photo;
  const scale = side / Math.max(width, height);
  return { left: (side - width * scale) / 2, top: (side - height * scale) / 2, scale };
}

/** A box in input pixels, on the photo canvas, in CSS pixels. @param {InspectorView} v @param {Box} box @param {number} side */
function onPhoto(v, box, side) {
  const { size, box: cut } = v.trace.header.input;
  const [columns, rows] = [box.right - box.left + 1, box.bottom - box.top + 1];
  if (!v.whole || !v.original) {
    const unit = side / size;
    return { x: box.left * unit, y: box.top * unit, width: columns * unit, height: rows * unit };
  }
  const frame = originalFrame(v, side);
  const [left, top, right, bottom] = cut;
  const [unitX, unitY] = [((right - left) / size) * frame.scale, ((bottom - top) / size) * frame.scale];
  return {
    x: frame.left + left * frame.scale + box.left * unitX,
    y: frame.top + top * frame.scale + box.top * unitY,
    width: columns * unitX,
    height: rows * unitY,
  };
}

/** A canvas needs words: name, shape, range, strongest three places. @param {InspectorView} v @returns {string} */
function describeMap(v) {
  const [, height, width] = v.stage.shape;
  const size = height * width;
  const own = v.values?.subarray(v.channel * size, (v.channel + 1) * size);
  if (!own) return gettext("{stage}, channel {channel}, loading", { stage: v.title, channel: v.channel });
  const places = strongest(own, 3)
    .map((i) =>
      gettext("row {row}, column {column}: {value}", {
        row: Math.floor(i / width),
        column: i % width,
        value: number(own[i]),
      }),
    )
    .join("; ");
  const missing = isFiniteChannel(v.trace.statistics[v.stage.name], v.channel)
    ? []
    : [gettext("Crossed: some values are not numbers.")];
  const drawn = {
    stage: v.title,
    channel: v.channel,
    height,
    width,
    low: number(v.bounds.low),
    high: number(v.bounds.high),
  };
  return [
    gettext("{stage}, channel {channel}, {height} × {width} values, drawn from {low} to {high}.", drawn),
    ...missing,
    gettext("Strongest: {places}", { places }),
  ].join(" ");
}
