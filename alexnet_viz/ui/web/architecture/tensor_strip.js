/** The network to scale: every tensor of this photo seen from the side, the fully connected layers as the lines they are. */
import { isPlaced, sideView } from "./rows.js";
import { createScaleLegend } from "./scale_legend.js";
import { nameTensors } from "./tensor_names.js";
import { paintFlow, paintPicture, paintRibbon } from "./tensor_painting.js";
import { createTensorReadout } from "./tensor_readout.js";
import { createUnitLines } from "./unit_lines.js";
import { fill, h, sizeCanvas } from "../lib/dom.js";
import { number, shape } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPicture } from "../lib/picture.js";

/** @typedef {import("./rows.js").Row} Row */
/**
 * @typedef {{rows: Row[], input: number[], reference: {side: number, channels: number}, picture: Picture | null, photo: string, tensors: Map<string, Float32Array>,
 *   checkpoint: string | null, signed: Set<string>, activation: Uint32Array, diverging: Uint32Array, pointed: string, stale: boolean, key: string,
 *   covers: ReturnType<typeof import("./covers.js").createCovers>}} StripView
 * @typedef {import("./tensor_painting.js").Picture} Picture
 * @typedef {{canvas: HTMLCanvasElement, side: Float32Array, rows: number, columns: number}} Ribbon
 */

const GAP = 26; // CSS pixels between tensors, room for their labels
const LINE = 3; // CSS pixels, so that a row of units can be seen

/**
 * @param {{onPoint: (stage: string | null) => void, onSelect: (stage: string) => void}} actions
 */
export function createTensorStrip(actions) {
  const flow = h("canvas", { class: "scale-flow", "aria-hidden": "true" });
  const legend = createScaleLegend();
  const columns = h("div", { class: "scale-columns" });
  const lines = createUnitLines((row) => ({ onclick: () => actions.onSelect(row.stage), ...pointing(row) }));
  const readout = createTensorReadout();
  const drawing = h("div", { class: "scale-drawing" }, flow, columns, lines.element, readout.element);
  const element = h(
    "div",
    { class: "scale-network", role: "group", "aria-label": gettext("The network to scale") },
    legend.elements,
    h("div", { class: "scale-scroll" }, drawing),
  );
  /** @type {Map<string, Ribbon>} */
  let ribbons = new Map();
  let built = "";
  let painted = "";

  /** @param {StripView} view */
  function build(view) {
    ribbons = new Map();
    fill(
      columns,
      photoTensor(view.input),
      view.rows.filter(isPlaced).map((row) =>
        h(
          "button",
          {
            class: "tensor",
            type: "button",
            "data-stage": row.stage,
            onclick: () => actions.onSelect(row.stage),
            ...pointing(row),
            onfocus: () => actions.onPoint(row.stage),
            onblur: () => actions.onPoint(null),
          },
          h("canvas", { class: "ribbon", "aria-hidden": "true" }),
          h("span", { class: "tensor-label" }, h("b", {}, row.name), " ", h("span", { class: "tensor-shape" })),
        ),
      ),
    );
    lines.build(view.rows.filter((row) => !isPlaced(row) && row.stage !== "logits"));
  }

  /** @param {Row} row */
  function pointing(row) {
    return {
      onpointerenter: () => actions.onPoint(row.stage),
      onpointermove: (/** @type {PointerEvent} */ event) => readout.show(event, row, ribbons.get(row.stage), drawing),
      onpointerleave: () => {
        readout.hide();
        actions.onPoint(null);
      },
    };
  }

  /** @param {StripView} view @returns {number} CSS pixels per value, the same for every variant, so that they can be compared */
  function scaleOf(view) {
    return (
      (columns.clientWidth - GAP * view.rows.filter(isPlaced).length) / (view.reference.side + view.reference.channels)
    );
  }

  /** @param {StripView} view */
  function paint(view) {
    const scale = scaleOf(view);
    const photo = /** @type {HTMLCanvasElement} */ (columns.querySelector(".photo"));
    const [, height, width] = view.input;
    const { context } = sizeCanvas(photo, width * scale, height * scale);
    photo.style.marginTop = `${(view.reference.side - height) * scale}px`;
    photo.classList.toggle("waiting", !view.picture);
    if (view.picture) paintPicture(context, view.picture, photo.width, photo.height);
    photo.setAttribute(
      "aria-label",
      gettext("{photo} as the network sees it, {width} × {height} pixels", { photo: view.photo, width, height }),
    );
    ribbons = new Map();
    for (const row of view.rows) if (row.stage !== "logits") paintTensor(view, row, scale);
    paintFlow(
      flow,
      drawing.getBoundingClientRect(),
      [...columns.querySelectorAll("canvas")],
      getComputedStyle(element).getPropertyValue("--sunk"),
    );
    lines.update(view, scale);
  }

  /** @param {StripView} view @param {Row} row @param {number} scale */
  function paintTensor(view, row, scale) {
    const canvas = /** @type {HTMLCanvasElement} */ (drawing.querySelector(`[data-stage="${row.stage}"] canvas`));
    const [channels, height = 1] = row.layer.output_shape;
    const room = isPlaced(row)
      ? Infinity
      : /** @type {HTMLElement} */ (canvas.parentElement).clientWidth - canvas.offsetLeft;
    const shown = Math.min(channels, Math.floor(room / scale));
    const tall = isPlaced(row) ? height * scale : LINE;
    const { context } = sizeCanvas(canvas, Math.min(shown * scale, room), Math.max(2, tall));
    context.clearRect(0, 0, canvas.width, canvas.height);
    canvas.dataset.shown = String(shown);
    const values = view.tensors.get(row.tensor);
    canvas.classList.toggle("hollow", !values && view.checkpoint === null);
    canvas.classList.toggle("waiting", !values && view.checkpoint !== null);
    if (!values) return;
    const side = sideView(values, row.layer.output_shape);
    ribbons.set(row.stage, { canvas, side, rows: height, columns: channels });
    const high = paintRibbon(
      context,
      side,
      { rows: height, columns: channels, shown },
      view.signed.has(row.tensor),
      view,
    );
    canvas.dataset.high = number(high);
  }

  return {
    element,
    /** @param {StripView} view */
    update(view) {
      const next = view.rows.map((row) => row.stage + row.layer.output_shape).join() + view.input;
      if (next !== built) build(view);
      const key = [
        view.key,
        next,
        columns.clientWidth,
        window.innerWidth,
        window.devicePixelRatio,
        view.covers.signature,
      ].join();
      // On its way out the page has no width, and a scale without one is no number.
      if (columns.clientWidth > 0 && (key !== painted || next !== built)) {
        paint(view);
        nameTensors(view, drawing, ribbons);
        legend.update(view, scaleOf(view), GAP);
      }
      [built, painted] = [next, key];
      for (const holder of drawing.querySelectorAll("[data-stage]")) {
        const isOn = /** @type {HTMLElement} */ (holder).dataset.stage === view.pointed;
        holder.classList.toggle("on", isOn);
      }
      element.classList.toggle("stale", view.stale);
    },
  };
}

/** The photo, which is no button: nothing opens there. @param {number[]} input its shape */
function photoTensor(input) {
  const size = h("span", { class: "tensor-shape" }, shape(input));
  return h(
    "div",
    { class: "tensor" },
    createPicture({ class: "ribbon photo" }),
    h("div", { class: "tensor-label still" }, h("b", {}, gettext("photo")), size),
  );
}
