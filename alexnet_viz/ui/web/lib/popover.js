/** A panel below its button. */
import { h } from "./dom.js";

/**
 * A button and a panel that opens below it; Escape or a click elsewhere closes it and gives the focus back.
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} panel
 * @param {() => void | HTMLElement | null} [onOpen] may say what has the focus first
 * @param {() => void} [onClose]
 */
export function createPopover(button, panel, onOpen, onClose) {
  panel.hidden = true;
  panel.classList.add("popover");
  button.setAttribute("aria-expanded", "false");
  const element = h("div", { class: "popover-anchor" }, button, panel);
  /** @param {Event} event */
  const outside = (event) => {
    if (!event.composedPath().includes(element)) close(false);
  };
  /** @param {boolean} [refocus] */
  function close(refocus = true) {
    if (panel.hidden) return;
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (refocus) button.focus();
    onClose?.();
  }
  function open() {
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", outside, true);
    const first = onOpen?.() ?? /** @type {HTMLElement | null} */ (panel.querySelector("button, select, input"));
    first?.focus();
  }
  button.addEventListener("click", () => (panel.hidden ? open() : close()));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.stopPropagation();
    close();
  });
  return { element, open, close };
}
