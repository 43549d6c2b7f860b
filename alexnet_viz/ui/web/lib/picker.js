/** A drop-down with its label. */
import { fill, h } from "./dom.js";

/**
 * A drop-down: quiet label, value in ink. The value is never cut without a tooltip.
 * @param {string} label
 * @param {(value: string) => void} onChange
 */
export function createPick(label, onChange) {
  const select = h("select", { "aria-label": label, onchange: () => onChange(select.value) });
  const element = h("label", { class: "pick" }, h("span", { class: "pick-label" }, label), select);
  return {
    element,
    select,
    /** @param {{value: string, title: string}[]} options @param {string} value */
    update(options, value) {
      const known = options.map((option) => option.value + option.title).join("\n");
      if (select.dataset.known !== known) {
        fill(
          select,
          options.map((option) => h("option", { value: option.value }, option.title)),
        );
        select.dataset.known = known;
      }
      select.value = value;
      select.title = options.find((option) => option.value === value)?.title ?? value;
    },
  };
}
