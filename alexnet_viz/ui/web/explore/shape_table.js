/** The table of shapes: one row per stage, the arithmetic spelled out; sortable, and to be taken away as CSV. */
import { address, getJson } from "../server/api.js";
import { fill, h } from "../lib/dom.js";
import { fileNameOf } from "../lib/downloads.js";
import { count, shape } from "../lib/format.js";
import { gettext, language } from "../lib/language.js";

/** @typedef {{name: string, kind: string, window: string, output_shape: number[], params: number, params_spelled: string, macs: number, macs_spelled: string, receptive_field: number, jump: number}} Layer */

/** @type {{title: string, key: (layer: Layer, index: number) => number | string, show: (layer: Layer) => string, right?: boolean}[]} */
const COLUMNS = [
  { title: gettext("stage"), key: (_, index) => index, show: (layer) => layer.name },
  { title: gettext("window"), key: (layer) => layer.window, show: (layer) => layer.window },
  {
    title: gettext("output"),
    key: (layer) => layer.output_shape.reduce((a, b) => a * b, 1),
    show: (layer) => shape(layer.output_shape),
    right: true,
  },
  {
    title: gettext("parameters, spelled out"),
    key: (layer) => layer.params,
    show: (layer) => layer.params_spelled,
    right: true,
  },
  {
    title: gettext("parameters"),
    key: (layer) => layer.params,
    show: (layer) => (layer.params ? count(layer.params) : ""),
    right: true,
  },
  {
    title: gettext("multiply-adds"),
    key: (layer) => layer.macs,
    show: (layer) => (layer.macs ? count(layer.macs) : ""),
    right: true,
  },
  {
    title: gettext("field"),
    key: (layer) => layer.receptive_field,
    show: (layer) => String(layer.receptive_field),
    right: true,
  },
  {
    title: gettext("step"),
    key: (layer) => layer.jump,
    show: (layer) => (layer.jump ? String(layer.jump) : ""),
    right: true,
  },
];

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame */
export function createShapeTable(frame) {
  const body = h("div", { class: "shapes-body" });
  const save = h("a", { class: "button", download: "shapes.csv" }, gettext("Save table"));
  const dialog = h(
    "dialog",
    { class: "dialog shapes", "aria-label": gettext("Shapes") },
    h(
      "div",
      { class: "title-row" },
      h("h2", {}, gettext("Shapes")),
      h(
        "div",
        { class: "row" },
        save,
        h("button", { class: "button", type: "button", onclick: () => dialog.close() }, gettext("Close")),
      ),
    ),
    body,
  );
  frame.root.append(dialog);

  /** @param {{layers: Layer[], total_params: number, total_macs: number}} table @param {number} column @param {boolean} down */
  function draw(table, column, down) {
    const rows = table.layers.map((layer, index) => ({ layer, key: COLUMNS[column].key(layer, index), index }));
    const sign = down ? -1 : 1;
    rows.sort(
      (a, b) =>
        sign *
          (typeof a.key === "number" && typeof b.key === "number"
            ? a.key - b.key
            : String(a.key).localeCompare(String(b.key), language)) || a.index - b.index,
    );
    fill(
      body,
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            COLUMNS.map(({ title, right }, i) =>
              h(
                "th",
                {
                  class: right ? "right" : "",
                  "aria-sort": i === column ? (down ? "descending" : "ascending") : "none",
                },
                h(
                  "button",
                  { type: "button", onclick: () => draw(table, i, i === column ? !down : i > 1) },
                  title,
                  i === column ? (down ? " ↓" : " ↑") : "",
                ),
              ),
            ),
          ),
        ),
        h(
          "tbody",
          {},
          rows.map(({ layer }) =>
            h(
              "tr",
              {},
              COLUMNS.map(({ show, right }) => h("td", { class: right ? "right" : "" }, show(layer))),
            ),
          ),
        ),
        h(
          "tfoot",
          {},
          h(
            "tr",
            {},
            h("td", { colspan: "4" }, gettext("in all")),
            h("td", { class: "right" }, count(table.total_params)),
            h("td", { class: "right" }, count(table.total_macs)),
            h("td"),
            h("td"),
          ),
        ),
      ),
    );
  }

  return {
    /** @param {import("../server/api.js").Subject} subject @param {string} title the checkpoint's */
    async open({ checkpoint, photo, altered }, title) {
      fill(body, h("p", {}, gettext("Counting")));
      dialog.showModal();
      save.setAttribute("download", `${fileNameOf(title)}${altered ? "_altered" : ""}_shapes.csv`);
      save.setAttribute("href", address("layers.csv", { checkpoint, photo, ...(altered && { altered }) }).href);
      try {
        draw(await getJson("layers", { checkpoint }), 0, false);
      } catch (error) {
        fill(body, h("div", { class: "error-box" }, /** @type {Error} */ (error).message));
      }
    },
  };
}
