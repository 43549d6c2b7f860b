/** A canvas that a screen reader takes for an image: named also while nothing is drawn. */
import { h } from "./dom.js";
import { gettext } from "./language.js";

/** @param {Record<string, unknown>} [attributes] @returns {HTMLCanvasElement} whoever draws on it sets its `aria-label` */
export function createPicture(attributes = {}) {
  return h("canvas", { role: "img", "aria-label": gettext("Nothing is drawn yet"), ...attributes });
}
