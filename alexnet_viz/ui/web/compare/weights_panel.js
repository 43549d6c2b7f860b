/** "Weights": the first filters of both side by side, and how far each layer is from the other's. */
import { getFilters, getJson } from "../server/api.js";
import { weightRows } from "./tables.js";
import { badge } from "./walls.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { filterCanvas } from "../maps/filter_canvas.js";
import { number, shape, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { fitGrid } from "../maps/grid.js";

/** @typedef {{values: Float32Array, shape: number[]}} Filters */
/** @typedef {{layer: string, first_shape: number[], second_shape: number[], first_norm: number | null, second_norm: number | null, distance: number | null, relative: number | null, cosine: number | null, bias_distance: number | null, remark: string}} Layer */
/** @typedef {{a: string, b: string, digests: {a: string, b: string}, names: {a: string, b: string}, partners: import("./difference.js").Partners, theme: string}} WeightsView */

const HEIGHT = 330; // of each picture of filters, CSS pixels

/** How far each filter of A is from its partner in B; −1 without one. @param {Filters} a @param {Filters} b @param {import("./difference.js").Partners} partners @returns {Float32Array} */
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

/** Which layers moved most, in a sentence. @param {Layer[]} layers @param {string[]} moved */
export function movedWords(layers, moved) {
  if (!moved.length)
    return layers.some(({ distance }) => distance !== null)
      ? gettext("No layer differs: the weights are the same.")
      : gettext("No layer of A has the shape of B's: their weights cannot be subtracted.");
  const of = (/** @type {string} */ name) => number(layers.find(({ layer }) => layer === name)?.relative ?? NaN);
  const [most, next, least] = [moved[0], moved[1] ?? "", moved[moved.length - 1]];
  const said = {
    most: stageTitle(most),
    times: of(most),
    next: stageTitle(next),
    second: of(next),
    least: stageTitle(least),
    last: of(least),
  };
  if (moved.length === 1) return gettext("{most} moved most, by {times} times the size it had in A.", said);
  if (moved.length === 2)
    return gettext("{most} moved most, by {times} times the size it had in A, then {next} ({second}).", said);
  return gettext(
    "{most} moved most, by {times} times the size it had in A, then {next} ({second}); least {least} ({last}).",
    said,
  );
}

export function createWeightsPanel() {
  const sentence = h("p", { class: "sentence test-sentence" });
  const table = h("div", {
    class: "compare-table-scroll",
    tabindex: "0",
    role: "group",
    "aria-label": gettext("Distances of the layers"),
  });
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
  const element = h(
    "section",
    { class: "compare-weights", "aria-label": gettext("Weights"), tabindex: "0", hidden: true },
    sentence,
    table,
    h("h3", {}, gettext("Filters of the first convolution, most moved first; zero is mid grey, one range for A and B")),
    pictures,
    readout,
  );
  /** @type {WeightsView | null} */
  let view = null;
  /** @type {{a: Filters, b: Filters} | null} */
  let filters = null;
  let loaded = "";
  /** @type {Layer[]} */
  let layers = [];
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

  /** @param {WeightsView} v */
  async function load(v) {
    const key = v.digests.a + v.digests.b;
    if (key === loaded) return paint();
    loaded = key;
    filters = null;
    layers = [];
    setText(sentence, gettext("Comparing the weights"));
    fill(table);
    try {
      const [rows, a, b] = await Promise.all([
        getJson("comparison/weights", { a: v.a, b: v.b }),
        getFilters(v.a, v.digests.a),
        getFilters(v.b, v.digests.b),
      ]);
      if (key !== loaded) return;
      filters = { a, b };
      drawTable(rows);
      paint();
    } catch (error) {
      loaded = "";
      setText(sentence, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {{layers: Layer[], most_moved: string[]}} rows */
  function drawTable({ layers: rows, most_moved: moved }) {
    layers = rows;
    setText(sentence, movedWords(layers, moved));
    const largest = Math.max(...layers.map(({ relative }) => relative ?? 0)) || 1;
    const said = (/** @type {number | null} */ value) =>
      h("td", { class: "right" }, value === null ? "–" : number(value));
    const titles = [
      gettext("layer"),
      gettext("weights"),
      gettext("norm of A"),
      gettext("norm of B"),
      gettext("distance"),
      gettext("distance / norm of A"),
      "",
      gettext("cosine"),
      gettext("bias distance"),
    ];
    fill(
      table,
      h(
        "table",
        { class: "layer-table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            titles.map((title, i) => (title ? h("th", { class: i > 1 ? "right" : "", scope: "col" }, title) : h("td"))),
          ),
        ),
        h(
          "tbody",
          {},
          layers.map((row) =>
            h(
              "tr",
              {},
              h("td", {}, stageTitle(row.layer)),
              h("td", {}, shape(row.first_shape.length ? row.first_shape : row.second_shape)),
              said(row.first_norm),
              said(row.second_norm),
              row.remark
                ? h("td", { colspan: "5" }, row.remark)
                : [
                    said(row.distance),
                    said(row.relative),
                    h(
                      "td",
                      {},
                      h(
                        "span",
                        { class: "moved", "aria-hidden": "true" },
                        h("span", { style: `width:${((row.relative ?? 0) / largest) * 100}%` }),
                      ),
                    ),
                    said(row.cosine),
                    said(row.bias_distance),
                  ],
            ),
          ),
        ),
      ),
    );
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
    element,
    /** @returns {import("../lib/csv.js").Cell[][] | null} */
    table: () => (layers.length && view ? weightRows(layers, view.names) : null),
    /** @param {WeightsView} next */
    update(next) {
      view = next;
      void load(next);
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
