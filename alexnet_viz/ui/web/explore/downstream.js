/** What an alteration does further on: the faces of the later stages before, altered, and the change. */
import { makeBounds, mapCanvas } from "../lib/colour.js";
import { fill, h } from "../lib/dom.js";
import { groupOf, kindTitle, percent, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./selection.js").View} View */
/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */

const MOST_COLUMNS = 6;
/** The change is drawn up to this share of the column's range. */
const CHANGE_RANGE = 0.6;

/**
 * The later stages that have a face: the pooling of the altered block, each block's ReLU after it, and what the last block gives on.
 * @param {readonly {name: string, shape: number[]}[]} stages @param {string} first the first altered one
 * @returns {string[]}
 */
function laterFaces(stages, first) {
  const maps = stages.filter((stage) => stage.shape.length === 3).map(({ name }) => name);
  const later = maps.slice(maps.indexOf(first) + 1);
  if (!maps.includes(first)) return [];
  const last = groupOf(maps[maps.length - 1]);
  return later
    .filter((name) =>
      groupOf(name) === groupOf(first)
        ? name.endsWith(".pool")
        : name.endsWith(".relu") || (name.endsWith(".pool") && groupOf(name) === last),
    )
    .slice(-MOST_COLUMNS);
}

export function createDownstream() {
  const grid = h("div", { class: "downstream" });
  const element = h(
    "div",
    {},
    h(
      "div",
      { class: "title-row" },
      h("h3", {}, gettext("Downstream, mean over channels")),
      h("span", { class: "note" }, gettext("each column one range; change to ±60 % of it")),
    ),
    grid,
  );

  /** @param {Float32Array} values @param {Stage} stage @param {import("../lib/colour.js").Bounds} bounds @param {Uint32Array} table @param {string} words */
  function face(values, stage, bounds, table, words) {
    const [, height, width] = stage.shape;
    const canvas = mapCanvas(values, { offset: 0, height, width }, bounds, table);
    canvas.setAttribute("role", "img");
    canvas.setAttribute(
      "aria-label",
      gettext("{stage}, mean over channels, {what}", { stage: stageTitle(stage.name), what: words }),
    );
    return canvas;
  }

  /** @param {View} now @param {Trace} before @param {string} name */
  function column(now, before, name) {
    const stage = /** @type {Stage} */ (now.find(name));
    const [was, is] = [before.faces[name], now.trace.faces[name]];
    const finite = [...was, ...is].filter(Number.isFinite);
    const bounds = makeBounds(stage.signed, Math.min(0, ...finite), Math.max(0, ...finite), 0);
    const most = CHANGE_RANGE * Math.max(-bounds.low, bounds.high);
    const change = is.map((value, i) => value - was[i]);
    const table = now.houseTable(stage.signed);
    const by = now.trace.header.altered?.change[name] ?? NaN;
    return [
      h("span", { class: "quiet" }, `${groupOf(name).slice(5)}${name.endsWith(".relu") ? "" : ` ${kindTitle(name)}`}`),
      face(was, stage, bounds, table, gettext("before")),
      face(is, stage, bounds, table, gettext("altered")),
      face(change, stage, makeBounds(true, -most, most, most), now.houseTable(true), gettext("change")),
      h("b", {}, percent(by)),
    ];
  }

  return {
    element,
    /** @param {View} now of an altered network @param {Trace} before */
    update(now, before) {
      const first = Object.keys(now.trace.header.altered?.change ?? {})[0];
      const names = laterFaces(now.trace.header.stages, first);
      element.hidden = !names.length;
      // "by " is by how much; the space tells it from the "by" of what something is sorted by.
      const rows = ["", gettext("before"), gettext("altered"), gettext("change"), gettext("by ")].map((word) =>
        h("span", { class: "downstream-row" }, word),
      );
      fill(
        grid,
        h("div", { class: "downstream-column" }, rows),
        names.map((name) => h("div", { class: "downstream-column" }, column(now, before, name))),
      );
    },
  };
}
