/** One channel as large as the panel allows, with the way back and to its neighbours; where a cell has room for it, its number is written into it. */
import { colourIndex, mapCanvas } from "../lib/colour.js";
import { fill, h, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { crossOut } from "../lib/outline.js";
import { createPicture } from "../lib/picture.js";
import { createPixelPointer } from "../maps/pixel_pointer.js";

/**
 * @typedef {{stage: {shape: number[]}, values: Float32Array | null, channel: number, place: {row: number, column: number}, isFinite: boolean,
 *   bounds: import("../lib/colour.js").Bounds, table: Uint32Array, title: string, neighbours: (number | null)[]}} ChannelView
 */

/** A number is legible from this many CSS pixels of cell on. */
const WRITTEN_FROM = 30;
/** The row of buttons above and the line below, in CSS pixels. */
const AROUND = 64;

/** @param {{onPlace: (row: number, column: number, pinned: boolean) => void, onLeave: () => void, onBack: () => void, onChannel: (channel: number) => void}} actions */
export function createChannelView(actions) {
  const canvas = createPicture();
  const pointer = createPixelPointer(canvas, actions);
  const readout = h("div", { class: "enlarged-value" });
  const [previous, next] = [gettext("← Previous"), gettext("Next →")].map((title, i) =>
    h(
      "button",
      {
        class: "button quiet",
        type: "button",
        onclick: () =>
          view && view.neighbours[i] !== null && actions.onChannel(/** @type {number} */ (view.neighbours[i])),
      },
      title,
    ),
  );
  const back = h(
    "button",
    {
      class: "button quiet",
      type: "button",
      title: gettext("Back to all channels (Esc)"),
      onclick: () => actions.onBack(),
    },
    gettext("All channels"),
  );
  const element = h(
    "div",
    { class: "enlarged" },
    h("div", { class: "row" }, back, previous, next),
    pointer.element,
    readout,
  );
  /** @type {ChannelView | null} */
  let view = null;

  /** @param {ChannelView} v @param {Float32Array} values @param {number} cell CSS pixels @param {CanvasRenderingContext2D} context @param {number} ratio */
  function paint(v, values, cell, context, ratio) {
    const [, height, width] = v.stage.shape;
    const map = { offset: v.channel * height * width, height, width };
    const styles = getComputedStyle(element);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(mapCanvas(values, map, v.bounds, v.table), 0, 0, canvas.width, canvas.height);
    if (!v.isFinite) crossOut(context, 1.5 * ratio, styles.getPropertyValue("--bad"));
    if (cell >= WRITTEN_FROM) writeNumbers(context, v, values, map, cell * ratio);
    const grown = Math.max(0, 5 - cell) / 2;
    for (const [colour, line] of /** @type {[string, number][]} */ ([
      ["#FFFFFF", 4],
      [styles.getPropertyValue("--marker"), 2],
    ])) {
      context.strokeStyle = colour;
      context.lineWidth = line * ratio;
      context.strokeRect(
        (v.place.column * cell - grown) * ratio,
        (v.place.row * cell - grown) * ratio,
        (cell + 2 * grown) * ratio,
        (cell + 2 * grown) * ratio,
      );
    }
  }

  return {
    element,
    /** @param {ChannelView} given */
    update(given) {
      view = given;
      const [, height, width] = given.stage.shape;
      [previous, next].forEach((button, i) => {
        const neighbour = given.neighbours[i];
        button.disabled = neighbour === null;
        button.title =
          neighbour === null
            ? gettext("There is none in this order")
            : gettext("Channel {channel}", { channel: neighbour });
      });
      pointer.update(given);
      const room = Math.max(120, Math.min(element.clientWidth, element.clientHeight - AROUND));
      const cell = Math.max(1, Math.floor(room / Math.max(height, width)));
      const { context, ratio } = sizeCanvas(canvas, cell * width, cell * height);
      canvas.setAttribute(
        "aria-label",
        gettext("{stage}, channel {channel}, {height} × {width} values", {
          stage: given.title,
          channel: given.channel,
          height,
          width,
        }),
      );
      if (!given.values) return;
      paint(given, given.values, cell, context, ratio);
      const value = given.values[(given.channel * height + given.place.row) * width + given.place.column];
      fill(
        readout,
        gettextNodes("Row {row}, column {column}: {value}", {
          ...given.place,
          value: h("b", { class: "marked" }, number(value)),
        }),
      );
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context @param {ChannelView} view @param {Float32Array} values
 * @param {{offset: number, height: number, width: number}} map @param {number} cell device pixels
 */
function writeNumbers(context, view, values, map, cell) {
  context.font = `${12 * (window.devicePixelRatio || 1)}px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = 0; row < map.height; row += 1) {
    for (let column = 0; column < map.width; column += 1) {
      const value = values[map.offset + row * map.width + column];
      if (!Number.isFinite(value)) continue;
      const colour = view.table[colourIndex(value, view.bounds)];
      // Relative luminance decides between dark and light figures, whatever the colour map.
      const light = 0.2126 * (colour & 255) + 0.7152 * ((colour >> 8) & 255) + 0.0722 * ((colour >> 16) & 255) > 130;
      context.fillStyle = light ? "#16202B" : "#FFFFFF";
      context.fillText(number(value), (column + 0.5) * cell, (row + 0.5) * cell, cell * 0.94);
    }
  }
}
