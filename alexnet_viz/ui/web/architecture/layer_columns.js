/** The columns of the layer table: what each says of a row, and the order, bars and hidden numbers that follow from it. */
import { isPlaced, windowText } from "./rows.js";
import { count, millions, shape } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./rows.js").Row} Row */
/**
 * @typedef {{key: string, title: string, what: string, value: (row: Row, index: number) => number | string, text: (row: Row) => string, right?: boolean, bar?: string, given?: boolean}} Column
 */

/** @type {Column[]} */
export const COLUMNS = [
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
export function isSortable(column, rows, isOpen) {
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
export function whatOf(row, column) {
  return gettext("{what} of {stage}", { what: column.what, stage: row.name });
}
