/** The marker of an epoch: one line over both plots, a dot on each curve of the selected run, its two values. */
import { h } from "../lib/dom.js";
import { number, percent } from "../lib/format.js";
import { endOf, isInside, place } from "./loss_chart_places.js";
import { sizeWords, valuesAt } from "./run_curves.js";

/** @typedef {import("./loss_chart_places.js").Geometry} Geometry */

/** The selected run and the marker's epoch, where that is on the chart. @param {Geometry} g */
function markedPlace(g) {
  const own = g.drawn.find((each) => each.line.selected);
  const { epoch } = g.view;
  if (!own || epoch === null) return null;
  const x = g.toPixels(epoch);
  return x < g.box.left - 1 || x > g.box.left + g.box.width + 1 ? null : { own, epoch, x };
}

/** The two values at the marker, as words beside their dots. @param {Geometry} g @returns {{which: "loss" | "accuracy", text: string, dotY: number, x: number, y: number, isRight: boolean}[]} */
export function markerWords(g) {
  const found = markedPlace(g);
  if (!found) return [];
  const { own, epoch, x } = found;
  const values = valuesAt(own, epoch);
  // At the end of the line its name stands at the right.
  const end = endOf(own, "loss");
  const isRight = x < g.box.left + g.box.width - 44 * g.scale && (end === null || Math.abs(g.toPixels(end.x) - x) > 40);
  const word = (
    /** @type {"loss" | "accuracy"} */ which,
    /** @type {number} */ value,
    /** @type {string} */ text,
    /** @type {number} */ shift,
  ) => {
    const dotY = g.toY(which, value);
    return Number.isFinite(dotY) && isInside(g.box, which, dotY)
      ? [{ which, text, dotY, x: x + (isRight ? 9 : -9), y: dotY + shift, isRight }]
      : [];
  };
  return [
    ...word("loss", values.loss, number(values.loss, 3), -13 * g.scale),
    ...word(
      "accuracy",
      values.accuracy * 100,
      `${percent(values.accuracy)}${sizeWords(own.line.curves, epoch)}`,
      13 * g.scale,
    ),
  ];
}

/** One line over everything, a dot on each curve, its value beside it. @param {Geometry} g */
export function marker(g) {
  const found = markedPlace(g);
  if (!found) return [];
  const { x } = found;
  const line = h("span", {
    class: "marker-line",
    style: `left:${x.toFixed(1)}px;top:${g.box.top}px;height:${g.box.height}px`,
  });
  return [
    line,
    ...markerWords(g).flatMap((word) => [
      h("span", { class: "marker-dot", style: place(x, word.dotY) }),
      h("span", { class: `label marker${word.isRight ? "" : " left"}`, style: place(word.x, word.y) }, word.text),
    ]),
  ];
}
