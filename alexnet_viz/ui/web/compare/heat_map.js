/** Every stage of A against every stage of B: their similarity as colours, each cell a button that opens the two stages. */
import { paintMap } from "../lib/colour.js";
import { shortStage } from "./words.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { groupOf, similarity } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { whenChanged } from "../lib/when_changed.js";

/** @typedef {import("./stage_list.js").Similarity} Similarity */
/** @typedef {Pick<import("./stage_list.js").StagesView, "similarity" | "open" | "other" | "table">} HeatView */

const BOX = 154; // CSS pixels

/** @param {(stage: string, other: string) => void} onOpen a stage of A, and one of B */
export function createHeatMap(onOpen) {
  const heat = h("canvas", { role: "img", "aria-hidden": "true" });
  const cells = h("div", { class: "heat-cells", onkeydown: walk });
  const readout = h("p", { class: "note", "aria-live": "polite" });
  const [first, last] = [h("span"), h("span")];
  const box = h(
    "div",
    { class: "heat" },
    h("span", { class: "heat-side", "aria-hidden": "true" }, "A"),
    h("div", { class: "heat-box" }, heat, cells),
    h("div", { class: "heat-ends", "aria-hidden": "true" }, first, h("span", {}, "B"), last),
  );
  const title = h("h3", {}, gettext("Every stage against every stage"));
  let columns = 1;

  /** One stop for the Tab key, the arrows inside. @param {KeyboardEvent} event */
  function walk(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = /** @type {HTMLElement[]} */ ([...cells.children]);
    all[all.indexOf(/** @type {HTMLElement} */ (event.target)) + step]?.focus();
  }

  /** @param {string} stageA @param {string} stageB @param {number | null} value @param {boolean} isOn @param {boolean} isStop where the Tab key stops */
  function cell(stageA, stageB, value, isOn, isStop) {
    const words = `A ${shortStage(stageA)}, B ${shortStage(stageB)}: ${similarity(value)}`;
    return h("button", {
      type: "button",
      class: isOn ? "on" : "",
      title: words,
      "aria-label": words,
      "aria-pressed": String(isOn),
      tabindex: isStop ? "0" : "-1",
      onclick: () => onOpen(stageA, stageB),
      onfocus: () => setText(readout, words),
      onpointerenter: () => setText(readout, words),
      onpointerleave: () => setText(readout, ""),
    });
  }

  /** @param {Similarity} similarities @param {HeatView} view */
  function drawCells({ a, b, cka }, { open, other }) {
    cells.style.gridTemplate = `repeat(${a.length}, 1fr) / repeat(${b.length}, 1fr)`;
    fill(
      cells,
      a.flatMap((stageA, i) =>
        b.map((stageB, j) => {
          const isOn = stageA === open && stageB === other;
          return cell(stageA, stageB, cka[i][j], isOn, isOn || (i === 0 && j === 0));
        }),
      ),
    );
  }

  const update = whenChanged(
    (/** @type {HeatView} */ view) => [
      JSON.stringify([view.similarity, view.open, view.other, view.table[200], window.devicePixelRatio]),
    ],
    (view) => {
      title.hidden = box.hidden = !view.similarity;
      if (!view.similarity) return;
      const { b } = view.similarity;
      columns = b.length;
      paint(heat, view.similarity, view.table);
      drawCells(view.similarity, view);
      setText(first, endName(b[0]));
      setText(last, endName(b[columns - 1]));
    },
  );

  return { elements: [title, box, readout], update };
}

/** @param {HTMLCanvasElement} canvas @param {Similarity} similarities @param {Uint32Array} table */
function paint(canvas, { a, b, cka }, table) {
  const { context } = sizeCanvas(canvas, BOX, BOX);
  const { width, height } = canvas;
  const picture = context.createImageData(width, height);
  paintMap(
    new Uint32Array(picture.data.buffer),
    width,
    Float32Array.from(cka.flat(), (value) => value ?? 0),
    { offset: 0, height: a.length, width: b.length },
    { left: 0, top: 0, width, height },
    { low: 0, high: 1, clippedLow: false, clippedHigh: false },
    table,
  );
  context.putImageData(picture, 0, 0);
}

/** A stage as the ends of the axis call it: "block 1" for all of its stages. @param {string} stage */
function endName(stage) {
  return stage.includes(".") ? gettext("block {n}", { n: groupOf(stage).slice(5) }) : stage;
}
