/** "This photo": the stages at the left, the walls in the middle, the selected pair at the right. No word with the server. */
import { makeTable, rampAnchors } from "../lib/colour.js";
import { asMaps, compareStage, listedStages, orderPairs, sharedBounds, widest } from "./difference.js";
import { createSide } from "./pair_panel.js";
import { createStages } from "./stage_list.js";
import { MODES, ORDERS } from "./state.js";
import { createWalls } from "./walls.js";
import { classesOf, countPairs } from "./words.js";
import { fill, h, setText } from "../lib/dom.js";
import { count, groupOf, groupTitle, kindTitle, shape, similarity, stageTitle } from "../lib/format.js";
import { createPick } from "../lib/picker.js";
import { tokens } from "../shell/theme.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./difference.js").Comparison} Comparison */
/** @typedef {import("./pairing.js").Choice} Choice */
/** @typedef {{row: number, column: number}} Spot */
/**
 * @typedef {{traces: {a: Trace, b: Trace}, values: {a: Map<string, Float32Array>, b: Map<string, Float32Array>}, pair: import("./pair_loader.js").Pair}} Arrived
 * @typedef {{state: State, arrived: Arrived, names: {a: string, b: string}, theme: "light" | "dark", stale: boolean,
 *   choose: (stage: string) => Choice, stages: Omit<import("./stage_list.js").StagesView, "names" | "open" | "other" | "table">}} Moment
 */

/**
 * @param {{set: (changes: Partial<State>) => void, onOpenUnit: (stage: string, channel: number) => void, onCompute: () => void, onCancel: () => void}} actions
 */
export function createPhotoPanel(actions) {
  const { set } = actions;
  /** @type {Moment | null} */
  let moment = null;
  /** @type {Map<string, Comparison>} of the traces that have arrived last */
  let known = new Map();
  /** @type {Arrived | null} */
  let knownOf = null;
  /** @type {Spot | null} */
  let pointed = null;
  let frames = 0;

  const stages = createStages({ onOpen: (stage, other = stage) => set({ stage, other: other === stage ? "" : other }), onCompute: actions.onCompute, onCancel: actions.onCancel });
  const walls = createWalls({
    onHover: (place) => point(place),
    onSelect: ({ channel, row, column }) => set({ channel: String(channel), place: `${row},${column}` }),
    onOpen: () => openUnit(),
    onTop: () => set({ top: moment?.state.top === "clipped" ? "whole" : "clipped" }),
    onSplit: (percent) => set({ split: String(percent) }),
  });
  const side = createSide({
    onPoint: (spot) => {
      walls.point(spot && selected() !== null ? { channel: /** @type {number} */ (selected()), ...spot } : null);
      point(spot);
    },
    onPin: ({ row, column }) => set({ channel: String(selected()), place: `${row},${column}` }),
    onOpen: () => openUnit(),
  });
  const title = h("h2", {});
  const modeButtons = MODES.map((mode) => h("button", { type: "button", "data-mode": mode, onclick: () => set({ mode }) }, mode));
  const orderPick = createPick("order", (order) => set({ order }));
  const pairsPick = createPick("pairs", (pairs) => set({ pairs }));
  const sentence = h("p", { class: "sentence", id: "wall-a-sentence", "aria-live": "polite" });
  const allButton = h("button", { class: "link", type: "button", onclick: () => set({ shown: moment?.state.shown === "all" ? "fitting" : "all" }) });
  const staleNote = h("div", { class: "stale-note", role: "status", hidden: true }, "out of date, computing");
  const middle = h(
    "section",
    { class: "compare-middle", "aria-label": "Feature maps of A and B" },
    h("div", { class: "compare-head" }, title, h("div", { class: "row" }, orderPick.element, h("div", { class: "segments", role: "group", "aria-label": "How A and B are shown" }, modeButtons))),
    h("div", { class: "compare-line" }, h("div", { class: "compare-count" }, sentence, allButton), pairsPick.element),
    walls.element,
    staleNote,
  );
  const element = h("div", { class: "compare-photo" }, stages.element, middle, side.element);

  // ---------------------------------------------------------------- what is shown
  /** @param {Trace} trace @param {string} name @returns {Stage | null} */
  const find = (trace, name) => trace.header.stages.find((stage) => stage.name === name) ?? null;

  /** @param {Moment} m */
  function openStages({ state, arrived: { traces } }) {
    const a = /** @type {Stage} */ (find(traces.a, state.stage) ?? traces.a.header.stages[0]);
    return { a, b: find(traces.b, state.other || a.name), name: state.other || a.name };
  }

  /** @param {Moment} m @returns {Comparison | null} null until both have arrived */
  function comparison(m) {
    if (knownOf !== m.arrived) [known, knownOf] = [new Map(), m.arrived];
    const open = openStages(m);
    const pairing = pairingOf(m, open.a.name);
    const key = [open.a.name, open.name, pairing ? "matched" : ""].join("|");
    const remembered = known.get(key);
    if (remembered) return remembered;
    const { traces, values } = m.arrived;
    const first = values.a.get(open.a.name);
    const second = open.b ? values.b.get(open.name) : new Float32Array(0);
    if (!first || !second) return null;
    const layer = (/** @type {Trace} */ trace, /** @type {Float32Array} */ own, /** @type {string} */ name) => ({ values: own, statistics: trace.statistics[name] ?? new Float32Array(0) });
    const made = compareStage(open, layer(traces.a, first, open.a.name), layer(traces.b, second, open.name), pairing?.partners ?? null);
    known.set(key, made);
    return made;
  }

  /** Who is whose partner, where that is not a matter of numbers. @param {Moment} m @param {string} stage */
  function pairingOf(m, stage) {
    const { a, b } = openStages(m);
    // One found for other networks, while these are on their way, does not fit.
    const { pairing } = m.choose(stage);
    const fits = pairing && !m.state.other && pairing.partners.length === a.shape[0] && b !== null;
    return fits ? pairing : null;
  }

  /** @param {Moment} m @param {Comparison | null} c @returns {number[]} channels of A, as many as there is room for */
  function channels(m, c) {
    const maps = asMaps(openStages(m).a.shape);
    const room = m.state.shown === "all" ? maps[0] : walls.capacity(maps, m.state.mode);
    return (c ? orderPairs(c, m.state.order) : Array.from({ length: maps[0] }, (_, i) => i)).slice(0, room);
  }

  /** @param {Moment} m @param {Comparison | null} c */
  function channelOf(m, c) {
    const chosen = m.state.channel === "" ? NaN : Number(m.state.channel);
    if (Number.isInteger(chosen) && chosen >= 0 && chosen < openStages(m).a.shape[0]) return chosen;
    return c ? orderPairs(c, c.reason ? "index" : "changed")[0] : 0;
  }

  /** @returns {number | null} */
  function selected() {
    return moment && channelOf(moment, comparison(moment));
  }

  /** @param {Moment} m @param {Comparison} c @param {number} channel @returns {Spot} */
  function placeOf(m, c, channel) {
    const [row, column] = m.state.place.split(",").map(Number);
    const isInside = m.state.place && row >= 0 && row < c.shape[1] && column >= 0 && column < c.shape[2];
    return isInside ? { row, column } : widest(c, channel);
  }

  /** @param {Moment} m @param {boolean} signed */
  function table({ theme }, signed) {
    return makeTable(rampAnchors(tokens, "house", theme, signed), 1, signed);
  }

  // ---------------------------------------------------------------- drawing
  /** @param {Spot | null} spot */
  function point(spot) {
    pointed = spot;
    if (!frames) frames = requestAnimationFrame(() => void ((frames = 0), moment && drawSide(moment)));
  }

  /** @param {Moment} m */
  function drawSide(m) {
    const c = comparison(m);
    const open = openStages(m);
    const channel = channelOf(m, c);
    const bounds = sharedBounds(open.a, open.b, c, m.state.top);
    const place = c ? (pointed ?? placeOf(m, c, channel)) : null;
    side.update({ traces: m.arrived.traces, noAxis: m.arrived.pair.no_axis, stage: open.a, comparison: c, channel, place, bounds, table: table(m, bounds.signed), differenceTable: table(m, true), pair: pairTitle(m, channel), fit: fitWords(m, channel) });
  }

  /** @param {Moment} m @param {number} channel */
  function pairTitle(m, channel) {
    const { a } = openStages(m);
    if (a.name === "logits") return `Class ${classesOf(m.arrived.traces.a, a)?.[channel]}`;
    const word = a.shape.length === 3 ? "Channel" : "Unit";
    const pairing = pairingOf(m, a.name);
    const partner = pairing?.partners?.[channel];
    if (!pairing || partner === null || partner === undefined) return `${word} ${channel}`;
    return `${word} ${channel} with ${partner}`;
  }

  /** How well the two fit. @param {Moment} m @param {number} channel @returns {string} */
  function fitWords(m, channel) {
    const pairing = pairingOf(m, openStages(m).a.name);
    const r = pairing?.correlations[channel] ?? null;
    if (!pairing || r === null) return "";
    return `Correlation ${similarity(r)}${r < pairing.good ? ": no good partner" : ""}`;
  }

  /** @param {Moment} m */
  function drawHead(m) {
    const { a } = openStages(m);
    const kind = a.name.includes(".") ? ` ${kindTitle(a.name)}` : "";
    fill(title, groupTitle(groupOf(a.name)), h("span", { class: "light" }, `${kind}  ${a.shape.length === 3 ? shape(a.shape) : `${count(a.shape[0])} ${a.name === "logits" ? "classes" : "units"}`}`));
    for (const button of modeButtons) button.setAttribute("aria-pressed", String(button.dataset.mode === m.state.mode));
    orderPick.update([{ value: "changed", title: "most changed" }, { value: "index", title: "index" }], m.state.order);
    orderPick.element.title = "Changed: root mean square of B − A over all places";
    const { pairs } = m.choose(a.name);
    pairsPick.update(pairs.options, pairs.value);
    pairsPick.element.hidden = a.shape.length < 3;
    pairsPick.element.title = pairs.note;
  }

  /** @param {Moment} m @param {Comparison | null} c @param {number} shown */
  function drawSentence(m, c, shown) {
    const { a } = openStages(m);
    const what = a.shape.length === 3 ? "channels" : a.name === "logits" ? "classes" : "units";
    setText(sentence, c ? countPairs(c, shown, m.state.order, what, pairingOf(m, a.name)?.poor ?? 0) : " ");
    sentence.title = sentence.textContent ?? "";
    const fits = shown === a.shape[0] && m.state.shown !== "all";
    allButton.hidden = !c || fits;
    setText(allButton, m.state.shown === "all" ? "Only what fits" : `Show all ${a.shape[0]}`);
  }

  /** @param {Moment} m */
  function drawStages(m) {
    const open = openStages(m);
    stages.update({ ...m.stages, names: listedStages(m.arrived.traces.a.header.stages, open.a.name), open: open.a.name, other: open.name, table: table(m, false) });
  }

  /** @param {Moment} m */
  function draw(m) {
    drawHead(m);
    const c = comparison(m);
    const open = openStages(m);
    const shown = channels(m, c);
    const bounds = sharedBounds(open.a, open.b, c, m.state.top);
    drawSentence(m, c, shown.length);
    drawStages(m);
    walls.update({
      comparison: c,
      shapes: { a: asMaps(open.a.shape), b: open.b && asMaps(open.b.shape) },
      classes: classesOf(m.arrived.traces.a, open.a),
      channels: shown,
      selected: channelOf(m, c),
      all: m.state.shown === "all",
      order: m.state.order,
      bounds,
      table: table(m, bounds.signed),
      differenceTable: table(m, true),
      mode: m.state.mode,
      split: Number(m.state.split),
      names: m.names,
      title: stageTitle(open.a.name),
      top: m.state.top,
    });
    drawSide(m);
    staleNote.hidden = !m.stale;
    element.classList.toggle("stale", m.stale);
  }

  function openUnit() {
    const channel = selected();
    if (!moment || channel === null) return;
    const stage = openStages(moment).a.name;
    const partners = pairingOf(moment, stage)?.partners;
    actions.onOpenUnit(stage, partners ? (partners[channel] ?? channel) : channel);
  }

  return {
    element,
    pictures: walls.pictures,
    /** What is on the screen, for the files. */
    shown() {
      if (!moment) return null;
      const c = comparison(moment);
      const open = openStages(moment);
      const bounds = sharedBounds(open.a, open.b, c, moment.state.top);
      return c && { comparison: c, stage: open.a, classes: classesOf(moment.arrived.traces.a, open.a), channel: channelOf(moment, c), channels: orderPairs(c, moment.state.order), bounds, table: table(moment, bounds.signed), differenceTable: table(moment, true) };
    },
    /** @param {Moment} next */
    update(next) {
      moment = next;
      draw(next);
    },
    /** A comparison on many pictures goes on; the walls are as they were. @param {Moment} next */
    progress(next) {
      moment = next;
      drawStages(next);
    },
    /** Only selection, place or divider have changed. @param {Moment} next */
    select(next) {
      moment = next;
      walls.select(channelOf(next, comparison(next)));
      walls.split(Number(next.state.split));
      drawSide(next);
    },
    /** @param {number} step along the order, a row at a time with `columns` */
    walk(step) {
      if (!moment) return;
      const c = comparison(moment);
      const order = channels(moment, c);
      const at = order.indexOf(channelOf(moment, c));
      const next = at < 0 ? order[0] : order[at + step];
      if (next !== undefined) set({ channel: String(next) });
    },
    get columns() {
      return walls.columns;
    },
    /** @param {number} step */
    walkStages(step) {
      if (!moment) return;
      const open = openStages(moment).a.name;
      const names = listedStages(moment.arrived.traces.a.header.stages, open);
      const next = names[names.indexOf(open) + step];
      if (next) set({ stage: next });
    },
    nextOrder: () => set({ order: ORDERS[(ORDERS.indexOf(moment?.state.order ?? "") + 1) % ORDERS.length] }),
    openUnit,
    destroy: () => walls.destroy(),
  };
}
