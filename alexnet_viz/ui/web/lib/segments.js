/** A segmented control: a few choices side by side, one of them on. */
import { h } from "./dom.js";

/**
 * @param {string} label
 * @param {readonly {value: string, text: string, title?: string, name?: string}[]} options name: what is said of it where its text says too little
 * @param {(value: string) => void} onChange
 */
export function createSegments(label, options, onChange) {
  const buttons = options.map(({ value, text, title, name }) =>
    h(
      "button",
      { type: "button", "data-value": value, title, "aria-label": name, onclick: () => onChange(value) },
      text,
    ),
  );
  return {
    element: h("div", { class: "segments", role: "group", "aria-label": label }, buttons),
    /** @param {string} value */
    update(value) {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.value === value));
    },
  };
}
