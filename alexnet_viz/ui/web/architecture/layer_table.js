/** The table with its arithmetic: numbers with their bars, to be sorted, and to be hidden and opened one by one. */
import { isPlaced, windowText } from "./rows.js";
import { fill, h, setAttribute } from "../lib/dom.js";
import { count, millions, shape } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./rows.js").Row} Row */
/**
 * @typedef {{rows: Row[], totals: {params: number, macs: number}, sort: string, pointed: string, selected: string, key: string,
 *   covers: ReturnType<typeof import("./covers.js").createCovers>}} TableView
 * @typedef {{key: string, title: string, what: string, value: (row: Row, index: number) => number | string, text: (row: Row) => string, right?: boolean, bar?: string, given?: boolean}} Column
 */

/** @type {Column[]} */
const COLUMNS = [
  {
    key: "stage",
    title: gettext("stage"),
    what: gettext("stage"),
    value: (_, index) => index,
    text: (row) => row.name,
    given: true,
  },
  {
    key: "window",
    title: gettext("window"),
    what: gettext("window"),
    value: (row) => windowText(row),
    text: windowText,
    given: true,
  },
  {
    key: "output",
    title: gettext("output"),
    what: gettext("output"),
    value: ({ layer }) => layer.output_shape.reduce((a, b) => a * b, 1),
    text: ({ layer }) => shape(layer.output_shape),
    right: true,
  },
  {
    key: "spelled",
    title: gettext("parameters, spelled out"),
    what: gettext("parameters, spelled out,"),
    value: ({ layer }) => layer.params,
    text: ({ layer }) => layer.params_spelled,
    right: true,
  },
  {
    key: "params",
    title: gettext("parameters"),
    what: gettext("parameters"),
    value: ({ layer }) => layer.params,
    text: ({ layer }) => (layer.params ? count(layer.params) : ""),
    right: true,
    bar: "primary",
  },
  {
    key: "macs",
    title: gettext("multiply-adds"),
    what: gettext("multiply-adds"),
    value: ({ layer }) => layer.macs,
    text: ({ layer }) => (layer.macs ? millions(layer.macs) : ""),
    right: true,
    bar: "quiet",
  },
  {
    key: "field",
    title: gettext("field"),
    what: gettext("receptive field"),
    value: ({ layer }) => layer.receptive_field,
    text: (row) => (isPlaced(row) ? String(row.layer.receptive_field) : gettext("all")),
    right: true,
  },
];
export const SORTS = COLUMNS.flatMap(({ key }) => [key, `-${key}`]);

/** @param {Row[]} rows @param {string} sort "params", or "-params" for the largest first @returns {Row[]} */
export function sortRows(rows, sort) {
  const column = COLUMNS.find(({ key }) => key === sort.replace("-", "")) ?? COLUMNS[0];
  const sign = sort.startsWith("-") ? -1 : 1;
  const keyed = rows.map((row, index) => ({ row, index, key: column.value(row, index) }));
  keyed.sort(
    (a, b) =>
      sign *
        (typeof a.key === "number" && typeof b.key === "number"
          ? a.key - b.key
          : String(a.key).localeCompare(String(b.key))) || a.index - b.index,
  );
  return keyed.map(({ row }) => row);
}

/**
 * The order in which the rows stand: where numbers of the column are hidden, their order would tell them.
 * @param {string} sort
 * @param {Row[]} rows
 * @param {(id: string) => boolean} isOpen
 * @returns {string}
 */
export function shownSort(sort, rows, isOpen) {
  const column = COLUMNS.find(({ key }) => key === sort.replace("-", ""));
  return column && isSortable(column, rows, isOpen) ? sort : COLUMNS[0].key;
}

/** @param {Column} column @param {Row[]} rows @param {(id: string) => boolean} isOpen */
function isSortable(column, rows, isOpen) {
  return column.given || rows.every((row) => column.text(row) === "" || isOpen(`${row.stage}:${column.key}`));
}

/**
 * How long a number's bar is; a number that is hidden tells nothing of itself, as the largest neither.
 * @param {string} key "params"
 * @param {Row} row
 * @param {Row[]} rows
 * @param {(id: string) => boolean} isOpen
 * @returns {number} 0 … 1
 */
export function shareOfLargest(key, row, rows, isOpen) {
  const column = COLUMNS.find((each) => each.key === key) ?? COLUMNS[0];
  const shown = (/** @type {Row} */ each) => (isOpen(`${each.stage}:${key}`) ? Number(column.value(each, 0)) : 0);
  return shown(row) / Math.max(...rows.map(shown), 1);
}

/** Every number that can be hidden, in reading order: the rows, then the totals. @param {Row[]} rows @returns {{id: string, kind: string, what: string, text: string}[]} */
export function numbersOf(rows) {
  return rows.flatMap((row) =>
    COLUMNS.filter((column) => !column.given && column.text(row) !== "").map((column) => ({
      id: `${row.stage}:${column.key}`,
      kind: column.what,
      what: whatOf(row, column),
      text: column.text(row),
    })),
  );
}

/** @param {Row} row @param {Column} column @returns {string} "output of conv1" */
function whatOf(row, column) {
  return gettext("{what} of {stage}", { what: column.what, stage: row.name });
}

/**
 * @param {{onPoint: (stage: string | null) => void, onSelect: (stage: string) => void, onSort: (sort: string) => void}} actions
 */
export function createTable(actions) {
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

  /** @param {TableView} view @param {Row} row @param {Column} column */
  function bar(view, row, column) {
    const share = shareOfLargest(column.key, row, view.rows, view.covers.isOpen);
    return h(
      "span",
      { class: "measure-track", "aria-hidden": "true" },
      share ? h("span", { class: `measure-bar ${column.bar}`, style: `width:${share * 100}%` }) : null,
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
    const total = (/** @type {string} */ key, /** @type {string} */ text) =>
      h(
        "td",
        { class: `col-${key} right` },
        h(
          "div",
          { class: "measure" },
          h(
            "span",
            { class: "measure-number" },
            view.covers.place(
              {
                id: `all:${key}`,
                what: key === "params" ? gettext("parameters in all") : gettext("multiply-adds in all"),
              },
              text,
            ),
          ),
          h("span"),
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
        total("params", count(view.totals.params)),
        total("macs", millions(view.totals.macs)),
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
