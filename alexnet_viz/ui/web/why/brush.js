/** The brush over the photo: a ring that the pointer or the arrow keys move; a press or Space begins a stroke. */
import { h } from "../lib/dom.js";

const STEP = 4; // pixels that an arrow key moves the brush

/** @typedef {[number, number]} Point in pixels of the photo */

/**
 * @param {HTMLCanvasElement} picture the photo, with the focus for the keys
 * @param {{side: () => number, begin: (point: Point) => void, draw: (point: Point) => void}} actions side: of the photo, in pixels; begin: a stroke; draw: the pointer moves while it is pressed
 */
export function createBrush(picture, { side, begin, draw }) {
  const ring = h("div", { class: "why-ring", "aria-hidden": "true", hidden: true });
  let at = { x: 113, y: 113 };
  let size = 44;

  function drawRing() {
    for (const [name, value] of Object.entries({
      left: at.x - size / 2,
      top: at.y - size / 2,
      width: size,
      height: size,
    }))
      ring.style.setProperty(name, `${(100 * value) / side()}%`);
  }

  /** @param {PointerEvent} event */
  function place(event) {
    const area = picture.getBoundingClientRect();
    at = {
      x: ((event.clientX - area.left) / area.width) * picture.width,
      y: ((event.clientY - area.top) / area.height) * picture.height,
    };
    ring.hidden = false;
    drawRing();
  }

  picture.addEventListener("pointerdown", (event) => {
    picture.setPointerCapture(event.pointerId);
    place(event);
    begin([at.x, at.y]);
  });
  picture.addEventListener("pointermove", (event) => {
    place(event);
    if (event.buttons) draw([at.x, at.y]);
  });
  picture.addEventListener("focus", () => void ((ring.hidden = false), drawRing()));
  picture.addEventListener("blur", () => void (ring.hidden = true));
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step)
      at = {
        x: Math.max(0, Math.min(picture.width, at.x + STEP * step[0])),
        y: Math.max(0, Math.min(picture.height, at.y + STEP * step[1])),
      };
    else if (event.key === " ") event.repeat || begin([at.x, at.y]);
    else return;
    event.preventDefault();
    drawRing();
  });

  return {
    ring,
    /** Across, in pixels of the photo. */
    get size() {
      return size;
    },
    /** @param {number} next */
    resize(next) {
      size = next;
      drawRing();
    },
    /** The ring, where the photo has another size than before. */
    update: drawRing,
  };
}
