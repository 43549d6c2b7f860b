/** The line that A lies left of and B right of, moved by pointer or key. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

const STEP = 5; // per cent

/** @param {HTMLElement} area what it divides @param {(percent: number) => void} onSplit */
export function createDivider(area, onSplit) {
  let split = 50;
  const element = h("div", {
    class: "divider",
    role: "slider",
    tabindex: "0",
    "aria-label": gettext("Divider: A left of it, B right of it"),
    "aria-valuemin": "0",
    "aria-valuemax": "100",
    hidden: true,
  });
  const clamp = (/** @type {number} */ percent) => Math.max(0, Math.min(100, percent));

  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    event.preventDefault();
    element.focus();
  });
  element.addEventListener("pointermove", (event) => {
    if (!element.hasPointerCapture(event.pointerId)) return;
    const box = area.getBoundingClientRect();
    onSplit(clamp(Math.round(((event.clientX - box.left) / box.width) * 100)));
  });
  element.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -STEP, ArrowRight: STEP, ArrowDown: -STEP, ArrowUp: STEP, Home: -100, End: 100 }[
      event.key
    ];
    if (way === undefined) return;
    event.preventDefault(); // the page would walk to another channel
    onSplit(clamp(split + way));
  });

  return {
    element,
    /** @param {number} percent */
    update(percent) {
      split = percent;
      element.setAttribute("aria-valuenow", String(percent));
    },
  };
}
