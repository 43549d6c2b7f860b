/** The network strip: the drawing of AlexNet, the live picture of this photo, and the menu. */
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { groupOf, groupTitle, shape, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { strongest } from "./ranking.js";
import { answerOf } from "./answer.js";
import { groupStages } from "./stages.js";
import { createNumbersOrWhy, paintPrediction } from "./strip_prediction.js";
import { faceSide, paintBarcode, paintFace, paintPhoto } from "./strip_pictures.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {{trace: Trace | null, open: string, theme: "light" | "dark", activation: Uint32Array, signed: Uint32Array, stale: boolean, before?: Trace | null, asked?: number | null}} StripView `before`: the unaltered network's, where it is altered; `asked`: the class that Why asks about */

/** The stages of a block that have a face on the strip: what left the ReLU, and what left the pooling. @param {string[]} stages */
function facesOf(stages) {
  if (stages.length === 1) return stages;
  return stages.filter((name) => name.endsWith(".relu") || name.endsWith(".pool"));
}

const ICON_BARS = 5; // of the classes, where the strip is short

/** What stands under a face where the strip is short. @param {string} group */
function shortTitle(group) {
  return { input: gettext("photo"), fc1: "fc", logits: gettext("classes") }[group] ?? group.replace("block", "");
}

/** @param {string} stage The face that stands for an open stage. @param {string[]} faces @returns {string} */
function faceFor(stage, faces) {
  return faces.includes(stage) ? stage : faces[0];
}

/**
 * @param {(stage: string) => void} onOpen
 * @param {(target: number) => void} onAsk why this class
 * @param {(isHeld: boolean) => void} [onBefore] the strip is to show the unaltered network for as long as a button is held
 */
export function createStrip(onOpen, onAsk, onBefore = () => undefined) {
  const flow = h("canvas", { class: "strip-flow", "aria-hidden": "true" });
  const columns = h("div", { class: "strip-columns" });
  const release = () => onBefore(false);
  const hold = h(
    "button",
    {
      type: "button",
      onpointerdown: () => onBefore(true),
      onpointerup: release,
      onpointerleave: release,
      onpointercancel: release,
    },
    h("kbd", {}, "V"),
    gettext("hold for before"),
  );
  const altered = h("div", { class: "strip-altered", hidden: true }, h("b", {}, gettext("altered from here on")), hold);
  const hint = h(
    "p",
    { class: "strip-hint" },
    gettext("Above the line: space. One step down = half the side."),
    h("br"),
    gettext("Below the line: channels, strongest response of each."),
  );
  // What has the focus is wholly in view where the strip scrolls sideways.
  columns.addEventListener("focusin", (event) =>
    /** @type {Element} */ (event.target).scrollIntoView({ block: "nearest", inline: "nearest" }),
  );
  const element = h(
    "nav",
    { class: "strip", "aria-label": gettext("The network, from the photo to the prediction") },
    hint,
    h("div", { class: "strip-track" }, flow, columns, altered),
  );
  const answer = h("p", { class: "strip-answer" });
  element.append(answer);
  const numbersOrWhy = createNumbersOrWhy(() => onOpen("logits"), onAsk);
  /** @type {Map<string, HTMLElement>} */
  let built = new Map();
  let signature = "";
  let painted = "";
  const narrow = matchMedia("(max-width: 519.9px)");

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
          ? [
              h("div", { class: "prediction-bars" }),
              h(
                "span",
                { class: "strip-icon", "aria-hidden": "true" },
                Array.from({ length: ICON_BARS }, () => h("i", {})),
              ),
            ]
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
        group === "fc1"
          ? h(
              "span",
              { class: "strip-icon", "aria-hidden": "true" },
              Array.from({ length: ICON_BARS + 1 }, () => h("i", {})),
            )
          : null,
        h(
          "button",
          { class: "strip-label", type: "button", onclick: () => onOpen(group.startsWith("block") ? first : last) },
          h("span", { class: "strip-title" }, title),
          h("span", { class: "strip-short" }, shortTitle(group)),
          h("span", { class: "strip-shape" }),
        ),
        group === "logits" ? numbersOrWhy.element : null,
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
      if (group === "logits") {
        const top = strongest(trace.probabilities, ICON_BARS);
        [...column.querySelectorAll(".strip-icon i")].forEach((bar, i) =>
          /** @type {HTMLElement} */ (bar).style.setProperty(
            "height",
            `${100 * Math.max(0.08, (trace.probabilities[top[i]] || 0) / (trace.probabilities[top[0]] || 1))}%`,
          ),
        );
        continue;
      }
      for (const face of column.querySelectorAll(".face")) {
        const name = /** @type {HTMLElement} */ (face).dataset.stage ?? "";
        const canvas = /** @type {HTMLCanvasElement} */ (face.querySelector("canvas"));
        if (name === "input") paintPhoto(canvas, trace, faceSide(trace.header.input.size, unit));
        else paintFace(canvas, view, /** @type {Stage} */ (shapes.get(name)), unit);
      }
      const barcode = /** @type {HTMLCanvasElement} */ (column.querySelector(".barcode"));
      if (group === "input") barcode.hidden = true;
      else
        paintBarcode(
          barcode,
          view,
          /** @type {Stage} */ (shapes.get(faceFor(names[0], facesOf(names)))),
          perChannel,
          unit,
        );
      const last = names[names.length - 1];
      const size = trace.header.input.size;
      setText(
        /** @type {Element} */ (column.querySelector(".strip-shape")),
        shape(group === "input" ? [3, size, size] : (shapes.get(last)?.shape ?? [])),
      );
    }
    paintFlow(view);
  }

  /** The strip column from which on the network is altered. @param {StripView} view @returns {HTMLElement | null} */
  function alteredColumn({ trace, before }) {
    const first = before && Object.keys(trace?.header.altered?.change ?? {})[0];
    return (first && built.get(groupOf(first))) || null;
  }

  /** The quiet band behind the faces: how space shrinks from one to the next. */
  /** @param {StripView} view */
  function paintFlow(view) {
    const area = columns.getBoundingClientRect();
    const { context, ratio } = sizeCanvas(flow, area.width, area.height);
    context.clearRect(0, 0, flow.width, flow.height);
    const styles = getComputedStyle(element);
    const boxes = [...element.querySelectorAll(".face canvas")].map((canvas) => canvas.getBoundingClientRect());
    if (!boxes.length) return;
    const line = (boxes[0].bottom - area.top) * ratio;
    context.fillStyle = styles.getPropertyValue("--flow");
    for (let i = 0; i < boxes.length; i += 1) {
      const [left, right] = [
        (boxes[i].right - area.left) * ratio,
        ((boxes[i + 1]?.left ?? boxes[i].right + 120) - area.left) * ratio,
      ];
      context.beginPath();
      context.moveTo(left, (boxes[i].top - area.top) * ratio);
      context.lineTo(right, boxes[i + 1] ? (boxes[i + 1].top - area.top) * ratio : line - ratio);
      context.lineTo(right, line);
      context.lineTo(left, line);
      context.fill();
    }
    const prediction = built.get("logits")?.getBoundingClientRect();
    context.fillStyle = styles.getPropertyValue("--line-strong");
    const end =
      prediction && Math.abs(prediction.top - area.top) < area.height ? prediction.left - area.left : area.width;
    context.fillRect(
      (boxes[0].left - area.left) * ratio,
      Math.round(line),
      (end - (boxes[0].left - area.left)) * ratio,
      Math.max(1, Math.round(ratio)),
    );
    const column = alteredColumn(view);
    altered.hidden = column === null;
    if (!column) return;
    const from = column.getBoundingClientRect().left - area.left;
    context.strokeStyle = styles.getPropertyValue("--warn");
    context.lineWidth = 3 * ratio;
    context.setLineDash([9 * ratio, 4 * ratio]);
    context.beginPath();
    context.moveTo(from * ratio, Math.round(line) + ratio);
    context.lineTo(end * ratio, Math.round(line) + ratio);
    context.stroke();
    altered.style.left = `${Math.min(from, end - altered.offsetWidth - 24)}px`;
  }

  /** @param {StripView} view @param {Map<string, string[]>} groups */
  function markOpen(view, groups) {
    for (const [group, column] of built) {
      const open = group === groupOf(view.open);
      column.classList.toggle("open", open);
      const names = groups.get(group) ?? [];
      for (const face of column.querySelectorAll(".face")) {
        const isOpen =
          open && /** @type {HTMLElement} */ (face).dataset.stage === faceFor(standIn(view.open), facesOf(names));
        face.classList.toggle("open", isOpen);
        face.setAttribute("aria-current", isOpen ? "true" : "false");
      }
      column.querySelector(".strip-label")?.setAttribute("aria-current", open ? "true" : "false");
    }
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
      const isShort =
        element.closest(".presenter") !== null || (narrow.matches && element.closest(".is-pupil") !== null);
      element.classList.toggle("short", isShort);
      const { photo, checkpoint, input } = view.trace.header;
      const key = [
        photo.id,
        checkpoint.digest,
        view.trace.header.altered?.changes,
        input.resize,
        view.theme,
        isShort,
        element.clientWidth,
        window.devicePixelRatio,
        next,
      ].join();
      if (key !== painted) {
        paint(view, groups);
        fill(answer, ...answerOf(view.trace));
        const last = built.get("logits");
        const [bars, label] = [last?.querySelector(".prediction-bars"), last?.querySelector(".strip-shape")];
        if (bars && label) paintPrediction(bars, label, view.trace, view.before ?? null, onAsk);
      }
      painted = key;
      numbersOrWhy.update(built.get("logits"), view);
      markOpen(view, groups);
      element.classList.toggle("stale", view.stale);
      hint.hidden = altered.offsetLeft > hint.offsetWidth / 2;
    },
    /** Why the predicted class. */
    ask: numbersOrWhy.ask,
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
