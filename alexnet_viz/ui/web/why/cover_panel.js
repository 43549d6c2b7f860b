/** Cover by hand: a brush over the photo; the prediction follows, at most ten times a second. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { getCovered } from "../server/explanations.js";
import { createBrush } from "./brush.js";
import { FILLS, layer } from "./cover_picture.js";
import { createCoverPrediction } from "./cover_prediction.js";
import { seenCanvas } from "../maps/network_input.js";

/** @typedef {import("./cover_picture.js").Stroke} Stroke */
/** @typedef {import("../server/api.js").Trace} Trace */

const TITLES = /** @type {Record<string, string>} */ ({
  "mean colour": gettext("mean colour"),
  blur: gettext("blur"),
  noise: gettext("noise"),
});
const SIZES = ["14", "24", "44", "64", "90"];
const LEAST_MS = 100; // between two questions: ten a second

/** @param {{say: (error: unknown) => void}} actions */
export function createCoverPanel({ say }) {
  const picture = h("canvas", {
    class: "why-cover",
    tabindex: "0",
    role: "application",
    "aria-label": gettext("The photo, to be covered: arrow keys move the brush, Space covers"),
  });
  const brush = createBrush(picture, {
    side: () => trace?.header.input.size ?? 227,
    begin,
    draw: extend,
  });
  const withPick = createPick(gettext("with"), (value) => void (filling = value));
  const sizePick = createPick(gettext("brush"), (value) => brush.resize(Number(value)));
  const undoButton = h("button", { type: "button", class: "link", onclick: () => undo() }, gettext("Undo"));
  const clearButton = h("button", { type: "button", class: "link", onclick: () => clear() }, gettext("Clear"));
  const prediction = createCoverPrediction();
  const element = h(
    "section",
    { "aria-label": gettext("Cover by hand") },
    h(
      "div",
      { class: "title-row why-head" },
      h("h3", {}, gettext("Cover by hand")),
      h("div", { class: "row" }, withPick.element, sizePick.element, undoButton, clearButton),
    ),
    h("div", { class: "why-hand" }, h("div", { class: "why-frame" }, picture, brush.ring), prediction.element),
    prediction.words,
  );
  let filling = FILLS[0];
  /** @type {Stroke[]} */
  let strokes = [];
  /** @type {Trace | null} */
  let trace = null;
  /** @type {import("../server/api.js").Subject | null} */
  let subject = null;
  let target = 0;
  /** @type {ArrayLike<number>} */
  let covered = [];
  let isAsking = false;
  let isWanted = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function draw() {
    if (!trace) return;
    const side = trace.header.input.size;
    [picture.width, picture.height] = [side, side];
    const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d", { willReadFrequently: true }));
    context.drawImage(seenCanvas(trace), 0, 0);
    for (const kind of FILLS)
      if (strokes.some((stroke) => stroke.fill === kind)) context.drawImage(layer(strokes, kind, trace), 0, 0);
    undoButton.disabled = clearButton.disabled = !strokes.length;
    brush.update();
  }

  function drawPrediction() {
    if (trace) prediction.update(trace, target, strokes, covered);
  }

  function changed() {
    draw();
    isWanted = true;
    if (!isAsking) void ask();
  }

  async function ask() {
    const own = trace;
    if (!own || !subject) return;
    [isAsking, isWanted] = [true, false];
    const next = performance.now() + LEAST_MS;
    try {
      const answer = strokes.length
        ? (await getCovered(subject, pixelsOf(picture))).probabilities.map((share) => share ?? NaN)
        : own.probabilities;
      if (own === trace) covered = answer;
    } catch (error) {
      say(error);
    }
    if (own === trace) drawPrediction();
    timer = setTimeout(() => ((isAsking = false), isWanted && void ask()), Math.max(0, next - performance.now()));
  }

  function undo() {
    strokes = strokes.slice(0, -1);
    changed();
  }

  function clear() {
    strokes = [];
    changed();
  }

  /** @param {[number, number]} point */
  function begin(point) {
    strokes = [...strokes, { points: [point], size: brush.size, fill: filling }];
    changed();
  }

  /** @param {[number, number]} point */
  function extend(point) {
    if (!strokes.length) return;
    strokes[strokes.length - 1].points.push(point);
    changed();
  }

  return {
    element,
    undo,
    focus: () => picture.focus(),
    picture: () => picture,
    /** @param {Trace} next @param {import("../server/api.js").Subject} of @param {number} nextTarget */
    update(next, of, nextTarget) {
      withPick.update(
        FILLS.map((value) => ({ value, title: TITLES[value] })),
        filling,
      );
      sizePick.update(
        SIZES.map((value) => ({ value, title: gettext("{side} px", { side: value }) })),
        String(brush.size),
      );
      const isOther = next !== trace;
      [trace, subject, target] = [next, of, nextTarget];
      if (isOther) [strokes, covered] = [[], []];
      if (isOther) draw();
      drawPrediction();
    },
    destroy() {
      clearTimeout(timer);
      trace = null; // a question that is still on its way is followed by no other
    },
  };
}

/** @param {HTMLCanvasElement} picture square @returns {Uint8Array<ArrayBuffer>} its red, green and blue, (side, side, 3) */
function pixelsOf(picture) {
  const side = picture.width;
  const data = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d")).getImageData(0, 0, side, side).data;
  const rgb = new Uint8Array(3 * side * side);
  for (let i = 0; i < side * side; i += 1) rgb.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return rgb;
}
