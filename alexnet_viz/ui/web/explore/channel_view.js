/** One channel as large as the panel allows; where a cell has room for it, its number is written into it. */
import { colourIndex, mapCanvas } from "../lib/colour.js";
import { fill, h, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";

/** @typedef {{shape: number[], values: Float32Array | null, channel: number, place: {row: number, column: number}, bounds: import("../lib/colour.js").Bounds, table: Uint32Array, title: string}} EnlargedView */

/** A number is legible from this many CSS pixels of cell on. */
const WRITTEN_FROM = 30;

/** @param {{onPlace: (row: number, column: number, pinned: boolean) => void, onLeave: () => void}} actions */
export function createEnlarged(actions) {
  const canvas = h("canvas", { role: "img" });
  const readout = h("div", { class: "enlarged-value" });
  const element = h("div", { class: "enlarged" }, canvas, readout);
  /** @type {EnlargedView | null} */
  let view = null;

  /** @param {PointerEvent | MouseEvent} event @param {boolean} pinned */
  function send(event, pinned) {
    if (!view) return;
    const area = canvas.getBoundingClientRect();
    const [, height, width] = view.shape;
    const at = (/** @type {number} */ share, /** @type {number} */ size) => Math.max(0, Math.min(size - 1, Math.floor(share * size)));
    actions.onPlace(at((event.clientY - area.top) / area.height, height), at((event.clientX - area.left) / area.width, width), pinned);
  }
  canvas.addEventListener("pointermove", (event) => send(event, false));
  canvas.addEventListener("pointerleave", () => actions.onLeave());
  canvas.addEventListener("click", (event) => send(event, true));

  return {
    element,
    /** @param {EnlargedView} next */
    update(next) {
      view = next;
      const [, height, width] = next.shape;
      const room = Math.max(120, Math.min(element.clientWidth, element.clientHeight - 26));
      const cell = Math.max(1, Math.floor(room / Math.max(height, width)));
      const { context, ratio } = sizeCanvas(canvas, cell * width, cell * height);
      if (!next.values) return;
      const map = { offset: next.channel * height * width, height, width };
      context.drawImage(mapCanvas(next.values, map, next.bounds, next.table), 0, 0, canvas.width, canvas.height);
      if (cell >= WRITTEN_FROM) writeNumbers(context, next, map, cell * ratio);
      const styles = getComputedStyle(element);
      const grown = Math.max(0, 5 - cell) / 2;
      for (const [colour, line] of /** @type {[string, number][]} */ ([["#FFFFFF", 4], [styles.getPropertyValue("--marker"), 2]])) {
        context.strokeStyle = colour;
        context.lineWidth = line * ratio;
        context.strokeRect((next.place.column * cell - grown) * ratio, (next.place.row * cell - grown) * ratio, (cell + 2 * grown) * ratio, (cell + 2 * grown) * ratio);
      }
      const value = next.values[map.offset + next.place.row * width + next.place.column];
      fill(readout, `Row ${next.place.row}, column ${next.place.column}: `, h("b", { class: "marked" }, number(value)));
      canvas.setAttribute("aria-label", `${next.title}, channel ${next.channel}, ${height} × ${width} values`);
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context @param {EnlargedView} view
 * @param {{offset: number, height: number, width: number}} map @param {number} cell device pixels
 */
function writeNumbers(context, view, map, cell) {
  const values = /** @type {Float32Array} */ (view.values);
  context.font = `${Math.min(14, cell / cell * 12) * (window.devicePixelRatio || 1)}px ${getComputedStyle(context.canvas).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let row = 0; row < map.height; row += 1) {
    for (let column = 0; column < map.width; column += 1) {
      const value = values[map.offset + row * map.width + column];
      const colour = view.table[colourIndex(value, view.bounds)];
      // Relative luminance decides between dark and light figures, whatever the colour map.
      const light = 0.2126 * (colour & 255) + 0.7152 * ((colour >> 8) & 255) + 0.0722 * ((colour >> 16) & 255) > 130;
      context.fillStyle = light ? "#16202B" : "#FFFFFF";
      context.fillText(number(value), (column + 0.5) * cell, (row + 0.5) * cell, cell * 0.94);
    }
  }
}
