/** What lies under the pointer on the network to scale, in numbers: a channel's row, or a unit. */
import { isPlaced } from "./rows.js";
import { fill, h } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { gettextNodes } from "../lib/language.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./tensor_strip.js").Ribbon} Ribbon */

/**
 * Which value of a ribbon a point lies on; the nearest where it lies beside.
 * @param {{x: number, y: number}} point in CSS pixels, as the box
 * @param {{left: number, top: number, width: number, height: number}} box of the ribbon's canvas
 * @param {{rows: number, columns: number}} shown how many the box shows
 * @returns {{row: number, column: number}}
 */
export function valueAt({ x, y }, box, { rows, columns }) {
  const at = (/** @type {number} */ share, /** @type {number} */ many) =>
    Math.max(0, Math.min(many - 1, Math.floor(share * many)));
  return { row: at((y - box.top) / box.height, rows), column: at((x - box.left) / box.width, columns) };
}

export function createTensorReadout() {
  const element = h("div", { class: "readout", hidden: true });

  return {
    element,
    hide: () => void (element.hidden = true),
    /** @param {PointerEvent} event @param {Row} row @param {Ribbon | undefined} ribbon not there where the tensor is drawn empty @param {HTMLElement} drawing on which the readout lies */
    show(event, row, ribbon, drawing) {
      element.hidden = !ribbon;
      if (!ribbon) return;
      const box = ribbon.canvas.getBoundingClientRect();
      const shown = Number(ribbon.canvas.dataset.shown) || ribbon.columns;
      const at = valueAt({ x: event.clientX, y: event.clientY }, box, { rows: ribbon.rows, columns: shown });
      const values = {
        stage: row.name,
        row: at.row,
        value: h("b", {}, number(ribbon.side[at.row * ribbon.columns + at.column])),
      };
      fill(
        element,
        isPlaced(row)
          ? gettextNodes("{stage}, channel {channel}, row {row}: mean {value}", { ...values, channel: at.column })
          : gettextNodes("{stage}, unit {unit}: {value}", { ...values, unit: at.column }),
      );
      const area = drawing.getBoundingClientRect();
      const left = Math.max(0, Math.min(event.clientX - area.left + 12, area.width - element.offsetWidth));
      element.style.transform = `translate(${left}px, ${box.top - area.top - 26}px)`;
    },
  };
}
