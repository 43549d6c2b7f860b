/** The network strip: the drawing of AlexNet, the live picture of this photo, and the menu. */
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { groupOf, groupTitle, shape, stageTitle, topPercents } from "../lib/format.js";
import { strongest } from "./ranking.js";
import { groupStages } from "./stages.js";
import { faceSide, paintBarcode, paintFace, paintPhoto } from "./strip_pictures.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {{trace: Trace | null, open: string, theme: "light" | "dark", activation: Uint32Array, signed: Uint32Array, stale: boolean}} StripView */

/** The stages of a block that have a face on the strip: what left the ReLU, and what left the pooling. @param {string[]} stages */
function facesOf(stages) {
  if (stages.length === 1) return stages;
  return stages.filter((name) => name.endsWith(".relu") || name.endsWith(".pool"));
}

/** @param {string} stage The face that stands for an open stage. @param {string[]} faces @returns {string} */
function faceFor(stage, faces) {
  return faces.includes(stage) ? stage : faces[0];
}

/**
 * @param {(stage: string) => void} onOpen
 */
export function createStrip(onOpen) {
  const flow = h("canvas", { class: "strip-flow", "aria-hidden": "true" });
  const columns = h("div", { class: "strip-columns" });
  const hint = h("p", { class: "strip-hint" }, "Above the line: space. One step down = half the side.", h("br"), "Below the line: channels, strongest response of each.");
  // What has the focus is wholly in view where the strip scrolls sideways.
  columns.addEventListener("focusin", (event) => /** @type {Element} */ (event.target).scrollIntoView({ block: "nearest", inline: "nearest" }));
  const element = h("nav", { class: "strip", "aria-label": "The network, from the photo to the prediction" }, hint, h("div", { class: "strip-track" }, flow, columns));
  /** @type {Map<string, HTMLElement>} */
  let built = new Map();
  let signature = "";
  let painted = "";

  /** @param {Map<string, string[]>} groups @param {readonly Stage[]} stages */
  function build(groups, stages) {
    built = new Map();
    const shapes = new Map(stages.map((stage) => [stage.name, stage.shape]));
    for (const [group, names] of groups) {
      const faces = facesOf(names);
      const last = names[names.length - 1];
      const title = groupTitle(group);
      const first = faces[0] ?? last;
      const column = h(
        "div",
        { class: `strip-column ${group.startsWith("fc") ? "units" : group}`, "data-group": group },
        group === "logits"
          ? h("div", { class: "prediction-bars" })
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
                    "aria-label": `${name === "input" ? "Photo" : stageTitle(name)}, ${shape(shapes.get(name) ?? [3, 227, 227])}`,
                    onclick: () => onOpen(name),
                  },
                  h("canvas", { "aria-hidden": "true" }),
                ),
              ),
            ),
        group === "logits" ? null : h("canvas", { class: "barcode", "aria-hidden": "true" }),
        h(
          "button",
          { class: "strip-label", type: "button", onclick: () => onOpen(group.startsWith("block") ? first : last) },
          h("span", { class: "strip-title" }, title),
          h("span", { class: "strip-shape" }),
        ),
      );
      built.set(group, column);
    }
    fill(columns, [...built.values()]);
  }

  /** @param {StripView} view @param {Map<string, string[]>} groups */
  function paint(view, groups) {
    const trace = /** @type {Trace} */ (view.trace);
    const unit = parseFloat(getComputedStyle(element).getPropertyValue("--strip-unit")) || 1;
    const perChannel = parseFloat(getComputedStyle(element).getPropertyValue("--strip-channel")) || 0.3075;
    const shapes = new Map(trace.header.stages.map((stage) => [stage.name, stage]));
    for (const [group, names] of groups) {
      const column = /** @type {HTMLElement} */ (built.get(group));
      if (group === "logits") continue;
      for (const face of column.querySelectorAll(".face")) {
        const name = /** @type {HTMLElement} */ (face).dataset.stage ?? "";
        const canvas = /** @type {HTMLCanvasElement} */ (face.querySelector("canvas"));
        if (name === "input") paintPhoto(canvas, trace, faceSide(trace.header.input.size, unit));
        else paintFace(canvas, view, /** @type {Stage} */ (shapes.get(name)), unit);
      }
      const barcode = /** @type {HTMLCanvasElement} */ (column.querySelector(".barcode"));
      if (group === "input") barcode.hidden = true;
      else paintBarcode(barcode, view, /** @type {Stage} */ (shapes.get(faceFor(names[0], facesOf(names)))), perChannel, unit);
      const last = names[names.length - 1];
      const size = trace.header.input.size;
      setText(/** @type {Element} */ (column.querySelector(".strip-shape")), shape(group === "input" ? [3, size, size] : (shapes.get(last)?.shape ?? [])));
    }
    paintFlow();
  }

  /** The quiet band behind the faces: how space shrinks from one to the next. */
  function paintFlow() {
    const area = columns.getBoundingClientRect();
    const { context, ratio } = sizeCanvas(flow, area.width, area.height);
    context.clearRect(0, 0, flow.width, flow.height);
    const styles = getComputedStyle(element);
    const boxes = [...element.querySelectorAll(".face canvas")].map((canvas) => canvas.getBoundingClientRect());
    if (!boxes.length) return;
    const line = (boxes[0].bottom - area.top) * ratio;
    context.fillStyle = styles.getPropertyValue("--flow");
    for (let i = 0; i < boxes.length; i += 1) {
      const [left, right] = [(boxes[i].right - area.left) * ratio, ((boxes[i + 1]?.left ?? boxes[i].right + 120) - area.left) * ratio];
      context.beginPath();
      context.moveTo(left, (boxes[i].top - area.top) * ratio);
      context.lineTo(right, boxes[i + 1] ? (boxes[i + 1].top - area.top) * ratio : line - ratio);
      context.lineTo(right, line);
      context.lineTo(left, line);
      context.fill();
    }
    const prediction = built.get("logits")?.getBoundingClientRect();
    context.fillStyle = styles.getPropertyValue("--line-strong");
    const end = prediction && Math.abs(prediction.top - area.top) < area.height ? prediction.left - area.left : area.width;
    context.fillRect((boxes[0].left - area.left) * ratio, Math.round(line), (end - (boxes[0].left - area.left)) * ratio, Math.max(1, Math.round(ratio)));
  }

  /** @param {StripView} view */
  function paintPrediction(view) {
    const bars = built.get("logits")?.querySelector(".prediction-bars");
    const trace = view.trace;
    if (!bars || !trace) return;
    const { classes, trained } = trace.header.checkpoint;
    const room = Math.max(3, Math.floor((bars.clientHeight - 14) / 20));
    const answers = trace.header.has_answer;
    const top = answers ? strongest(trace.probabilities, Math.min(room, classes.length)) : [];
    const shares = topPercents(top.map((index) => trace.probabilities[index]), trace.probabilities.length);
    bars.classList.toggle("long", top.some((index) => classes[index].length > 11));
    fill(
      bars,
      answers ? null : h("p", { class: "no-answer" }, "The outputs are not numbers."),
      top.map((index, place) =>
        h(
          "div",
          { class: place === 0 ? "bar first" : "bar" },
          h("span", { class: "bar-name", title: classes[index] }, classes[index]),
          h("span", { class: "bar-track" }, h("span", { class: "bar-fill", style: `width:${trace.probabilities[index] * 100}%` })),
          h("span", { class: "bar-value" }, shares[place]),
        ),
      ),
    );
    const label = /** @type {Element} */ (built.get("logits")?.querySelector(".strip-shape"));
    const words = trained ? `top ${top.length} of ${classes.length} classes` : "not trained: answers are chance";
    setText(label, answers ? words : "no answer");
    label.classList.toggle("warned", !trained || !answers);
    label.setAttribute("title", trained || !answers ? "" : "This checkpoint has not been trained: its answers are chance.");
  }

  return {
    element,
    /** @param {StripView} view */
    update(view) {
      if (!view.trace) return;
      const stages = view.trace.header.stages;
      const groups = groupStages(stages);
      const next = stages.map((stage) => stage.name + stage.shape).join();
      if (next !== signature) build(groups, stages);
      signature = next;
      const { photo, checkpoint, input } = view.trace.header;
      const key = [photo.id, checkpoint.digest, input.resize, view.theme, element.clientWidth, window.devicePixelRatio, next].join();
      if (key !== painted) {
        paint(view, groups);
        paintPrediction(view);
      }
      painted = key;
      for (const [group, column] of built) {
        const open = group === groupOf(view.open);
        column.classList.toggle("open", open);
        const names = groups.get(group) ?? [];
        for (const face of column.querySelectorAll(".face")) {
          const isOpen = open && /** @type {HTMLElement} */ (face).dataset.stage === faceFor(standIn(view.open), facesOf(names));
          face.classList.toggle("open", isOpen);
          face.setAttribute("aria-current", isOpen ? "true" : "false");
        }
        column.querySelector(".strip-label")?.setAttribute("aria-current", open ? "true" : "false");
      }
      element.classList.toggle("stale", view.stale);
    },
    /** Bring the open column into view where the strip scrolls sideways. */
    reveal() {
      for (const column of built.values()) {
        if (column.classList.contains("open")) column.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    },
  };
}

/** Convolution and LRN share the face of the ReLU: same size, same block. @param {string} stage */
function standIn(stage) {
  return stage.replace(/\.(conv|norm)$/, ".relu");
}
