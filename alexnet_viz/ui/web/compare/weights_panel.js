/** "Weights": the first filters of both side by side, and how far each layer is from the other's. */
import { createFilterPairs } from "./filter_pairs.js";
import { layerTable, movedWords } from "./layer_table.js";
import { weightRows } from "./tables.js";
import { getFilters, getJson } from "../server/api.js";
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./filter_pairs.js").Filters} Filters */
/** @typedef {import("./layer_table.js").Layer} Layer */
/** @typedef {{a: string, b: string, digests: {a: string, b: string}, names: {a: string, b: string}, partners: import("./difference.js").Partners, theme: string}} WeightsView */

export function createWeightsPanel() {
  const sentence = h("p", { class: "sentence test-sentence" });
  const table = h("div", {
    class: "compare-table-scroll",
    tabindex: "0",
    role: "group",
    "aria-label": gettext("Distances of the layers"),
  });
  const pairs = createFilterPairs();
  const element = h(
    "section",
    { class: "compare-weights", "aria-label": gettext("Weights"), tabindex: "0", hidden: true },
    sentence,
    table,
    pairs.elements,
  );
  /** @type {WeightsView | null} */
  let view = null;
  /** @type {{a: Filters, b: Filters} | null} */
  let filters = null;
  let loaded = "";
  /** @type {Layer[]} */
  let layers = [];

  /** @param {WeightsView} v */
  async function load(v) {
    const key = v.digests.a + v.digests.b;
    if (key === loaded) return pairs.update(v, filters);
    loaded = key;
    filters = null;
    pairs.update(v, filters);
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
      if (view) pairs.update(view, filters);
    } catch (error) {
      loaded = "";
      setText(sentence, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {{layers: Layer[], most_moved: string[]}} rows */
  function drawTable({ layers: rows, most_moved: moved }) {
    layers = rows;
    setText(sentence, movedWords(layers, moved));
    fill(table, layerTable(layers));
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
