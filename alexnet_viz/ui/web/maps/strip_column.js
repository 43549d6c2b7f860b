/** A column of the strip: a block, or the photo, or the prediction; its faces, its bar code and its name. */
import { h, setText } from "../lib/dom.js";
import { groupTitle, shape, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { strongest } from "./ranking.js";
import { faceFor, facesOf, standIn } from "./strip_faces.js";
import { faceSide, paintBarcode, paintFace, paintPhoto } from "./strip_pictures.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./strip.js").StripView} StripView */
/** @typedef {{unit: number, perChannel: number}} Scale CSS pixels per step of the faces, relative to the smallest window, and per channel of a bar code */

const ICON_BARS = 5; // of the classes, where the strip is short

/** What stands under a face where the strip is short. @param {string} group */
function shortTitle(group) {
  return { input: gettext("photo"), fc1: "fc", logits: gettext("classes") }[group] ?? group.replace("block", "");
}

/** Bars that stand for units where the strip is short. @param {number} bars */
function icon(bars) {
  return h(
    "span",
    { class: "strip-icon", "aria-hidden": "true" },
    Array.from({ length: bars }, () => h("i", {})),
  );
}

/**
 * @param {string} group @param {string[]} names of its stages @param {Map<string, number[]>} shapes by stage
 * @param {(stage: string) => void} onOpen
 * @param {HTMLElement} numbersOrWhy stands under the prediction
 */
export function createStripColumn(group, names, shapes, onOpen, numbersOrWhy) {
  const faces = facesOf(names);
  const last = names[names.length - 1];
  const title = groupTitle(group);
  const first = faces[0] ?? last;
  return h(
    "div",
    { class: `strip-column ${group.startsWith("fc") ? "units" : group}`, "data-group": group },
    group === "logits"
      ? [h("div", { class: "prediction-bars" }), icon(ICON_BARS)]
      : h(
          "div",
          { class: "faces" },
          faces.map((name) =>
            h(
              "button",
              {
                class: "face",
                type: "button",
                "data-stage": name,
                "aria-label": `${name === "input" ? title : stageTitle(name)}, ${shape(shapes.get(name) ?? [3, 227, 227])}`,
                onclick: () => onOpen(name),
              },
              h("canvas", { "aria-hidden": "true" }),
            ),
          ),
        ),
    group === "logits" ? null : h("canvas", { class: "barcode", "aria-hidden": "true" }),
    group === "fc1" ? icon(ICON_BARS + 1) : null,
    h(
      "button",
      { class: "strip-label", type: "button", onclick: () => onOpen(group.startsWith("block") ? first : last) },
      h("span", { class: "strip-title" }, title),
      h("span", { class: "strip-short" }, shortTitle(group)),
      h("span", { class: "strip-shape" }),
    ),
    group === "logits" ? numbersOrWhy : null,
  );
}

/** The classes as bars, where the strip is short. @param {HTMLElement} column of the prediction @param {Float32Array} probabilities */
export function paintIcon(column, probabilities) {
  const top = strongest(probabilities, ICON_BARS);
  [...column.querySelectorAll(".strip-icon i")].forEach((bar, i) =>
    /** @type {HTMLElement} */ (bar).style.setProperty(
      "height",
      `${100 * Math.max(0.08, (probabilities[top[i]] || 0) / (probabilities[top[0]] || 1))}%`,
    ),
  );
}

/**
 * The pictures of a column that is not the prediction's.
 * @param {HTMLElement} column @param {string} group @param {string[]} names of its stages
 * @param {StripView} view @param {Map<string, Stage>} stages by name @param {Scale} scale
 */
export function paintColumn(column, group, names, view, stages, { unit, perChannel }) {
  const trace = /** @type {Trace} */ (view.trace);
  for (const face of column.querySelectorAll(".face")) {
    const name = /** @type {HTMLElement} */ (face).dataset.stage ?? "";
    const canvas = /** @type {HTMLCanvasElement} */ (face.querySelector("canvas"));
    if (name === "input") paintPhoto(canvas, trace, faceSide(trace.header.input.size, unit));
    else paintFace(canvas, view, /** @type {Stage} */ (stages.get(name)), unit);
  }
  const barcode = /** @type {HTMLCanvasElement} */ (column.querySelector(".barcode"));
  if (group === "input") barcode.hidden = true;
  else
    paintBarcode(barcode, view, /** @type {Stage} */ (stages.get(faceFor(names[0], facesOf(names)))), perChannel, unit);
  const last = names[names.length - 1];
  const size = trace.header.input.size;
  setText(
    /** @type {Element} */ (column.querySelector(".strip-shape")),
    shape(group === "input" ? [3, size, size] : (stages.get(last)?.shape ?? [])),
  );
}

/** @param {HTMLElement} column @param {boolean} open whether the open stage is of it @param {string} stage the open one @param {string[]} names of the column's stages */
export function markColumn(column, open, stage, names) {
  column.classList.toggle("open", open);
  for (const face of column.querySelectorAll(".face")) {
    const isOpen = open && /** @type {HTMLElement} */ (face).dataset.stage === faceFor(standIn(stage), facesOf(names));
    face.classList.toggle("open", isOpen);
    face.setAttribute("aria-current", isOpen ? "true" : "false");
  }
  column.querySelector(".strip-label")?.setAttribute("aria-current", open ? "true" : "false");
}
