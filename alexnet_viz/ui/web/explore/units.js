/** fc1, fc2 and the logits: values without a place. A grid of cells, the sorted curve and the strongest ten. */
import { colourIndex } from "../lib/colour.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { count, number, percent } from "../lib/format.js";
import { unitColumns } from "../maps/grid.js";
import { strongest } from "../maps/ranking.js";

/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/**
 * @typedef {{values: Float32Array | null, units: number[], total: number, bounds: Bounds, table: Uint32Array, selected: number, title: string,
 *   names: string[] | null, probabilities: Float32Array | null, byIndex: boolean}} UnitsView
 */

const RULER = 30;
/** More classes than this are shown as cells, fewer as one bar each. */
const BARS_AT_MOST = 30;

/** @param {{onSelect: (unit: number) => void}} actions */
export function createUnits(actions) {
  const cells = h("canvas", { class: "cells", "aria-hidden": "true" });
  const ruler = h("div", { class: "wall-ruler units-ruler", "aria-hidden": "true" });
  const readout = h("div", { class: "readout", hidden: true });
  const cell = h("div", { role: "gridcell", id: "unit-cell", "aria-selected": "true" });
  const row = h("div", { role: "row", class: "unseen" }, cell);
  const grid = h("div", { class: "units-grid", role: "grid", tabindex: "0", "aria-activedescendant": "unit-cell", "aria-describedby": "wall-sentence" }, ruler, h("div", { class: "wall-tiles" }, cells, readout), row);
  const curveRange = h("span", { class: "quiet" });
  const curve = h("canvas", { class: "curve", role: "img" });
  const list = h("div", { class: "unit-list" });
  const side = h(
    "div",
    { class: "units-side" },
    h("div", { class: "title-row" }, h("h3", {}, "Sorted"), curveRange),
    curve,
    h("div", { class: "ends" }, h("span", {}, "rank 1"), h("span")),
    h("h3", {}, "Strongest ten"),
    list,
  );
  const distribution = h("div", { class: "distribution", tabindex: "0", role: "group" });
  const element = h("div", { class: "units-panel" }, grid, side, distribution);

  /** @type {UnitsView | null} */
  let view = null;
  let columns = 1;
  let size = 1;

  /** @param {UnitsView} v */
  function paintCells(v) {
    columns = unitColumns(v.total);
    const rows = Math.ceil(v.total / columns);
    const narrow = element.clientWidth < 560;
    const room = narrow ? element.clientWidth - RULER : Math.min(element.clientHeight || 467, (element.clientWidth - RULER) * 0.66);
    size = Math.max(narrow ? 3 : 4, Math.floor(room / Math.max(columns, rows)));
    const { context, ratio } = sizeCanvas(cells, columns * size, rows * size);
    const small = document.createElement("canvas");
    [small.width, small.height] = [columns, rows];
    const target = /** @type {CanvasRenderingContext2D} */ (small.getContext("2d"));
    const picture = target.createImageData(columns, rows);
    const pixels = new Uint32Array(picture.data.buffer);
    if (v.values) for (const [position, unit] of v.units.entries()) if (Number.isFinite(v.values[unit])) pixels[position] = v.table[colourIndex(v.values[unit], v.bounds)];
    target.putImageData(picture, 0, 0);
    context.clearRect(0, 0, cells.width, cells.height);
    context.drawImage(small, 0, 0, cells.width, cells.height);
    const position = v.units.indexOf(v.selected);
    if (position >= 0) mark(context, ratio, position);
    const labels = [];
    for (let r = 0; r < rows; r += 8) labels.push(h("span", { style: `top:${(r + 0.5) * size}px` }, v.byIndex ? r * columns : count(r * columns + 1)));
    fill(ruler, labels);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} ratio @param {number} position */
  function mark(context, ratio, position) {
    const styles = getComputedStyle(element);
    const [x, y] = [(position % columns) * size * ratio, Math.floor(position / columns) * size * ratio];
    for (const [colour, width] of /** @type {[string, number][]} */ ([["--page", 7], ["--marker", 3]])) {
      context.strokeStyle = styles.getPropertyValue(colour);
      context.lineWidth = width * ratio;
      context.strokeRect(x - 2.5 * ratio, y - 2.5 * ratio, (size + 5) * ratio, (size + 5) * ratio);
    }
  }

  /** @param {UnitsView} v */
  function paintCurve(v) {
    const width = Math.max(120, side.clientWidth);
    const { context, ratio } = sizeCanvas(curve, width, Math.round(Math.min(200, Math.max(110, (element.clientHeight - 300) * 0.9))));
    const styles = getComputedStyle(element);
    context.clearRect(0, 0, curve.width, curve.height);
    if (!v.values) return;
    const sorted = v.values.filter(Number.isFinite).sort().reverse();
    const [high, low] = [Math.max(0, sorted[0] ?? 0), Math.min(0, sorted[sorted.length - 1] ?? 0)];
    const y = (/** @type {number} */ value) => ((high - value) / (high - low || 1)) * (curve.height - 2 * ratio) + ratio;
    context.beginPath();
    context.moveTo(0, y(0));
    sorted.forEach((value, rank) => context.lineTo((rank / Math.max(1, sorted.length - 1)) * curve.width, y(value)));
    context.lineTo(curve.width, y(0));
    context.fillStyle = styles.getPropertyValue("--sunk");
    context.fill();
    context.strokeStyle = styles.getPropertyValue("--ink");
    context.lineWidth = 1.5 * ratio;
    context.stroke();
    const own = v.values[v.selected];
    let rank = 0;
    for (const value of sorted) if (value > own) rank += 1;
    context.fillStyle = styles.getPropertyValue("--marker");
    context.fillRect(Math.min(curve.width - 1.5 * ratio, (rank / Math.max(1, sorted.length - 1)) * curve.width), 0, 1.5 * ratio, curve.height);
    setText(curveRange, `${number(sorted[0] ?? 0)} to ${number(sorted[sorted.length - 1] ?? 0)}`);
    curve.setAttribute("aria-label", `All ${v.total} values sorted, from ${number(sorted[0] ?? 0)} to ${number(sorted[sorted.length - 1] ?? 0)}; unit ${v.selected} has rank ${rank + 1}`);
    setText(/** @type {Element} */ (side.querySelector(".ends")?.lastElementChild), `rank ${v.total}`);
  }

  /** @param {UnitsView} v */
  function paintList(v) {
    if (!v.values) return;
    const values = v.values;
    const top = strongest(values, 10);
    const largest = Math.max(...top.map((unit) => Math.abs(values[unit])), 1e-30);
    list.classList.toggle("named", v.names !== null);
    fill(
      list,
      top.map((unit) =>
        h(
          "button",
          { class: unit === v.selected ? "unit on" : "unit", type: "button", onclick: () => actions.onSelect(unit) },
          h("span", { class: "unit-name", title: v.names?.[unit] ?? `unit ${unit}` }, v.names?.[unit] ?? unit),
          h("span", { class: "bar-track" }, h("span", { class: "bar-fill", style: `width:${(Math.max(0, values[unit] || 0) / largest) * 100}%` })),
          h("span", { class: "bar-value" }, number(values[unit])),
        ),
      ),
    );
  }

  /** Every class with its probability and its logit. @param {UnitsView} v */
  function paintDistribution(v) {
    if (!v.values || !v.names || !v.probabilities) return;
    const [values, names, probabilities] = [v.values, v.names, v.probabilities];
    const largest = Math.max(...Array.from(values, Math.abs).filter(Number.isFinite), 1e-30);
    distribution.setAttribute("aria-label", `All ${v.total} classes`);
    fill(
      distribution,
      h("div", { class: "class-row head" }, h("span", {}, "class"), h("span", {}, "probability"), h("span"), h("span", {}, "logit"), h("span")),
      v.units.map((unit) => {
        const share = (Math.abs(values[unit]) / largest) * 50;
        return h(
          "button",
          { class: unit === v.selected ? "class-row on" : "class-row", type: "button", onclick: () => actions.onSelect(unit) },
          h("span", { class: "unit-name", title: names[unit] }, names[unit]),
          h("span", { class: "bar-track" }, h("span", { class: "bar-fill", style: `width:${(probabilities[unit] || 0) * 100}%` })),
          h("span", { class: "bar-value" }, percent(probabilities[unit])),
          h("span", { class: "both-ways" }, h("span", { class: values[unit] < 0 ? "below" : "above", style: `width:${share}%;${values[unit] < 0 ? "right" : "left"}:50%` })),
          h("span", { class: "bar-value" }, number(values[unit])),
        );
      }),
    );
  }

  /** @param {PointerEvent | MouseEvent} event @returns {number | null} */
  function unitAt(event) {
    const area = cells.getBoundingClientRect();
    const [column, line] = [Math.floor((event.clientX - area.left) / size), Math.floor((event.clientY - area.top) / size)];
    return view?.units[line * columns + column] ?? null;
  }
  cells.addEventListener("pointermove", (event) => {
    const unit = unitAt(event);
    readout.hidden = unit === null || !view?.values;
    if (unit !== null && view?.values) {
      fill(readout, `${view.names?.[unit] ?? `unit ${unit}`}: `, h("b", {}, number(view.values[unit])));
      const area = cells.getBoundingClientRect();
      readout.style.transform = `translate(${Math.min(event.clientX - area.left + 12, area.width - readout.offsetWidth)}px, ${Math.max(0, event.clientY - area.top - 34)}px)`;
    }
  });
  cells.addEventListener("pointerleave", () => (readout.hidden = true));
  cells.addEventListener("click", (event) => {
    const unit = unitAt(event);
    if (unit !== null) actions.onSelect(unit);
  });

  return {
    element,
    get focusTarget() {
      return distribution.hidden ? grid : distribution;
    },
    get columns() {
      return distribution.hidden ? columns : 1;
    },
    canvas: cells,
    /** @param {UnitsView} next */
    update(next) {
      view = next;
      const asBars = next.names !== null && next.total <= BARS_AT_MOST;
      grid.hidden = side.hidden = asBars;
      distribution.hidden = !asBars;
      if (asBars) paintDistribution(next);
      else {
        paintCells(next);
        paintCurve(next);
        paintList(next);
      }
      grid.setAttribute("aria-label", `${next.title}: ${next.units.length} of ${next.total} units`);
      setText(cell, `${next.names?.[next.selected] ?? `unit ${next.selected}`} of ${next.total}${next.values ? `, ${number(next.values[next.selected])}` : ""}`);
    },
  };
}
