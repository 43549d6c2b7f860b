/** What a place of a map sees: its receptive field enlarged and, at the first convolution, the filter it is multiplied with. */
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPicture } from "../lib/picture.js";
import { filterCanvas, largestWeight } from "../maps/filter_canvas.js";
import { seenCanvas } from "../maps/network_input.js";

/** @typedef {import("./inspector.js").InspectorView} InspectorView */
/** @typedef {ReturnType<typeof import("../maps/receptive_field.js").fieldOf>} Field */

export function createFieldPatch() {
  const title = h("h3", {});
  const patch = h("canvas", { class: "patch", role: "img", "aria-label": gettext("The receptive field, enlarged") });
  const times = h("span", { class: "times", "aria-hidden": "true" }, "×");
  const filter = createPicture({ class: "patch quiet" });
  const beside = h("div", { class: "beside" });
  const note = h("p", { class: "note" });

  /** @param {InspectorView} v @param {Field} field @param {number} width CSS pixels */
  function paintPatch(v, { seen, left, top }, width) {
    const { context } = sizeCanvas(patch, width, width);
    context.fillStyle = getComputedStyle(patch).getPropertyValue("--sunk"); // what lies beyond the border
    context.fillRect(0, 0, patch.width, patch.height);
    const unit = patch.width / v.stage.field;
    const [columns, rows] = [seen.right - seen.left + 1, seen.bottom - seen.top + 1];
    context.imageSmoothingEnabled = unit < 3;
    context.drawImage(
      seenCanvas(v.trace),
      seen.left,
      seen.top,
      columns,
      rows,
      (seen.left - left) * unit,
      (seen.top - top) * unit,
      columns * unit,
      rows * unit,
    );
    return columns < v.stage.field || rows < v.stage.field;
  }

  /** Zero is mid grey; three input channels are red, green and blue, one is grey. @param {{values: Float32Array, shape: number[]}} filters @param {number} channel @param {number} width */
  function paintFilter({ values, shape: [, inputs, k] }, channel, width) {
    const { context } = sizeCanvas(filter, width, width);
    const own = values.subarray(channel * inputs * k * k, (channel + 1) * inputs * k * k);
    const largest = largestWeight(own);
    context.drawImage(filterCanvas(own, largest), 0, 0, filter.width, filter.height);
    filter.setAttribute(
      "aria-label",
      gettext("Filter {channel} of block 1, {size} × {size}, zero is mid grey, largest weight {largest}", {
        channel,
        size: k,
        largest: number(largest),
      }),
    );
  }

  return {
    element: h("div", {}, title, h("div", { class: "patches" }, patch, times, filter, beside), note),
    /** @param {InspectorView} v @param {Field} field @param {number} side of a picture, in CSS pixels */
    update(v, field, side) {
      const filters = v.stage.name === "block1.conv" || v.stage.name === "block1.relu" ? v.filters : null;
      const width = Math.round(side * (filters ? 0.476 : 0.59));
      const isClipped = paintPatch(v, field, width);
      times.hidden = filter.hidden = filters === null;
      if (filters) paintFilter(filters, v.channel, width);
      const size = `${v.stage.field} × ${v.stage.field} px`;
      fill(title, gettext("Receptive field"), " ", h("span", { class: "quiet" }, size));
      const rows = `${field.seen.top}–${field.seen.bottom}`;
      const columns = `${field.seen.left}–${field.seen.right}`;
      const place = isClipped
        ? gettext("rows {rows}, columns {columns}, clipped", { rows, columns })
        : gettext("rows {rows}, columns {columns}", { rows, columns });
      setText(note, filters ? place : "");
      fill(
        beside,
        filters
          ? null
          : [
              [gettext("rows"), rows],
              [gettext("columns"), columns],
              [gettext("one step"), `${v.stage.jump} px`],
            ].map(([name, value]) => h("p", {}, name, h("b", {}, value))),
        !filters && isClipped ? h("p", {}, gettext("clipped")) : null,
      );
    },
  };
}
