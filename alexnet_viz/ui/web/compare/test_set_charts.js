/** Small pictures of the test-set view: confusion matrices and the reliability diagram. */
import { mapCanvas } from "../lib/colour.js";
import { h, sizeCanvas } from "../lib/dom.js";
import { count, number } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./jobs.js").Scores} Scores */
/** @typedef {import("../lib/colour.js").Bounds} Bounds */

const MOST_NAMES = 12; // rows of more classes are too low for words

/**
 * A confusion matrix as large as there is room: rows are the true classes, columns the answers. Each cell says its number.
 * @param {number[][]} matrix @param {string[]} classes @param {Bounds} bounds @param {Uint32Array} table @param {string} name "A", "B", "B − A"
 * @returns {HTMLElement}
 */
export function confusion(matrix, classes, bounds, table, name) {
  const canvas = mapCanvas(
    Float32Array.from(matrix.flat()),
    { offset: 0, height: matrix.length, width: matrix.length },
    bounds,
    table,
  );
  canvas.setAttribute("aria-hidden", "true");
  const readout = h("p", { class: "note", "aria-live": "polite" }, "\u00a0");
  const at = (/** @type {PointerEvent} */ event) => {
    const area = canvas.getBoundingClientRect();
    const cell = (/** @type {number} */ share) =>
      Math.max(0, Math.min(matrix.length - 1, Math.floor(share * matrix.length)));
    const [row, column] = [
      cell((event.clientY - area.top) / area.height),
      cell((event.clientX - area.left) / area.width),
    ];
    readout.textContent = gettext("{label} called {answer}: {n}", {
      label: classes[row],
      answer: classes[column],
      n: count(matrix[row][column]),
    });
  };
  canvas.addEventListener("pointermove", at);
  canvas.addEventListener("pointerleave", () => (readout.textContent = "\u00a0"));
  const words = h(
    "table",
    { class: "unseen" },
    h(
      "caption",
      {},
      gettext("Confusion matrix of {name}: a row for each true class, a column for each answer", { name }),
    ),
    matrix.map((row, i) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, classes[i]),
        row.map((value) => h("td", {}, count(value))),
      ),
    ),
  );
  const names =
    classes.length > MOST_NAMES
      ? null
      : h(
          "div",
          { class: "confusion-names", "aria-hidden": "true" },
          classes.map((each) => h("span", {}, each)),
        );
  return h("div", { class: "confusion" }, h("div", { class: "confusion-cells" }, names, canvas), readout, words);
}

/** @param {number[][]} first @param {number[][]} second @returns {number} the largest number of any of both */
export function largestOf(first, second) {
  return Math.max(1, ...first.flat(), ...second.flat());
}

/**
 * How often answers of a given probability are right; on the diagonal the probabilities mean what they say.
 * @param {Scores} a @param {Scores} b @param {number} width @param {number} height CSS pixels
 * @returns {HTMLElement}
 */
export function reliability(a, b, width, height) {
  const canvas = h("canvas", {
    role: "img",
    "aria-label": gettext("Reliability diagram. Expected calibration error of A {a}, of B {b}", {
      a: number(a.ece),
      b: number(b.ece),
    }),
  });
  requestAnimationFrame(() => paintReliability(canvas, a, b, width, height));
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {Scores} a @param {Scores} b @param {number} width @param {number} height */
function paintReliability(canvas, a, b, width, height) {
  const { context, ratio } = sizeCanvas(canvas, width, height);
  const styles = getComputedStyle(canvas);
  const [left, bottom, top, right] = [34, 22, 6, 8].map((value) => value * ratio);
  const x = (/** @type {number} */ share) => left + share * (canvas.width - left - right);
  const y = (/** @type {number} */ share) => canvas.height - bottom - share * (canvas.height - bottom - top);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.font = `${12 * ratio}px ${styles.fontFamily}`;
  context.fillStyle = styles.getPropertyValue("--ink-3");
  context.strokeStyle = styles.getPropertyValue("--line");
  context.lineWidth = ratio;
  for (const tick of [0, 0.25, 0.5, 0.75, 1]) {
    context.beginPath();
    context.moveTo(x(0), y(tick));
    context.lineTo(x(1), y(tick));
    context.stroke();
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(String(tick * 100), left - 6 * ratio, y(tick));
    context.textAlign = tick === 1 ? "right" : "center";
    context.textBaseline = "top";
    context.fillText(tick === 1 ? "100 %" : String(tick * 100), tick === 1 ? x(1) + right : x(tick), y(0) + 6 * ratio);
  }
  context.strokeStyle = styles.getPropertyValue("--line-strong");
  context.setLineDash([3 * ratio, 3 * ratio]);
  context.beginPath();
  context.moveTo(x(0), y(0));
  context.lineTo(x(1), y(1));
  context.stroke();
  context.setLineDash([]);
  for (const [scores, isRing] of /** @type {[Scores, boolean][]} */ ([
    [a, true],
    [b, false],
  ]))
    curve(context, scores, isRing, x, y, ratio, styles);
}

/**
 * @param {CanvasRenderingContext2D} context @param {Scores} scores @param {boolean} isRing A @param {(share: number) => number} x @param {(share: number) => number} y
 * @param {number} ratio @param {CSSStyleDeclaration} styles
 */
function curve(context, scores, isRing, x, y, ratio, styles) {
  const bins = scores.calibration.filter((bin) => bin.confidence !== null && bin.accuracy !== null);
  const at = bins.map((bin) => /** @type {const} */ ([x(bin.confidence ?? 0), y(bin.accuracy ?? 0)]));
  context.strokeStyle = styles.getPropertyValue("--ink");
  context.lineWidth = 1.6 * ratio;
  context.setLineDash(isRing ? [5 * ratio, 3 * ratio] : []);
  context.beginPath();
  at.forEach(([px, py], i) => (i ? context.lineTo(px, py) : context.moveTo(px, py)));
  context.stroke();
  context.setLineDash([]);
  for (const [px, py] of at) {
    context.beginPath();
    context.arc(px, py, 4 * ratio, 0, 7);
    context.fillStyle = styles.getPropertyValue(isRing ? "--page" : "--ink");
    context.fill();
    context.stroke();
  }
}
