/** Pointing at one pixel of a map: with the pointer, by a click, or with the arrow keys once the map has the focus. */
import { h } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {{stage: {shape: number[]}, values: Float32Array | null, channel: number, place: {row: number, column: number}}} Pointed */

const STEPS = /** @type {Record<string, [number, number]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

/**
 * @param {HTMLCanvasElement} canvas the map
 * @param {{onPlace: (row: number, column: number, pinned: boolean) => void, onLeave: () => void}} actions
 */
export function createPixelPointer(canvas, actions) {
  const element = h(
    "div",
    { class: "pixel-pointer", role: "application", tabindex: "0", "aria-label": gettext("Pixel of the map") },
    canvas,
  );
  /** @type {Pointed | null} */
  let view = null;

  /** @param {PointerEvent | MouseEvent} event @param {boolean} pinned */
  function point(event, pinned) {
    if (!view) return;
    const area = canvas.getBoundingClientRect();
    const [, height, width] = view.stage.shape;
    actions.onPlace(
      clamp(((event.clientY - area.top) / area.height) * height, height),
      clamp(((event.clientX - area.left) / area.width) * width, width),
      pinned,
    );
  }
  canvas.addEventListener("pointermove", (event) => point(event, false));
  canvas.addEventListener("pointerleave", () => actions.onLeave());
  canvas.addEventListener("click", (event) => point(event, true));
  element.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!view || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // the arrows are the wall's elsewhere
    const [, height, width] = view.stage.shape;
    actions.onPlace(clamp(view.place.row + step[0], height), clamp(view.place.column + step[1], width), true);
  });

  return {
    element,
    /** @param {Pointed} next */
    update(next) {
      view = next;
      const [, height, width] = next.stage.shape;
      const { row, column } = next.place;
      const place = {
        channel: next.channel,
        row,
        column,
        value: number(next.values?.[(next.channel * height + row) * width + column]),
      };
      const withValue = gettext(
        "Pixel of channel {channel}, row {row}, column {column}: {value}. Arrow keys move it",
        place,
      );
      element.setAttribute(
        "aria-label",
        next.values
          ? withValue
          : gettext("Pixel of channel {channel}, row {row}, column {column}. Arrow keys move it", place),
      );
    },
  };
}

/** @param {number} value @param {number} size */
function clamp(value, size) {
  return Math.max(0, Math.min(size - 1, Math.floor(value)));
}
