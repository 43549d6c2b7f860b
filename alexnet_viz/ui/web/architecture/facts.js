/** The sum of the row that is pointed at, as the footer and presenter mode tell it. */
import { sum } from "./rows.js";
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @typedef {{name: string, question: string, answer: string, isFirst: boolean}} RowSum answer: "?" where it is hidden */

/**
 * The sum of a stage, of the first one where there is no such stage.
 * @param {import("./rows.js").Row[]} rows
 * @param {string} stage
 * @param {(id: string) => boolean} isOpen
 * @returns {RowSum}
 */
export function sumOf(rows, stage, isOpen) {
  const at = Math.max(
    0,
    rows.findIndex((row) => row.stage === stage),
  );
  const { question, answer, id } = sum(rows[at], at === 0, isOpen, rows[at - 1]?.stage ?? "");
  return { name: rows[at].name, question, answer: isOpen(id) ? answer : "?", isFirst: at === 0 };
}

/** @param {RowSum} sum @returns {(Node | string)[][]} */
export function factsOf({ name, question, answer, isFirst }) {
  return [
    [isFirst ? "" : h("b", {}, name), isFirst ? "" : ", ", question, h("b", {}, answer)],
    [gettext("numbers computed from the modules")],
  ];
}
