/** Cover by hand: a brush over the photo; the prediction follows, at most ten times a second. */
import { dumbbells } from "../charts/dumbbells.js";
import { fill, h, setText } from "../lib/dom.js";
import { percent, percents } from "../lib/format.js";
import { gettext, gettextNodes, ngettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { getCovered } from "../server/explanations.js";
import { coveredShare, FILLS, layer } from "./cover_picture.js";
import { seenCanvas } from "../maps/network_input.js";

/** @typedef {import("./cover_picture.js").Stroke} Stroke */
/** @typedef {import("../server/api.js").Trace} Trace */

const TITLES = /** @type {Record<string, string>} */ ({
  "mean colour": gettext("mean colour"),
  blur: gettext("blur"),
  noise: gettext("noise"),
});
const SIZES = ["14", "24", "44", "64", "90"];
const STEP = 4; // pixels that an arrow key moves the brush
const LEAST_MS = 100; // between two questions: ten a second

/** @param {{say: (error: unknown) => void}} actions */
export function createCoverPanel({ say }) {
  const picture = h("canvas", {
    class: "why-cover",
    tabindex: "0",
    role: "application",
    "aria-label": gettext("The photo, to be covered: arrow keys move the brush, Space covers"),
  });
  const ring = h("div", { class: "why-ring", "aria-hidden": "true", hidden: true });
  const withPick = createPick(gettext("with"), (value) => void (filling = value));
  const sizePick = createPick(gettext("brush"), (value) => void ((size = Number(value)), drawRing()));
  const undoButton = h("button", { type: "button", class: "link", onclick: () => undo() }, gettext("Undo"));
  const clearButton = h("button", { type: "button", class: "link", onclick: () => clear() }, gettext("Clear"));
  const words = h("p", { class: "why-readout", role: "status" });
  const rows = h("div", {});
  const end = (/** @type {string} */ kind) => h("span", { class: `dumbbell-end ${kind}`, "aria-hidden": "true" });
  const element = h(
    "section",
    { "aria-label": gettext("Cover by hand") },
    h(
      "div",
      { class: "title-row why-head" },
      h("h3", {}, gettext("Cover by hand")),
      h("div", { class: "row" }, withPick.element, sizePick.element, undoButton, clearButton),
    ),
    h(
      "div",
      { class: "why-hand" },
      h("div", { class: "why-frame" }, picture, ring),
      h(
        "div",
        {},
        h(
          "div",
          { class: "title-row" },
          h("h3", {}, gettext("Prediction")),
          h(
            "span",
            { class: "note dumbbell-legend" },
            end("ring"),
            `${gettext("whole")} `,
            end("disc"),
            gettext("covered"),
          ),
        ),
        rows,
      ),
    ),
    words,
  );
  let filling = FILLS[0];
  let size = 44;
  /** @type {Stroke[]} */
  let strokes = [];
  /** @type {Trace | null} */
  let trace = null;
  /** @type {import("../server/api.js").Subject | null} */
  let subject = null;
  let target = 0;
  /** @type {ArrayLike<number>} */
  let covered = [];
  let at = { x: 113, y: 113 };
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
    drawRing();
  }

  function drawRing() {
    const side = trace?.header.input.size ?? 227;
    for (const [name, value] of Object.entries({
      left: at.x - size / 2,
      top: at.y - size / 2,
      width: size,
      height: size,
    }))
      ring.style.setProperty(name, `${(100 * value) / side}%`);
  }

  function drawRows() {
    if (!trace) return;
    const { probabilities } = trace;
    const { classes } = trace.header.checkpoint;
    const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
    const shown = [...new Set([target, ...order])].slice(0, 10).sort((a, b) => order.indexOf(a) - order.indexOf(b));
    const now = covered.length ? covered : probabilities;
    if (!Array.from(now).every(Number.isFinite))
      return void (fill(words), fill(rows, h("p", { class: "no-answer" }, gettext("The outputs are not numbers."))));
    const pairs = shown.map((k) => ({
      name: classes[k],
      first: probabilities[k],
      second: now[k],
      isBest: k === target,
    }));
    fill(rows, dumbbells(pairs, [gettext("whole"), gettext("covered")]));
    const [before, after] = percents([probabilities[target], now[target]]);
    if (!strokes.length)
      return setText(words, gettext("Draw on the photo, or move the brush with the arrow keys and cover with Space."));
    const told = ngettext(
      "{strokes} stroke covers {share}; {target} {before} → {after}",
      "{strokes} strokes cover {share}; {target} {before} → {after}",
      strokes.length,
    );
    fill(
      words,
      gettextNodes(told, {
        strokes: strokes.length,
        share: h("b", {}, percent(coveredShare(strokes, trace))),
        target: classes[target],
        before,
        after: h("b", {}, after),
      }),
    );
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
        ? (await getCovered(subject, pixels())).probabilities.map((share) => share ?? NaN)
        : own.probabilities;
      if (own === trace) covered = answer;
    } catch (error) {
      say(error);
    }
    if (own === trace) drawRows();
    timer = setTimeout(() => ((isAsking = false), isWanted && void ask()), Math.max(0, next - performance.now()));
  }

  function pixels() {
    const side = picture.width;
    const data = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d")).getImageData(0, 0, side, side).data;
    const rgb = new Uint8Array(3 * side * side);
    for (let i = 0; i < side * side; i += 1) rgb.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
    return rgb;
  }

  function undo() {
    strokes = strokes.slice(0, -1);
    changed();
  }

  function clear() {
    strokes = [];
    changed();
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

  function begin() {
    strokes = [...strokes, { points: [[at.x, at.y]], size, fill: filling }];
    changed();
  }
  picture.addEventListener("pointerdown", (event) => {
    picture.setPointerCapture(event.pointerId);
    place(event);
    begin();
  });
  picture.addEventListener("pointermove", (event) => {
    place(event);
    if (!event.buttons || !strokes.length) return;
    strokes[strokes.length - 1].points.push([at.x, at.y]);
    changed();
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
    else if (event.key === " ") event.repeat || begin();
    else return;
    event.preventDefault();
    drawRing();
  });

  return {
    element,
    undo,
    focus: () => picture.focus(),
    picture: () => picture,
    /** @param {Trace} next @param {import("../server/api.js").Subject} of @param {number} asked */
    update(next, of, asked) {
      withPick.update(
        FILLS.map((value) => ({ value, title: TITLES[value] })),
        filling,
      );
      sizePick.update(
        SIZES.map((value) => ({ value, title: gettext("{side} px", { side: value }) })),
        String(size),
      );
      const isOther = next !== trace;
      [trace, subject, target] = [next, of, asked];
      if (isOther) [strokes, covered] = [[], []];
      if (isOther) draw();
      drawRows();
    },
    destroy: () => clearTimeout(timer),
  };
}
