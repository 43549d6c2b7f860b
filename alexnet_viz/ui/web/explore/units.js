/** fc1, fc2 and the logits: values without a place. A grid of cells, the sorted curve and the strongest ten; few classes as bars. */
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { count, number } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { crossOut } from "../lib/outline.js";
import { unitColumns } from "../maps/grid.js";
import { createClassList } from "./class_list.js";
import { unitsCanvas } from "./units_canvas.js";
import { createUnitsSide } from "./units_side.js";
import { unitName } from "./words.js";

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
  const side = createUnitsSide(actions.onSelect);
  const classes = createClassList(actions.onSelect);
  const element = h("div", { class: "units-panel" }, grid, side.element, classes.element);

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
      grid.hidden = side.element.hidden = next.asBars;
      classes.element.hidden = !next.asBars;
      if (next.asBars) classes.update(next);
      else {
        paintCells(next);
        side.update(next, element.clientHeight);
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
