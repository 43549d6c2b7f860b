/** All filters of the first convolution in colour: once where pictures have shaped them, else as stored and as far as pictures excite them. */
import { fill, h, sizeCanvas } from "../lib/dom.js";
import { shape } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { crossOut } from "../lib/outline.js";
import { createPicture } from "../lib/picture.js";
import { filterCanvas, largestWeight } from "../maps/filter_canvas.js";
import { fitGrid } from "../maps/grid.js";
import { cornerOf, MARGIN } from "../maps/wall_painting.js";

/** @typedef {import("../server/api.js").Filters} Filters */
/** @typedef {{filters: Filters | null, selected: number}} FilterView */
/** @typedef {{canvas: HTMLCanvasElement, values: Float32Array, grid: import("../maps/grid.js").Grid, title: string}} Wall */

const GAP = 28; // between two walls, CSS pixels
const CAPTION = 26;
const STORED = gettext("As stored");
const EXCITED = gettext("As far as pictures can excite them");
/** @type {Record<string, string>} */
const EXPLAINED = {
  [STORED]: gettext("The weights. Each filter up to its own largest; zero is mid grey"),
  [EXCITED]: gettext(
    "Each filter times the covariance of the 11 × 11 patches of the gallery's photos. Nothing is smoothed",
  ),
};

const EMPTY = { values: new Float32Array(0), grid: fitGrid(1, 1, 1, 1, 1), title: "" };

/** What stands on the page: the title of each wall, and its weights. @param {Filters} filters @returns {[string, Float32Array][]} */
export function wallsOf({ values, excited, isReadable }) {
  if (isReadable || !excited) return [[STORED, values]];
  return [
    [STORED, values],
    [EXCITED, excited],
  ];
}

/** @param {{onSelect: (channel: number) => void, onOpen: () => void}} actions */
export function createFilterWall({ onSelect, onOpen }) {
  const element = h("div", { class: "filter-walls" });
  /** @type {FilterView | null} */
  let view = null;
  /** @type {Wall[]} */
  let walls = [];
  /** @type {HTMLElement[]} */
  let captions = [];

  /** @param {Wall} wall @param {Filters} filters @param {number | null} selected */
  function paint({ canvas, values, grid, title }, filters, selected) {
    const ratio = window.devicePixelRatio || 1;
    const [total, , side] = filters.shape;
    const { context } = sizeCanvas(canvas, grid.width / ratio + 2 * MARGIN, grid.height / ratio + 2 * MARGIN);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = false;
    const size = values.length / total;
    for (let i = 0; i < total; i += 1) {
      const weights = values.subarray(i * size, (i + 1) * size);
      const [left, top] = cornerOf(grid, i, ratio);
      const wide = side * grid.zoom;
      context.drawImage(filterCanvas(weights, largestWeight(weights)), left, top, wide, wide);
      if (!weights.every(Number.isFinite))
        crossOut(context, 1.5 * ratio, getComputedStyle(element).getPropertyValue("--bad"), {
          left,
          top,
          width: wide,
          height: wide,
        });
      if (i !== selected) continue;
      context.strokeStyle = getComputedStyle(element).getPropertyValue("--marker");
      context.lineWidth = 3 * ratio;
      context.strokeRect(left - 2.5 * ratio, top - 2.5 * ratio, wide + 5 * ratio, wide + 5 * ratio);
    }
    canvas.setAttribute(
      "aria-label",
      gettext("{title}: {total} filters of {size}, in colour; filter {channel} is chosen", {
        title,
        total,
        size: shape(filters.shape.slice(1)),
        channel: selected ?? "–",
      }),
    );
  }

  /** @param {Wall} wall @param {MouseEvent} event */
  function choose({ canvas, grid }, event) {
    if (!view?.filters) return;
    const [x, y] = [event.offsetX - MARGIN, event.offsetY - MARGIN].map(
      (offset) => (offset * canvas.width) / canvas.clientWidth,
    );
    const [column, row] = [Math.floor(x / grid.pitchX), Math.floor(y / grid.pitchY)];
    const filter = row * grid.columns + column;
    if (column >= 0 && column < grid.columns && row >= 0 && filter < view.filters.shape[0]) onSelect(filter);
  }

  /** @param {Filters} filters */
  function lay(filters) {
    const found = wallsOf(filters);
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(120, (element.clientWidth - (found.length - 1) * GAP) / found.length - 2 * MARGIN);
    const height = Math.max(120, element.clientHeight - CAPTION - 2 * MARGIN);
    const grid = fitGrid(
      filters.shape[0],
      filters.shape[2],
      Math.floor(width * ratio),
      Math.floor(height * ratio),
      ratio,
    );
    if (walls.length !== found.length) build(found.length);
    walls = found.map(([title, values], i) => ({ canvas: walls[i].canvas, values, grid, title }));
    walls.forEach(({ title }, i) => {
      captions[i].textContent = title;
      captions[i].title = EXPLAINED[title];
    });
  }

  /** The canvases stay while filters are chosen: a double click is two clicks on one. @param {number} count */
  function build(count) {
    captions = Array.from({ length: count }, () => h("figcaption"));
    walls = captions.map((_, i) => {
      const canvas = createPicture();
      canvas.addEventListener("click", (event) => choose(walls[i], event));
      canvas.addEventListener("dblclick", onOpen);
      return { ...EMPTY, canvas };
    });
    fill(
      element,
      walls.map(({ canvas }, i) => h("figure", {}, captions[i], canvas)),
    );
  }

  return {
    element,
    get columns() {
      return walls[0]?.grid.columns ?? 1;
    },
    /** @param {FilterView} given */
    update(given) {
      view = given;
      const { filters, selected } = given;
      if (!filters) walls = [];
      if (!filters) return fill(element, h("p", { class: "note" }, gettext("The filters are on their way.")));
      lay(filters);
      for (const wall of walls) paint(wall, filters, selected);
    },
    /** The last wall, without the mark. @returns {HTMLCanvasElement} */
    picture() {
      const { filters } = /** @type {FilterView} */ (view);
      const wall = { ...walls[walls.length - 1], canvas: h("canvas") };
      if (filters) paint(wall, filters, null);
      return wall.canvas;
    },
  };
}
