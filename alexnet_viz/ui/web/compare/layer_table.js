/** How far each layer is from the other's: in a sentence, and in a table. */
import { h } from "../lib/dom.js";
import { number, shape, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {{layer: string, first_shape: number[], second_shape: number[], first_norm: number | null, second_norm: number | null, distance: number | null, relative: number | null, cosine: number | null, bias_distance: number | null, remark: string}} Layer */

/** Which layers moved most, in a sentence. @param {Layer[]} layers @param {string[]} moved */
export function movedWords(layers, moved) {
  if (!moved.length)
    return layers.some(({ distance }) => distance !== null)
      ? gettext("No layer differs: the weights are the same.")
      : gettext("No layer of A has the shape of B's: their weights cannot be subtracted.");
  const timesOf = (/** @type {string} */ name) => number(layers.find(({ layer }) => layer === name)?.relative ?? NaN);
  const [most, next, least] = [moved[0], moved[1] ?? "", moved[moved.length - 1]];
  const values = {
    most: stageTitle(most),
    times: timesOf(most),
    next: stageTitle(next),
    second: timesOf(next),
    least: stageTitle(least),
    last: timesOf(least),
  };
  if (moved.length === 1) return gettext("{most} moved most, by {times} times the size it had in A.", values);
  if (moved.length === 2)
    return gettext("{most} moved most, by {times} times the size it had in A, then {next} ({second}).", values);
  return gettext(
    "{most} moved most, by {times} times the size it had in A, then {next} ({second}); least {least} ({last}).",
    values,
  );
}

/** @param {Layer[]} layers @returns {HTMLElement} */
export function layerTable(layers) {
  const largest = Math.max(...layers.map(({ relative }) => relative ?? 0)) || 1;
  const numberCell = (/** @type {number | null} */ value) =>
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
  return h(
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
          numberCell(row.first_norm),
          numberCell(row.second_norm),
          row.remark
            ? h("td", { colspan: "5" }, row.remark)
            : [
                numberCell(row.distance),
                numberCell(row.relative),
                h(
                  "td",
                  {},
                  h(
                    "span",
                    { class: "moved", "aria-hidden": "true" },
                    h("span", { style: `width:${((row.relative ?? 0) / largest) * 100}%` }),
                  ),
                ),
                numberCell(row.cosine),
                numberCell(row.bias_distance),
              ],
        ),
      ),
    ),
  );
}
