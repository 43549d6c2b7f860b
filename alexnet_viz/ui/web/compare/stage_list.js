/** The stages with their similarity, which are the navigation, and every stage of A against every stage of B. */
import { paintMap } from "../lib/colour.js";
import { shortStage } from "./words.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { groupOf, similarity } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {{a: string[], b: string[], cka: (number | null)[][], images: number}} Similarity */
/**
 * @typedef {{names: string[], open: string, other: string, similarity: Similarity | null, source: string, busy: string, progress: number | null, reason: string, data: string,
 *   table: Uint32Array}} StagesView
 */

const BOX = 154; // CSS pixels, of the heat map

/** @param {{onOpen: (stage: string, other?: string) => void, onCompute: () => void, onCancel: () => void}} actions */
export function createStageList(actions) {
  const note = h("p", { class: "note stages-note" });
  const list = h("div", { class: "stage-list", role: "group", "aria-label": gettext("Stages") });
  const button = h("button", {
    class: "link",
    type: "button",
    onclick: () => (button.dataset.busy ? actions.onCancel() : actions.onCompute()),
  });
  const bar = h("progress", { class: "compare-progress", max: "1", "aria-label": gettext("Pictures compared") });
  const heat = h("canvas", { role: "img", "aria-hidden": "true" });
  const cells = h("div", { class: "heat-cells" });
  const readout = h("p", { class: "note", "aria-live": "polite" });
  const box = h(
    "div",
    { class: "heat" },
    h("span", { class: "heat-side", "aria-hidden": "true" }, "A"),
    h("div", { class: "heat-box" }, heat, cells),
    h("div", { class: "heat-ends", "aria-hidden": "true" }, h("span"), h("span", {}, "B"), h("span")),
  );
  const heatTitle = h("h3", {}, gettext("Every stage against every stage"));
  const element = h(
    "nav",
    { class: "compare-stages", "aria-label": gettext("Stages with their similarity") },
    h("div", { class: "title-row" }, h("h3", {}, gettext("How alike, by stage")), button),
    note,
    bar,
    list,
    heatTitle,
    box,
    readout,
  );
  let built = "";

  /** @param {StagesView} v */
  function drawList(v) {
    const own = new Map(
      v.similarity?.a.map((name, i) => [name, v.similarity?.cka[i][v.similarity.b.indexOf(name)] ?? null]),
    );
    const key = JSON.stringify([v.names, v.open, [...own]]);
    if (key === built) return;
    built = key;
    fill(
      list,
      v.names.map((name) => {
        const value = own.get(name);
        const open = name === v.open;
        return h(
          "button",
          {
            type: "button",
            class: open ? "stage-row on" : "stage-row",
            "aria-current": open ? "true" : false,
            "data-stage": name,
            onclick: () => actions.onOpen(name),
          },
          h("span", {}, shortStage(name)),
          h("span", { class: "stage-value" }, value === undefined ? "" : similarity(value)),
          h(
            "span",
            { class: "stage-track", "aria-hidden": "true" },
            h("span", { style: `width:${Math.max(0, value ?? 0) * 100}%` }),
          ),
        );
      }),
    );
  }

  /** @param {StagesView} v */
  function drawHeat(v) {
    const s = v.similarity;
    heatTitle.hidden = box.hidden = !s;
    if (!s) return;
    const [rows, columns] = [s.a.length, s.b.length];
    const { context } = sizeCanvas(heat, BOX, BOX);
    const picture = context.createImageData(heat.width, heat.height);
    const values = Float32Array.from(s.cka.flat(), (value) => value ?? 0);
    paintMap(
      new Uint32Array(picture.data.buffer),
      heat.width,
      values,
      { offset: 0, height: rows, width: columns },
      { left: 0, top: 0, width: heat.width, height: heat.height },
      { low: 0, high: 1, clippedLow: false, clippedHigh: false },
      v.table,
    );
    context.putImageData(picture, 0, 0);
    cells.style.gridTemplate = `repeat(${rows}, 1fr) / repeat(${columns}, 1fr)`;
    const say = (/** @type {string} */ text) => setText(readout, text);
    fill(
      cells,
      s.a.flatMap((first, i) =>
        s.b.map((second, j) => {
          const words = `A ${shortStage(first)}, B ${shortStage(second)}: ${similarity(s.cka[i][j])}`;
          const on = first === v.open && second === v.other;
          const listeners = {
            onclick: () => actions.onOpen(first, second),
            onfocus: () => say(words),
            onpointerenter: () => say(words),
            onpointerleave: () => say(""),
          };
          return h("button", {
            type: "button",
            class: on ? "on" : "",
            title: words,
            "aria-label": words,
            "aria-pressed": String(on),
            tabindex: on || (i === 0 && j === 0) ? "0" : "-1",
            ...listeners,
          });
        }),
      ),
    );
    const ends = box.querySelectorAll(".heat-ends span");
    const short = (/** @type {string} */ name) =>
      name.includes(".") ? gettext("block {n}", { n: groupOf(name).slice(5) }) : name;
    setText(ends[0], short(s.b[0]));
    setText(ends[2], short(s.b[columns - 1]));
  }

  // One stop for the Tab key, the arrows inside.
  cells.addEventListener("keydown", (event) => {
    const columns = shown?.similarity?.b.length ?? 1;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = /** @type {HTMLElement[]} */ ([...cells.children]);
    all[all.indexOf(/** @type {HTMLElement} */ (event.target)) + step]?.focus();
  });

  /** @type {StagesView | null} */
  let shown = null;
  let heatFor = "";
  return {
    element,
    /** @param {StagesView} next */
    update(next) {
      shown = next;
      drawList(next);
      const key = JSON.stringify([next.similarity, next.open, next.other, next.table[200], window.devicePixelRatio]);
      if (key !== heatFor) drawHeat(next);
      heatFor = key;
      setText(note, next.reason || next.busy || next.source);
      note.title = next.data;
      note.classList.toggle("whole", Boolean(next.reason));
      button.hidden = Boolean(next.similarity) && !next.busy;
      button.dataset.busy = next.busy ? "true" : "";
      setText(button, next.busy ? gettext("Cancel") : gettext("Compute"));
      button.title = next.busy ? "" : gettext("Linear CKA of every stage, and which channel belongs to which");
      bar.hidden = next.progress === null;
      if (next.progress !== null) bar.value = next.progress;
    },
  };
}
