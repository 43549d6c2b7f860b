/** The network to scale: every tensor of this photo seen from the side, the fully connected layers as the lines they are. */
import { isPlaced, scaleWords, sideView } from "./rows.js";
import { paintFlow, paintPicture, paintRibbon } from "./tensor_painting.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { fixed, number, shape } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { legendBar } from "../maps/legend.js";

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
export function createScale(actions) {
  const flow = h("canvas", { class: "scale-flow", "aria-hidden": "true" });
  const sentence = h("p", { class: "sentence scale-sentence" });
  const legend = h("div", { class: "scale-legend" });
  const columns = h("div", { class: "scale-columns" });
  const lines = h("div", { class: "scale-lines" });
  const readout = h("div", { class: "readout", hidden: true });
  const drawing = h("div", { class: "scale-drawing" }, flow, columns, lines, readout);
  const element = h(
    "div",
    { class: "scale-network", role: "group", "aria-label": gettext("The network to scale") },
    sentence,
    legend,
    h("div", { class: "scale-scroll" }, drawing),
  );
  /** @type {Map<string, Ribbon>} */
  let ribbons = new Map();
  let built = "";
  let painted = "";

  /** @param {StripView} view */
  function build(view) {
    ribbons = new Map();
    const photo = h(
      "div",
      { class: "tensor" },
      h("canvas", { class: "ribbon photo", role: "img" }),
      h(
        "div",
        { class: "tensor-label still" },
        h("b", {}, gettext("photo")),
        h("span", { class: "tensor-shape" }, shape(view.input)),
      ),
    );
    fill(
      columns,
      photo,
      view.rows
        .filter(isPlaced)
        .map((row) =>
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
    const flat = view.rows.filter((row) => !isPlaced(row) && row.stage !== "logits");
    fill(
      lines,
      h(
        "div",
        { class: "line-rows" },
        flat.map((row) =>
          h(
            "div",
            {
              class: "line-row",
              "data-stage": row.stage,
              onclick: () => actions.onSelect(row.stage),
              ...pointing(row),
            },
            h("b", {}, row.name),
            h("canvas", { class: "line", role: "img" }),
          ),
        ),
      ),
      h("p", { class: "line-note" }),
    );
  }

  /** @param {Row} row */
  function pointing(row) {
    return {
      onpointerenter: () => actions.onPoint(row.stage),
      onpointermove: (/** @type {PointerEvent} */ event) => read(event, row),
      onpointerleave: () => {
        readout.hidden = true;
        actions.onPoint(null);
      },
    };
  }

  /** What lies under the pointer, in numbers. @param {PointerEvent} event @param {Row} row */
  function read(event, row) {
    const ribbon = ribbons.get(row.stage);
    readout.hidden = !ribbon;
    if (!ribbon) return;
    const box = ribbon.canvas.getBoundingClientRect();
    const shown = Number(ribbon.canvas.dataset.shown) || ribbon.columns;
    const at = (/** @type {number} */ share, /** @type {number} */ many) =>
      Math.max(0, Math.min(many - 1, Math.floor(share * many)));
    const column = at((event.clientX - box.left) / box.width, shown);
    const line = at((event.clientY - box.top) / box.height, ribbon.rows);
    const values = {
      stage: row.name,
      row: line,
      value: h("b", {}, number(ribbon.side[line * ribbon.columns + column])),
    };
    fill(
      readout,
      isPlaced(row)
        ? gettextNodes("{stage}, channel {channel}, row {row}: mean {value}", { ...values, channel: column })
        : gettextNodes("{stage}, unit {unit}: {value}", { ...values, unit: column }),
    );
    const area = drawing.getBoundingClientRect();
    const left = Math.max(0, Math.min(event.clientX - area.left + 12, area.width - readout.offsetWidth));
    readout.style.transform = `translate(${left}px, ${box.top - area.top - 26}px)`;
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
    writeLines(view, scale);
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

  /** @param {StripView} view @param {number} scale */
  function writeLines(view, scale) {
    const units = view.rows.find((row) => !isPlaced(row))?.layer.output_shape[0] ?? 0;
    const note = /** @type {HTMLElement} */ (lines.querySelector(".line-note"));
    const pages = fixed((units * scale) / window.innerWidth, 1);
    fill(
      note,
      gettextNodes("→ {units} units each,", { units: view.covers.still("fc1:output", String(units)) }),
      h("br"),
      gettext("{pages} pages wide", { pages }),
    );
  }

  /** @param {StripView} view */
  function writeSentence(view) {
    const scale = scaleOf(view);
    const words = gettext("One scale for everything, {scale}.", {
      scale: scaleWords(1 / (scale * (window.devicePixelRatio || 1))),
    });
    const real = gettext(
      "Each ribbon is the real tensor for this photo, seen from the side; a column is a channel, a row is a row of its map.",
    );
    const empty = gettext("No checkpoint of this variant here, so the tensors are drawn empty.");
    setText(sentence, `${words} ${view.checkpoint === null ? empty : real}`);
    sentence.style.left = `${view.input[2] * scale + GAP}px`;
    legend.hidden = view.checkpoint === null;
    if (legend.hidden) return;
    // Units behind a ReLU have no sign, and share the map's own colours.
    const isSigned = view.rows.some((row) => !isPlaced(row) && view.signed.has(row.tensor));
    const line = (/** @type {string} */ name, /** @type {string} */ low, /** @type {Uint32Array} */ table) => [
      h("span", {}, name),
      h("span", {}, low),
      legendBar(table, 56, 8),
      h("span", {}, gettext("own max")),
    ];
    fill(
      legend,
      line(isSigned ? gettext("maps, mean of a row") : gettext("maps, mean of a row; fc1, fc2"), "0", view.activation),
      isSigned ? line("fc1, fc2", gettext("− own max"), view.diverging) : [],
      h(
        "span",
        { class: "scale-checkpoint" },
        gettextNodes("checkpoint {name}", { name: h("b", {}, view.checkpoint) }),
      ),
    );
  }

  /** Names for those who do not see the pictures. @param {StripView} view */
  function nameTensors(view) {
    for (const row of view.rows) {
      if (row.stage === "logits") continue;
      const holder = /** @type {HTMLElement} */ (drawing.querySelector(`[data-stage="${row.stage}"]`));
      const size = view.covers.isOpen(`${row.stage}:output`) ? shape(row.layer.output_shape) : "";
      const name = row.tensor === row.stage ? row.name : gettext("{stage}, after its ReLU", { stage: row.name });
      const ribbon = ribbons.get(row.stage);
      if (!isPlaced(row)) {
        holder
          .querySelector("canvas")
          ?.setAttribute(
            "aria-label",
            [name, size, ribbon ? gettext("one line of units") : gettext("drawn empty")].filter(Boolean).join(", "),
          );
        continue;
      }
      // What stands on the button comes first, as it stands there.
      const range = ribbon
        ? gettext("seen from the side, largest mean of a row {value}", { value: ribbon.canvas.dataset.high ?? "" })
        : gettext("drawn empty");
      const shown = `${row.name} ${size}`;
      holder.setAttribute(
        "aria-label",
        `${row.tensor === row.stage ? shown : gettext("{stage}, after its ReLU", { stage: shown })}, ${range}`,
      );
      holder.title = name;
      fill(
        /** @type {Element} */ (holder.querySelector(".tensor-shape")),
        view.covers.still(`${row.stage}:output`, shape(row.layer.output_shape)),
      );
    }
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
        nameTensors(view);
        writeSentence(view);
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
