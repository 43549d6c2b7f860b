/** fc1, fc2 and the logits: values without a place. A grid of cells, the sorted curve and the strongest ten; few classes as bars. */
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { count, number, topPercents } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { crossOut } from "../lib/outline.js";
import { unitColumns } from "../maps/grid.js";
import { createClassList } from "./class_list.js";
import { strongest } from "../maps/ranking.js";
import { unitsCanvas } from "./units_canvas.js";

/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/**
 * @typedef {{values: Float32Array | null, units: number[], total: number, bounds: Bounds, table: Uint32Array, selected: number, title: string,
 *   names: string[] | null, probabilities: Float32Array | null, byIndex: boolean, asBars: boolean, nameOf?: (unit: number) => string}} UnitsView
 * `nameOf`: what a person calls a unit
 */

const RULER = 30;
const FLATTEST = 1.64; // of a cell's height to its width: 25 rows of 40 classes are as high as 64 of 64 units

/**
 * Whole pixels, all cells in the room that the sorted curve leaves; cells are square but where there are fewer rows than columns.
 * @param {number} across @param {number} down @param {number} columns @param {number} rows @returns {[number, number]}
 */
export function cellSize(across, down, columns, rows) {
  if (across < 530)
    return /** @type {[number, number]} */ (
      new Array(2).fill(Math.max(3, Math.floor(across / Math.max(columns, rows))))
    );
  const width = Math.max(4, Math.floor(Math.min(across * 0.66, rows < columns ? Infinity : down) / columns));
  return [width, rows < columns ? Math.max(4, Math.floor(Math.min(down / rows, width * FLATTEST))) : width];
}

/** @param {number} unit */
const unitName = (unit) => gettext("unit {unit}", { unit });

/** @param {{onSelect: (unit: number) => void}} actions */
export function createUnits(actions) {
  const cells = h("canvas", { class: "cells", "aria-hidden": "true" });
  const ruler = h("div", { class: "wall-ruler units-ruler", "aria-hidden": "true" });
  const readout = h("div", { class: "readout", hidden: true });
  const cell = h("div", { role: "gridcell", id: "unit-cell", "aria-selected": "true" });
  const row = h("div", { role: "row", class: "unseen" }, cell);
  const grid = h(
    "div",
    {
      class: "units-grid",
      role: "grid",
      tabindex: "0",
      "aria-activedescendant": "unit-cell",
      "aria-describedby": "wall-sentence",
    },
    ruler,
    h("div", { class: "wall-tiles" }, cells, readout),
    row,
  );
  const curveRange = h("span", { class: "quiet" });
  const curve = h("canvas", { class: "curve", role: "img" });
  const list = h("div", { class: "unit-list" });
  const listUnit = h("span", { class: "quiet" });
  const side = h(
    "div",
    { class: "units-side" },
    h("div", { class: "title-row" }, h("h3", {}, gettext("Sorted")), curveRange),
    curve,
    h("div", { class: "ends" }, h("span", {}, gettext("rank {rank}", { rank: 1 })), h("span")),
    h("div", { class: "title-row strongest" }, h("h3", {}, gettext("Strongest ten")), listUnit),
    list,
  );
  const classes = createClassList(actions.onSelect);
  const element = h("div", { class: "units-panel" }, grid, side, classes.element);

  /** @type {UnitsView | null} */
  let view = null;
  let columns = 1;
  let [width, height] = [1, 1]; // of a cell

  /** @param {UnitsView} v */
  function paintCells(v) {
    columns = unitColumns(v.total);
    const rows = Math.ceil(v.total / columns);
    [width, height] = cellSize(element.clientWidth - RULER, element.clientHeight || 467, columns, rows);
    const { context, ratio } = sizeCanvas(cells, columns * width, rows * height);
    context.clearRect(0, 0, cells.width, cells.height);
    if (v.values) {
      context.drawImage(unitsCanvas(v.values, v.units, columns, v.bounds, v.table), 0, 0, cells.width, cells.height);
      if (!v.values.every(Number.isFinite))
        crossOut(context, 1.5 * ratio, getComputedStyle(element).getPropertyValue("--bad"));
    }
    const position = v.units.indexOf(v.selected);
    if (position >= 0) mark(context, ratio, position);
    const labels = [];
    const step = columns % 10 ? 8 : 5; // rows of 40: a label every 200
    for (let r = 0; r < rows; r += step)
      labels.push(
        h("span", { style: `top:${(r + 0.5) * height}px` }, v.byIndex ? r * columns : count(r * columns + 1)),
      );
    fill(ruler, labels);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} ratio @param {number} position */
  function mark(context, ratio, position) {
    const styles = getComputedStyle(element);
    const [x, y] = [(position % columns) * width * ratio, Math.floor(position / columns) * height * ratio];
    for (const [colour, line] of /** @type {[string, number][]} */ ([
      ["--page", 7],
      ["--marker", 3],
    ])) {
      context.strokeStyle = styles.getPropertyValue(colour);
      context.lineWidth = line * ratio;
      context.strokeRect(x - 2.5 * ratio, y - 2.5 * ratio, (width + 5) * ratio, (height + 5) * ratio);
    }
  }

  /** @param {UnitsView} v */
  function paintCurve(v) {
    const { context, ratio } = sizeCanvas(
      curve,
      Math.max(120, side.clientWidth),
      Math.round(Math.min(200, Math.max(110, (element.clientHeight - 300) * 0.9))),
    );
    const styles = getComputedStyle(element);
    context.clearRect(0, 0, curve.width, curve.height);
    if (!v.values) return;
    const sorted = v.values.filter(Number.isFinite).sort().reverse();
    const [high, low] = [Math.max(0, sorted[0] ?? 0), Math.min(0, sorted[sorted.length - 1] ?? 0)];
    const y = (/** @type {number} */ value) =>
      ((high - value) / (high - low || 1)) * (curve.height - 2 * ratio) + ratio;
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
    if (Number.isFinite(own))
      context.fillRect(
        Math.min(curve.width - 1.5 * ratio, (rank / Math.max(1, sorted.length - 1)) * curve.width),
        0,
        1.5 * ratio,
        curve.height,
      );
    const ends = { total: v.total, first: number(sorted[0]), last: number(sorted[sorted.length - 1]) };
    const place = Number.isFinite(own)
      ? gettext("unit {unit} has rank {rank}", { unit: v.selected, rank: rank + 1 })
      : gettext("unit {unit} is not a number", { unit: v.selected });
    setText(curveRange, sorted.length ? gettext("{first} to {last}", ends) : gettext("none is a number"));
    curve.setAttribute(
      "aria-label",
      sorted.length
        ? gettext("All {total} values sorted, from {first} to {last}; {place}", { ...ends, place })
        : gettext("All {total} values sorted, none is a number; {place}", { total: v.total, place }),
    );
    setText(
      /** @type {Element} */ (side.querySelector(".ends")?.lastElementChild),
      gettext("rank {rank}", { rank: v.total }),
    );
  }

  /** @param {UnitsView} v */
  function paintList(v) {
    if (!v.values) return;
    const values = v.values;
    const top = strongest(values, 10).filter((unit) => Number.isFinite(values[unit]));
    const largest = Math.max(...top.map((unit) => Math.abs(values[unit])), 1e-30);
    if (!top.length)
      return fill(
        list,
        h("p", { class: "note" }, gettext("None of the {total} values is a number.", { total: count(v.total) })),
      );
    const shares =
      v.probabilities &&
      topPercents(
        top.map((unit) => v.probabilities?.[unit] ?? NaN),
        v.total,
      );
    const most = v.probabilities ? Math.max(...v.probabilities, 1e-30) : largest;
    const part = (/** @type {number} */ unit) =>
      Math.max(0, v.probabilities ? v.probabilities[unit] : values[unit]) / most;
    list.classList.toggle("named", v.names !== null);
    setText(listUnit, shares ? gettext("softmax") : "");
    fill(
      list,
      top.map((unit, place) =>
        h(
          "button",
          { class: unit === v.selected ? "unit on" : "unit", type: "button", onclick: () => actions.onSelect(unit) },
          h("span", { class: "unit-name", title: v.names?.[unit] ?? unitName(unit) }, v.names?.[unit] ?? unit),
          h("span", { class: "bar-track" }, h("span", { class: "bar-fill", style: `width:${part(unit) * 100}%` })),
          h("span", { class: "bar-value" }, shares?.[place] ?? number(values[unit])),
        ),
      ),
    );
  }

  /** @param {PointerEvent | MouseEvent} event @returns {number | null} */
  function unitAt(event) {
    const area = cells.getBoundingClientRect();
    const [column, line] = [
      Math.floor((event.clientX - area.left) / width),
      Math.floor((event.clientY - area.top) / height),
    ];
    return view?.units[line * columns + column] ?? null;
  }
  cells.addEventListener("pointermove", (event) => {
    const unit = unitAt(event);
    readout.hidden = unit === null || !view?.values;
    if (unit !== null && view?.values) {
      const called = view.nameOf?.(unit);
      fill(
        readout,
        `${view.names?.[unit] ?? unitName(unit)}${called ? `, ${called}` : ""}: `,
        h("b", {}, number(view.values[unit])),
      );
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
    get columns() {
      return classes.element.hidden ? columns : 1;
    },
    /** What is on the screen, as a picture: cells, or the classes' bars. @returns {HTMLCanvasElement} */
    picture() {
      return classes.element.hidden ? cells : classes.picture();
    },
    /** @param {UnitsView} next */
    update(next) {
      view = next;
      grid.hidden = side.hidden = next.asBars;
      classes.element.hidden = !next.asBars;
      if (next.asBars) classes.update(next);
      else {
        paintCells(next);
        paintCurve(next);
        paintList(next);
      }
      grid.setAttribute(
        "aria-label",
        gettext("{stage}: {shown} of {total} units", {
          stage: next.title,
          shown: next.units.length,
          total: next.total,
        }),
      );
      const place = gettext("{name} of {total}", {
        name: next.names?.[next.selected] ?? unitName(next.selected),
        total: next.total,
      });
      setText(cell, next.values ? `${place}, ${number(next.values[next.selected])}` : place);
    },
  };
}
