/** What lies along the epochs of a replay: their numbers, a map each, one class's probability each. */
import { mapCanvas } from "../lib/colour.js";
import { h, sizeCanvas } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./epoch_slider.js").SliderView} SliderView */

const BAR = 15; // CSS pixels, the height of a probability of 1 and its line below

/** The numbers along the axis, none beside the epoch on the screen. @param {SliderView} v @returns {HTMLElement[]} */
export function epochNumbers(v) {
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
  return list;
}

/** @param {HTMLElement} slider @returns {number} CSS pixels of a frame's side where there is room */
function mostSide(slider) {
  return parseFloat(getComputedStyle(slider).getPropertyValue("--frame")) || 24;
}

/** @param {SliderView} v @param {number} most @returns {number} CSS pixels of a frame's side: as much as the epochs leave room for, from 4 on */
function frameSide(v, most) {
  const places = v.stills.map(({ epoch }) => v.toPixels(epoch));
  const steps = places.slice(1).map((x, i) => x - places[i]);
  return Math.max(4, Math.floor(Math.min(most + 1, ...steps)) - 1);
}

/** A map of each epoch. @param {HTMLCanvasElement} strip @param {HTMLElement} slider @param {SliderView} v */
export function paintFrames(strip, slider, v) {
  const most = mostSide(slider);
  const { context, ratio } = sizeCanvas(strip, slider.clientWidth, most + 4);
  context.clearRect(0, 0, strip.width, strip.height);
  const side = frameSide(v, most);
  const style = getComputedStyle(slider);
  v.stills.forEach(({ epoch, frame }, i) => {
    if (!isOnAxis(v, epoch)) return;
    const left = Math.round((v.toPixels(epoch) - side / 2) * ratio);
    const top = Math.round((2 + (most - side) / 2) * ratio);
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

/** One class's probability at each epoch. @param {HTMLCanvasElement} bars @param {HTMLElement} slider @param {SliderView} v */
export function paintBars(bars, slider, v) {
  const { context, ratio } = sizeCanvas(bars, slider.clientWidth, BAR);
  context.clearRect(0, 0, bars.width, bars.height);
  const side = frameSide(v, mostSide(slider));
  const style = getComputedStyle(slider);
  const visible = v.stills.filter(({ epoch }) => isOnAxis(v, epoch));
  v.stills.forEach(({ epoch, frame }, i) => {
    if (!isOnAxis(v, epoch)) return;
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
  if (visible.length)
    context.fillRect(
      (v.toPixels(visible[0].epoch) - side / 2) * ratio,
      bars.height - ratio,
      (v.toPixels(visible[visible.length - 1].epoch) - v.toPixels(visible[0].epoch) + side) * ratio,
      ratio,
    );
}

/** @param {SliderView} v @param {number} epoch @returns {boolean} whether the axis reaches there: a zoom leaves epochs out */
function isOnAxis(v, epoch) {
  const [from, to] = v.span();
  return epoch >= from - 1e-6 && epoch <= to + 1e-6;
}
