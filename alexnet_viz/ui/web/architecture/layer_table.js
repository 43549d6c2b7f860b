/** The table with its arithmetic: numbers with their bars, to be sorted, and to be hidden and opened one by one. */
import { COLUMNS, isSortable, shareOfLargest, whatOf } from "./layer_columns.js";
import { fill, h, setAttribute } from "../lib/dom.js";
import { count, millions } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./layer_columns.js").Column} Column */
/**
 * @typedef {{rows: Row[], totals: {params: number, macs: number}, sort: string, pointed: string, selected: string, key: string,
 *   covers: ReturnType<typeof import("./covers.js").createCovers>}} TableView
 */

/**
 * @param {{onPoint: (stage: string | null) => void, onSelect: (stage: string) => void, onSort: (sort: string) => void}} actions
 */
export function createLayerTable(actions) {
  const heads = COLUMNS.map((column) => {
    const mark = h("span", { class: "sort-mark", "aria-hidden": "true" });
    const button = h(
      "button",
      { type: "button", onclick: () => button.getAttribute("aria-disabled") || sortBy(column) },
      column.title,
      mark,
    );
    return h("th", { scope: "col", class: `col-${column.key}${column.right ? " right" : ""}` }, button);
  });
  const body = h("tbody");
  const foot = h("tfoot");
  const table = h(
    "table",
    { class: "layers" },
    h(
      "caption",
      { class: "unseen" },
      gettext("Every stage with its window, output, parameters, multiply-adds and receptive field"),
    ),
    h("thead", {}, h("tr", {}, heads)),
    body,
    foot,
  );
  const element = h("div", { class: "layers-scroll" }, table);
  let sort = "stage";
  let built = "";

  /** Names rise, numbers fall; a second click turns the order round. @param {Column} column */
  function sortBy({ key, given }) {
    const [first, second] = given ? [key, `-${key}`] : [`-${key}`, key];
    actions.onSort(sort === first ? second : first);
  }

  /** @param {TableView} view @param {Row} row @param {Column} column */
  function cell(view, row, column) {
    const text = column.text(row);
    if (column.key === "stage")
      return h(
        "th",
        { scope: "row" },
        h(
          "button",
          {
            type: "button",
            class: "stage",
            onfocus: () => actions.onPoint(row.stage),
            onblur: () => actions.onPoint(null),
          },
          text,
        ),
      );
    const id = `${row.stage}:${column.key}`;
    const shown = column.given || text === "" ? text : view.covers.place({ id, what: whatOf(row, column) }, text);
    const classes = `col-${column.key}${column.right ? " right" : ""}`;
    if (!column.bar) return h("td", { class: classes }, shown);
    return h(
      "td",
      { class: classes },
      h(
        "div",
        { class: "measure" },
        h("span", { class: "measure-number" }, shown),
        text === "" ? h("span") : bar(view, row, column),
      ),
    );
  }

  /** @param {TableView} view */
  function build(view) {
    fill(
      body,
      view.rows.map((row) =>
        h(
          "tr",
          {
            "data-stage": row.stage,
            onpointerenter: () => actions.onPoint(row.stage),
            onpointerleave: () => actions.onPoint(null),
            onclick: (/** @type {Event} */ event) => {
              if (!(event.target instanceof Element && event.target.closest(".cover"))) actions.onSelect(row.stage);
            },
          },
          COLUMNS.map((column) => cell(view, row, column)),
        ),
      ),
    );
    fill(
      foot,
      h(
        "tr",
        {},
        h("th", { scope: "row" }, gettext("in all")),
        h("td"),
        h("td"),
        h("td"),
        total(view, "params", count(view.totals.params)),
        total(view, "macs", millions(view.totals.macs)),
        h("td"),
      ),
    );
  }

  return {
    element,
    /** @param {TableView} view */
    update(view) {
      sort = view.sort;
      const key = [view.key, view.sort, view.covers.signature].join();
      if (key !== built) build(view);
      built = key;
      heads.forEach((head, i) => {
        const button = /** @type {Element} */ (head.firstElementChild);
        const isClosed = !isSortable(COLUMNS[i], view.rows, view.covers.isOpen);
        setAttribute(button, "aria-disabled", isClosed && "true");
        setAttribute(button, "title", isClosed && gettext("Its numbers are hidden; their order would tell them"));
        const isSorted = sort.replace("-", "") === COLUMNS[i].key;
        const direction = sort.startsWith("-") ? "descending" : "ascending";
        head.setAttribute("aria-sort", isSorted ? direction : "none");
        // The order of computation is the table's own; only another one is marked.
        fill(
          /** @type {Element} */ (head.querySelector(".sort-mark")),
          isSorted && sort !== "stage" ? (direction === "descending" ? " ↓" : " ↑") : "",
        );
      });
      const stop = view.rows.some((row) => row.stage === view.selected) ? view.selected : view.rows[0]?.stage;
      for (const row of body.querySelectorAll("tr")) {
        row.classList.toggle("on", row.dataset.stage === view.pointed);
        const button = /** @type {HTMLButtonElement} */ (row.querySelector(".stage"));
        button.tabIndex = row.dataset.stage === stop ? 0 : -1;
        button.setAttribute("aria-pressed", String(row.dataset.stage === view.selected));
      }
    },
    /** @param {string} stage Move the focus along, where it is on a row already. */
    follow(stage) {
      const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
      if (!root.activeElement?.classList.contains("stage")) return;
      /** @type {HTMLElement | null} */ (body.querySelector(`[data-stage="${stage}"] .stage`))?.focus();
    },
  };
}

/** @param {TableView} view @param {Row} row @param {Column} column */
function bar(view, row, column) {
  const share = shareOfLargest(column.key, row, view.rows, view.covers.isOpen);
  return h(
    "span",
    { class: "measure-track", "aria-hidden": "true" },
    share ? h("span", { class: `measure-bar ${column.bar}`, style: `width:${share * 100}%` }) : null,
  );
}

/** @param {TableView} view @param {"params" | "macs"} key @param {string} text */
function total({ covers }, key, text) {
  const what = key === "params" ? gettext("parameters in all") : gettext("multiply-adds in all");
  return h(
    "td",
    { class: `col-${key} right` },
    h(
      "div",
      { class: "measure" },
      h("span", { class: "measure-number" }, covers.place({ id: `all:${key}`, what }, text)),
      h("span"),
    ),
  );
}
