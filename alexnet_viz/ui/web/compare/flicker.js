/** A and B in turn, or B while a button is held where a person wants no motion. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** One picture stands this long: one change of A, B and back in a second, half of what is allowed. */
const FLICKER_MS = 500;

/** @param {HTMLElement} walls take the class "shows-b" */
export function createFlicker(walls) {
  let timer = 0;
  let isHeld = false;
  let isWanted = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const hold = h(
    "button",
    { class: "button quiet hold", type: "button", hidden: true, "aria-pressed": "false" },
    gettext("Hold to show B"),
  );

  /** @param {boolean} isB */
  function show(isB) {
    walls.classList.toggle("shows-b", isB);
    hold.setAttribute("aria-pressed", String(isB));
    walls.dataset.showing = isB ? "b" : "a";
  }

  /** @param {boolean} down */
  function holding(down) {
    if (isHeld === down) return;
    isHeld = down;
    show(down);
  }
  hold.addEventListener("pointerdown", () => holding(true));
  for (const end of ["pointerup", "pointerleave", "blur"]) hold.addEventListener(end, () => holding(false));
  hold.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && holding(true));
  hold.addEventListener("keyup", () => holding(false));

  function update() {
    hold.hidden = !isWanted || !still.matches;
    const moving = isWanted && !still.matches;
    if (moving && !timer) timer = window.setInterval(() => show(!walls.classList.contains("shows-b")), FLICKER_MS);
    if (moving) return;
    clearInterval(timer);
    timer = 0;
    if (!isHeld) show(false);
  }
  still.addEventListener("change", update);

  return {
    element: hold,
    /** @param {boolean} wanted */
    set(wanted) {
      isWanted = wanted;
      update();
    },
    destroy() {
      clearInterval(timer);
      still.removeEventListener("change", update);
    },
  };
}
