/** The filters of the first convolution of A and of B, each beside its partner, and how far the two are apart. */
import { badge } from "./walls.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { number, shape } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { filterCanvas } from "../maps/filter_canvas.js";
import { fitGrid } from "../maps/grid.js";

/** @typedef {import("./difference.js").Partners} Partners */
/** @typedef {{values: Float32Array, shape: number[]}} Filters */
/** @typedef {{partners: Partners, names: {a: string, b: string}}} PairsView */

const HEIGHT = 330; // of each picture of filters, CSS pixels

/** How far each filter of A is from its partner in B; −1 without one. @param {Filters} a @param {Filters} b @param {Partners} partners @returns {Float32Array} */
export function filterDistances(a, b, partners) {
  const size = a.values.length / a.shape[0];
  return Float32Array.from({ length: a.shape[0] }, (_, i) => {
    const j = partners ? partners[i] : i;
    if (j === null || j >= b.shape[0] || b.values.length / b.shape[0] !== size) return -1;
    let sum = 0;
    for (let k = 0; k < size; k += 1) sum += (b.values[j * size + k] - a.values[i * size + k]) ** 2;
    return Math.sqrt(sum);
  });
}

export function createFilterPairs() {
  const canvases = {
    a: h("canvas", { role: "img", "aria-label": gettext("Filters of {network}", { network: "A" }) }),
    b: h("canvas", { role: "img", "aria-label": gettext("Filters of {network}", { network: "B" }) }),
  };
  const heads = { a: h("h3", { class: "row" }, "A"), b: h("h3", { class: "row" }, "B") };
  const readout = h("p", { class: "note", "aria-live": "polite" });
  const pictures = h(
    "div",
    { class: "filter-pairs" },
    h("figure", {}, heads.a, canvases.a),
    h("figure", {}, heads.b, canvases.b),
  );
  const title = h(
    "h3",
    {},
    gettext("Filters of the first convolution, most moved first; zero is mid grey, one range for A and B"),
  );
  /** @type {PairsView | null} */
  let view = null;
  /** @type {{a: Filters, b: Filters} | null} */
  let filters = null;
  /** @type {number | null} position in the order */
  let pointed = null;
  /** @type {number[]} filters of A */
  let order = [];
  /** @type {Float32Array} */
  let distances = new Float32Array(0);

  for (const canvas of Object.values(canvases)) {
    canvas.addEventListener("pointermove", (event) => point(positionAt(canvas, event)));
    canvas.addEventListener("pointerleave", () => point(null));
  }

  /** @param {HTMLCanvasElement} canvas @returns {import("../maps/grid.js").Grid} */
  function gridOf(canvas) {
    const ratio = window.devicePixelRatio || 1;
    const side = filters ? filters.a.shape[2] : 1;
    return fitGrid(order.length, side, canvas.width, canvas.height, ratio);
  }

  function paint() {
    if (!filters || !view) return;
    const { partners, names } = view;
    distances = filterDistances(filters.a, filters.b, partners);
    order = Array.from(distances.keys()).sort((x, y) => distances[y] - distances[x] || x - y);
    const limit = [filters.a, filters.b].reduce(
      (most, { values }) => values.reduce((sum, value) => Math.max(sum, Math.abs(value)), most),
      0,
    );
    fill(heads.a, badge("A"), names.a);
    fill(heads.b, badge("B"), names.b);
    paintOne(canvases.a, filters.a, order, limit, "A");
    const own = filters.b.shape[0];
    paintOne(
      canvases.b,
      filters.b,
      order.map((i) => (partners ? partners[i] : i < own ? i : null)),
      limit,
      "B",
    );
  }

  /** @param {HTMLCanvasElement} canvas @param {Filters} own @param {(number | null)[]} which @param {number} limit @param {string} name */
  function paintOne(canvas, own, which, limit, name) {
    const width = Math.max(200, /** @type {HTMLElement} */ (canvas.parentElement).clientWidth - 2);
    const { context } = sizeCanvas(canvas, width, HEIGHT);
    const grid = gridOf(canvas);
    const size = own.values.length / own.shape[0];
    context.clearRect(0, 0, canvas.width, canvas.height);
    which.forEach((index, position) => {
      if (index === null) return;
      const [x, y] = corner(grid, position);
      context.drawImage(
        filterCanvas(own.values.subarray(index * size, (index + 1) * size), limit),
        x,
        y,
        grid.tileWidth,
        grid.tileHeight,
      );
    });
    canvas.setAttribute(
      "aria-label",
      gettext("{n} filters of {name}, {size}, in colour", { n: own.shape[0], name, size: shape(own.shape.slice(1)) }),
    );
    if (pointed === null || pointed >= which.length) return;
    const [x, y] = corner(grid, pointed);
    context.strokeStyle = getComputedStyle(canvas).getPropertyValue("--marker");
    context.lineWidth = 3 * (window.devicePixelRatio || 1);
    context.strokeRect(x, y, grid.tileWidth, grid.tileHeight);
  }

  /** @param {HTMLCanvasElement} canvas @param {PointerEvent} event */
  function positionAt(canvas, event) {
    if (!filters) return null;
    const grid = gridOf(canvas);
    const ratio = canvas.width / canvas.getBoundingClientRect().width;
    const [column, row] = [
      Math.floor((event.offsetX * ratio) / grid.pitchX),
      Math.floor((event.offsetY * ratio) / grid.pitchY),
    ];
    const position = row * grid.columns + column;
    return column < grid.columns && position < order.length ? position : null;
  }

  /** @param {number | null} position */
  function point(position) {
    if (position === pointed) return;
    pointed = position;
    paint();
    const index = position === null ? null : order[position];
    const partner = index === null ? null : view?.partners ? view.partners[index] : index;
    setText(readout, index === null ? "" : filterWords(index, partner ?? null, distances[index]));
  }

  return {
    elements: [title, pictures, readout],
    /** @param {PairsView} next @param {{a: Filters, b: Filters} | null} own null while they are on their way */
    update(next, own) {
      view = next;
      filters = own;
      paint();
    },
  };
}

/** @param {number} index @param {number | null} partner @param {number} distance −1 without a partner */
function filterWords(index, partner, distance) {
  if (partner === null) return gettext("Filter {filter} with none", { filter: index });
  const filter =
    partner === index
      ? gettext("Filter {filter}", { filter: index })
      : gettext("Filter {filter} with {partner}", { filter: index, partner });
  return distance < 0 ? filter : gettext("{filter}: distance {distance}", { filter, distance: number(distance) });
}

/** @param {import("../maps/grid.js").Grid} grid @param {number} position @returns {[number, number]} */
function corner(grid, position) {
  return [
    Math.round((position % grid.columns) * grid.pitchX),
    Math.round(Math.floor(position / grid.columns) * grid.pitchY),
  ];
}
