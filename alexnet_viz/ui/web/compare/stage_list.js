/** The stages with their similarity, which are the navigation; below them the map of every stage against every stage. */
import { createHeatMap } from "./heat_map.js";
import { shortStage } from "./words.js";
import { fill, h, setText } from "../lib/dom.js";
import { similarity } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {{a: string[], b: string[], cka: (number | null)[][], images: number}} Similarity */
/**
 * @typedef {{names: string[], open: string, other: string, similarity: Similarity | null, source: string, busy: string, progress: number | null, reason: string, data: string,
 *   table: Uint32Array}} StagesView
 */

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
  const heatMap = createHeatMap(actions.onOpen);
  const element = h(
    "nav",
    { class: "compare-stages", "aria-label": gettext("Stages with their similarity") },
    h("div", { class: "title-row" }, h("h3", {}, gettext("How alike, by stage")), button),
    note,
    bar,
    list,
    heatMap.elements,
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

  return {
    element,
    /** @param {StagesView} next */
    update(next) {
      drawList(next);
      heatMap.update(next);
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
