/** A number set as text that can be typed over or stepped. */
import { h } from "../lib/dom.js";

/** @param {string} label @param {(value: number) => void} onChange */
export function createNumberField(label, onChange) {
  const element = h("input", { class: "plain-number", type: "number", min: "0", step: "1", "aria-label": label });
  element.addEventListener("change", () => {
    const value = Math.round(Number(element.value));
    if (value >= 0 && value <= Number(element.max)) onChange(value);
  });
  return {
    element,
    /** @param {number} value @param {number} count */
    update(value, count) {
      element.max = String(count - 1);
      const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
      if (root.activeElement !== element) element.value = value < 0 ? "" : String(value);
      element.style.width = `${Math.max(2, element.value.length) + 0.6}ch`;
    },
  };
}
