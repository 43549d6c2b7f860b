/** The axis is the replay slider: epoch numbers, a film of one map and one probability, each under its epoch. */
import { mapCanvas } from "../lib/colour.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { sharesOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {{name: string, epoch: number, frame: import("./replay.js").Frame | null}} Still */
/**
 * @typedef {{stills: Still[], at: number, toPixels: (epoch: number) => number, toEpoch: (x: number) => number, span: () => [number, number],
 *   side: number[], bounds: import("../lib/colour.js").Bounds, table: Uint32Array, target: number, titles: [string, string, string]}} SliderView
 *   `at` is an index into the stills, −1 where there are none; `side` channels, rows and columns of the stage; `target` the class whose probability is drawn; `titles` block, channel, class.
 */

const BAR = 15;

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
  function drawNumbers(v) {
    const [from, to] = v.span();
    const room = v.toPixels(to) - v.toPixels(from);
    const every = [1, 2, 5, 10, 20, 50, 100, 500].find((n) => (room / (to - from)) * n >= 64) ?? 1000;
    const own = v.stills[v.at]?.epoch ?? null;
    const list = [];
    for (let epoch = Math.ceil(from / every - 1e-9) * every; epoch <= to + 1e-9; epoch += every) {
      const isHidden = own !== null && Math.abs(v.toPixels(epoch) - v.toPixels(own)) < 44;
      if (!isHidden) list.push(h("span", { style: `left:${v.toPixels(epoch).toFixed(1)}px` }, String(epoch)));
    }
    if (own !== null && own >= from - 1e-9 && own <= to + 1e-9)
      list.push(
        h(
          "span",
          { class: "marked", style: `left:${v.toPixels(own).toFixed(1)}px` },
          gettext("epoch {epoch}", { epoch: own }),
        ),
      );
    fill(numbers, list);
  }

  /** @returns {number} CSS pixels of a frame's side where there is room */
  function mostSide() {
    return parseFloat(getComputedStyle(slider).getPropertyValue("--frame")) || 24;
  }

  /** @param {SliderView} v @returns {number} CSS pixels of a frame's side */
  function frameSide(v) {
    const places = v.stills.map(({ epoch }) => v.toPixels(epoch));
    const steps = places.slice(1).map((x, i) => x - places[i]);
    return Math.max(4, Math.floor(Math.min(mostSide() + 1, ...steps)) - 1);
  }

  /** @param {SliderView} v */
  function drawFrames(v) {
    const width = slider.clientWidth;
    const { context, ratio } = sizeCanvas(strip, width, mostSide() + 4);
    context.clearRect(0, 0, strip.width, strip.height);
    const side = frameSide(v);
    const style = getComputedStyle(slider);
    v.stills.forEach(({ epoch, frame }, i) => {
      if (!isSeen(v, epoch)) return;
      const left = Math.round((v.toPixels(epoch) - side / 2) * ratio);
      const top = Math.round((2 + (mostSide() - side) / 2) * ratio);
      const pixels = Math.round(side * ratio);
      context.fillStyle = style.getPropertyValue(frame ? "--slide" : "--sunk");
      context.fillRect(left, top, pixels, pixels);
      if (frame) {
        context.imageSmoothingEnabled = true; // a map of 27 values in 24 pixels
        context.drawImage(
          mapCanvas(frame.map, { offset: 0, height: v.side[1], width: v.side[2] }, v.bounds, v.table),
          left,
          top,
          pixels,
          pixels,
        );
      }
      const isOn = i === v.at;
      context.strokeStyle = style.getPropertyValue(isOn ? "--marker" : "--line");
      context.lineWidth = (isOn ? 2 : 1) * ratio;
      const out = isOn ? 0 : 0.5 * ratio;
      context.strokeRect(left + out, top + out, pixels - 2 * out, pixels - 2 * out);
    });
  }

  /** @param {SliderView} v */
  function drawBars(v) {
    const width = slider.clientWidth;
    const { context, ratio } = sizeCanvas(bars, width, BAR);
    context.clearRect(0, 0, bars.width, bars.height);
    const side = frameSide(v);
    const style = getComputedStyle(slider);
    const seen = v.stills.filter(({ epoch }) => isSeen(v, epoch));
    v.stills.forEach(({ epoch, frame }, i) => {
      if (!isSeen(v, epoch)) return;
      const share = frame?.probabilities[v.target] ?? 0;
      const height = Math.max(1.5, share * (BAR - 1));
      context.fillStyle = style.getPropertyValue(i === v.at ? "--marker" : frame ? "--bar" : "--line");
      context.fillRect(
        (v.toPixels(epoch) - side / 2 + 1) * ratio,
        (BAR - 1 - height) * ratio,
        (side - 2) * ratio,
        height * ratio,
      );
    });
    context.fillStyle = style.getPropertyValue("--line-strong");
    if (seen.length)
      context.fillRect(
        (v.toPixels(seen[0].epoch) - side / 2) * ratio,
        bars.height - ratio,
        (v.toPixels(seen[seen.length - 1].epoch) - v.toPixels(seen[0].epoch) + side) * ratio,
        ratio,
      );
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
      drawNumbers(next);
      drawFrames(next);
      drawBars(next);
      describe(next);
    },
  };
}

/** @param {SliderView} v @param {number} epoch @returns {boolean} whether the axis reaches there: a zoom leaves epochs out */
function isSeen(v, epoch) {
  const [from, to] = v.span();
  return epoch >= from - 1e-6 && epoch <= to + 1e-6;
}

/** @param {{stills: {epoch: number}[]}} view @param {number} epoch @returns {number} index of the still nearest to an epoch, −1 where there are none */
export function nearest({ stills }, epoch) {
  let best = -1;
  stills.forEach((still, i) => {
    if (best < 0 || Math.abs(still.epoch - epoch) < Math.abs(stills[best].epoch - epoch)) best = i;
  });
  return best;
}
