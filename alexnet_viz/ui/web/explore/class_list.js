/** Every class with its probability and its logit, one row each. */
import { fill, h } from "../lib/dom.js";
import { number, sharesOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { pictureOfRows } from "../maps/picture_of_rows.js";

/** @typedef {{values: Float32Array | null, units: number[], total: number, names: string[] | null, probabilities: Float32Array | null, selected: number}} ClassListView */

/** @param {(unit: number) => void} onSelect */
export function createClassList(onSelect) {
  const element = h("div", { class: "distribution", tabindex: "0", role: "group" });

  /** @param {number} unit @param {ClassListView} v @param {number} largest logit @param {string} share its probability in words */
  function row(unit, v, largest, share) {
    const [values, names, probabilities] = [
      /** @type {Float32Array} */ (v.values),
      /** @type {string[]} */ (v.names),
      /** @type {Float32Array} */ (v.probabilities),
    ];
    const value = values[unit];
    const isNumber = Number.isFinite(value);
    const length = isNumber ? (Math.abs(value) / largest) * 50 : 0;
    const probability = Number.isFinite(probabilities[unit]) ? probabilities[unit] : 0;
    return h(
      "button",
      { class: unit === v.selected ? "class-row on" : "class-row", type: "button", onclick: () => onSelect(unit) },
      h("span", { class: "unit-name", title: names[unit] }, names[unit]),
      h(
        "span",
        { class: "bar-track" },
        isNumber ? h("span", { class: "bar-fill", style: `width:${probability * 100}%` }) : null,
      ),
      h("span", { class: "bar-value" }, isNumber ? share : ""),
      h(
        "span",
        { class: "both-ways" },
        isNumber
          ? h("span", {
              class: value < 0 ? "below" : "above",
              style: `width:${length}%;${value < 0 ? "right" : "left"}:50%`,
            })
          : null,
      ),
      h("span", { class: "bar-value" }, number(value)),
    );
  }

  return {
    element,
    /** @param {ClassListView} v */
    update(v) {
      if (!v.values || !v.names || !v.probabilities) return;
      const largest = Math.max(...Array.from(v.values, Math.abs).filter(Number.isFinite), 1e-30);
      const shareOf = sharesOf(v.probabilities);
      element.setAttribute("aria-label", gettext("All {count} classes", { count: v.total }));
      fill(
        element,
        h(
          "div",
          { class: "class-row head" },
          h("span", {}, gettext("class")),
          h("span", {}, gettext("probability")),
          h("span"),
          h("span", {}, gettext("logit")),
          h("span"),
        ),
        v.units.map((unit) => row(unit, v, largest, shareOf(unit))),
      );
    },
    /** The rows as they stand, as a picture. @returns {HTMLCanvasElement} */
    picture() {
      return pictureOfRows(element, ".class-row");
    },
  };
}
