/** The word that says what the points of the selected run are: its validations. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { isInside, place } from "./loss_chart_places.js";

/** @typedef {import("./loss_chart_places.js").Geometry} Geometry */

export const VALIDATION = `○ ${gettext("validation")}`;

/** @param {Geometry} g */
export function validationWord(g) {
  const word = validationPlaceOf(g);
  return (
    word && h("span", { class: "label validation", style: `${place(word.x, word.y)};color:${word.colour}` }, VALIDATION)
  );
}

/** @param {Geometry} g @returns {{x: number, y: number, colour: string} | null} */
export function validationPlaceOf(g) {
  const own = g.drawn.find((each) => each.line.selected)?.line;
  if (!own || own.curves.epoch.length < 2) return null;
  const at = validationPlace(g, own.curves);
  const y = g.toY("loss", own.curves.valLoss[at]);
  return isInside(g.box, "loss", y) ? { x: g.toPixels(own.curves.epoch[at]) + 5, y: y - 16, colour: own.colour } : null;
}

/** The third point, or the next one before the last whose word is not where the marker's value stands. @param {Geometry} g @param {import("./run_curves.js").Curves} curves @returns {number} */
function validationPlace(g, curves) {
  const marked = g.view.epoch === null ? NaN : g.toPixels(g.view.epoch);
  const isFree = (/** @type {number} */ epoch) => !(marked > g.toPixels(epoch) - 50 && marked < g.toPixels(epoch) + 90);
  const places = Array.from(curves.epoch.subarray(0, -1), (epoch, i) => ({ epoch, i }));
  const found = [...places.slice(2), ...places.slice(0, 2).reverse()].find(({ epoch }) => isFree(epoch));
  return found?.i ?? Math.min(2, places.length - 1);
}
