/** The products of one input channel: a grid with one of them pointed at, and its sum in words. */
import { h, setText } from "../lib/dom.js";
import { computed, number } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { largestProduct } from "./running_sum.js";

/** @typedef {{channel: number, sum: number, top: number, left: number, size: number[], input: number[][], kernel: number[][], products: number[][]}} Term */

/** @param {Term} term @param {string} from the stage in front @param {() => void} onClose @param {() => void} onUnit opens the page of the input channel */
export function createProducts(term, from, onClose, onUnit) {
  const side = term.products.length;
  let at = largestProduct(term.products);
  const words = h("p", { class: "unit-product", role: "status" });
  const values = term.products.map((row) => row.map((value) => number(value ?? NaN)));
  const letters = Math.max(...values.flat().map(({ length }) => length));
  const cells = values.map((row, y) =>
    row.map((value, x) =>
      h("span", { role: "gridcell", "aria-label": sentence(y, x), onclick: () => point(y, x) }, value),
    ),
  );
  const grid = h(
    "div",
    {
      class: "unit-products",
      role: "grid",
      tabindex: "0",
      style: `--side:${side};--letters:${letters}`,
      "aria-label": gettext("{side} × {side} products of channel {channel}", { side, channel: term.channel }),
      onkeydown: walk,
    },
    cells.map((row) => h("div", { role: "row" }, row)),
  );
  const unit =
    from === "input"
      ? null
      : h(
          "button",
          { class: "link", type: "button", title: gettext("The page of this input channel"), onclick: () => onUnit() },
          gettext("Unit →"),
        );
  const close = h("button", { class: "link", type: "button", onclick: () => onClose() }, gettext("Close"));
  const head = h(
    "div",
    { class: "unit-products-head" },
    h(
      "h3",
      {},
      gettext("Channel {channel}: {side} × {side} products that add up to {sum}", {
        channel: term.channel,
        side,
        sum: computed(term.sum),
      }),
    ),
    h("span", { class: "row" }, unit, close),
  );
  const element = h("section", { class: "unit-open" }, head, grid, words);

  /** @param {number} row @param {number} column */
  function sentence(row, column) {
    const [y, x] = [term.top + row, term.left + column];
    const value = term.input[row][column];
    const [height, width] = term.size;
    const place =
      y < 0 || x < 0 || y >= height || x >= width
        ? gettext("padding")
        : gettext("row {row}, column {column} of {stage}", { row: y, column: x, stage: from });
    return `${computed(value)} (${place}) × ${computed(term.kernel[row][column])} = ${computed(term.products[row][column])}`;
  }

  /** @param {number} row @param {number} column */
  function point(row, column) {
    at = { row, column };
    cells.forEach((line, y) => line.forEach((cell, x) => cell.classList.toggle("on", y === row && x === column)));
    cells[row][column].scrollIntoView({ block: "nearest", inline: "nearest" });
    setText(words, sentence(row, column));
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const clip = (/** @type {number} */ value) => Math.max(0, Math.min(side - 1, value));
    point(clip(at.row + step[0]), clip(at.column + step[1]));
  }

  point(at.row, at.column);
  return { element, focus: () => grid.focus() };
}
