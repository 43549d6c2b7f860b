/** The axis is the replay slider: epoch numbers, a film of one map and one probability, each under its epoch. */
import { fill, h, setText } from "../lib/dom.js";
import { sharesOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { epochNumbers, paintBars, paintFrames } from "./epoch_slider_painting.js";

/** @typedef {{name: string, epoch: number, frame: import("./replay.js").Frame | null}} Still */
/**
 * @typedef {{stills: Still[], at: number, toPixels: (epoch: number) => number, toEpoch: (x: number) => number, span: () => [number, number],
 *   side: number[], bounds: import("../lib/colour.js").Bounds, table: Uint32Array, target: number, titles: [string, string, string]}} SliderView
 *   `at` is an index into the stills, −1 where there are none; `side` channels, rows and columns of the stage; `target` the class whose probability is drawn; `titles` block, channel, class.
 */

/** @param {{onStep: (index: number) => void}} actions */
export function createEpochSlider(actions) {
  const numbers = h("div", { class: "epoch-numbers" });
  const strip = h("canvas", {});
  const bars = h("canvas", { class: "epoch-bars" });
  const slider = h(
    "div",
    { class: "epochs", role: "slider", tabindex: "0", "aria-label": gettext("Epoch"), "aria-valuemin": "0" },
    numbers,
    strip,
    bars,
  );
  const captions = h("div", { class: "epoch-captions" });
  const element = h("div", { class: "epochs-box" }, slider, captions);
  /** @type {SliderView | null} */
  let view = null;
  let isDragging = false;

  slider.addEventListener("pointerdown", (event) => {
    isDragging = true;
    slider.setPointerCapture(event.pointerId);
    go(event);
  });
  slider.addEventListener("pointermove", (event) => isDragging && go(event));
  slider.addEventListener("pointerup", () => (isDragging = false));
  slider.addEventListener("pointercancel", () => (isDragging = false));

  /** @param {PointerEvent} event */
  function go(event) {
    if (!view) return;
    const index = nearest(view, view.toEpoch(event.clientX - slider.getBoundingClientRect().left));
    if (index >= 0 && index !== view.at) actions.onStep(index);
  }

  /** @param {SliderView} v */
  function describe(v) {
    const still = v.stills[v.at];
    slider.setAttribute("aria-valuemax", String(v.stills[v.stills.length - 1]?.epoch ?? 0));
    slider.setAttribute("aria-valuenow", String(still?.epoch ?? 0));
    const shares = still?.frame?.probabilities;
    slider.setAttribute(
      "aria-valuetext",
      still
        ? `${gettext("epoch {epoch}", { epoch: still.epoch })}${shares ? `, ${v.titles[2]} ${sharesOf(shares)(v.target)}` : ""}`
        : gettext("no checkpoint yet"),
    );
    fill(captions, h("span", {}, v.titles[0], h("br"), v.titles[1]), h("span", { class: "epoch-target" }));
    setText(/** @type {Element} */ (captions.lastElementChild), v.titles[2] ? `p(${v.titles[2]})` : "");
  }

  return {
    element,
    slider,
    /** @param {SliderView} next */
    update(next) {
      view = next;
      fill(numbers, epochNumbers(next));
      paintFrames(strip, slider, next);
      paintBars(bars, slider, next);
      describe(next);
    },
  };
}

/** @param {{stills: {epoch: number}[]}} view @param {number} epoch @returns {number} index of the still nearest to an epoch, −1 where there are none */
export function nearest({ stills }, epoch) {
  let best = -1;
  stills.forEach((still, i) => {
    if (best < 0 || Math.abs(still.epoch - epoch) < Math.abs(stills[best].epoch - epoch)) best = i;
  });
  return best;
}
