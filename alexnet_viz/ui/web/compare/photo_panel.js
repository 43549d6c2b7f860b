/** "This photo": the stages at the left, the walls in the middle, the selected pair at the right. No word with the server. */
import { makeTable, rampAnchors } from "../lib/colour.js";
import { asMaps, listedStages, orderPairs, sharedBounds } from "./difference.js";
import { createSide } from "./pair_panel.js";
import { createPhotoHead } from "./photo_head.js";
import { createStages } from "./stage_list.js";
import { channelOf, createComparisons, openStages, pairWords, pairingOf, placeOf } from "./stage_pair.js";
import { ORDERS } from "./state.js";
import { createWalls } from "./walls.js";
import { classesOf, unitsOf, wallsWords } from "./words.js";
import { h } from "../lib/dom.js";
import { stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { tokens } from "../shell/theme.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./difference.js").Comparison} Comparison */
/** @typedef {import("./pairing.js").Choice} Choice */
/** @typedef {import("./stage_pair.js").Spot} Spot */
/**
 * @typedef {{traces: {a: Trace, b: Trace}, values: {a: Map<string, Float32Array>, b: Map<string, Float32Array>}, pair: import("./pair_loader.js").Pair}} Arrived
 * @typedef {{state: State, arrived: Arrived, names: {a: string, b: string}, theme: "light" | "dark", stale: boolean,
 *   choose: (stage: string) => Choice, stages: Omit<import("./stage_list.js").StagesView, "names" | "open" | "other" | "table">}} Moment
 */

/** @param {Moment} m @param {boolean} signed */
const table = ({ theme }, signed) => makeTable(rampAnchors(tokens, "house", theme, signed), 1, signed);

/**
 * @param {{set: (changes: Partial<State>) => void, onOpenUnit: (stage: string, channel: number) => void, onCompute: () => void, onCancel: () => void, onShown: (shown: import("./pair_panel.js").SideView) => void}} actions
 * `onShown`: the selected pair, its place or its numbers are other ones
 */
export function createPhotoPanel(actions) {
  const { set } = actions;
  /** @type {Moment | null} */
  let moment = null;
  /** @type {Spot | null} */
  let pointed = null;
  let frames = 0;
  const comparison = createComparisons();

  const stages = createStages({
    onOpen: (stage, other = stage) => set({ stage, other: other === stage ? "" : other }),
    onCompute: actions.onCompute,
    onCancel: actions.onCancel,
  });
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
  const head = createPhotoHead({ set, onAll: () => set({ shown: moment?.state.shown === "all" ? "fitting" : "all" }) });
  const staleNote = h("div", { class: "stale-note", role: "status", hidden: true }, gettext("out of date, computing"));
  const middle = h(
    "section",
    { class: "compare-middle", "aria-label": gettext("Feature maps of A and B") },
    head.elements,
    walls.element,
    staleNote,
  );
  const element = h("div", { class: "compare-photo" }, stages.element, middle, side.element);

  // ---------------------------------------------------------------- what is shown
  /** @param {Moment} m @param {Comparison | null} c @returns {number[]} channels of A, as many as there is room for */
  function channels(m, c) {
    const maps = asMaps(openStages(m).a.shape);
    const room = m.state.shown === "all" ? maps[0] : walls.capacity(maps, m.state.mode);
    return (c ? orderPairs(c, m.state.order) : Array.from({ length: maps[0] }, (_, i) => i)).slice(0, room);
  }

  /** @returns {number | null} */
  function selected() {
    return moment && channelOf(moment, comparison(moment));
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
    const shown = {
      traces: m.arrived.traces,
      noAxis: m.arrived.pair.no_axis,
      stage: open.a,
      comparison: c,
      channel,
      place,
      bounds,
      table: table(m, bounds.signed),
      differenceTable: table(m, true),
      ...pairWords(m, channel),
    };
    side.update(shown);
    actions.onShown(shown);
  }

  /** @param {Moment} m */
  function drawStages(m) {
    const open = openStages(m);
    stages.update({
      ...m.stages,
      names: listedStages(m.arrived.traces.a.header.stages, open.a.name),
      open: open.a.name,
      other: open.name,
      table: table(m, false),
    });
  }

  /** @param {Moment} m */
  function draw(m) {
    const c = comparison(m);
    const open = openStages(m);
    const shown = channels(m, c);
    const bounds = sharedBounds(open.a, open.b, c, m.state.top);
    head.update({
      state: m.state,
      stage: open.a,
      comparison: c,
      shown: shown.length,
      choice: m.choose(open.a.name),
      poor: pairingOf(m)?.poor ?? 0,
    });
    drawStages(m);
    walls.update({
      comparison: c,
      shapes: { a: asMaps(open.a.shape), b: open.b && asMaps(open.b.shape) },
      classes: { a: classesOf(m.arrived.traces.a, open.a), b: open.b && classesOf(m.arrived.traces.b, open.b) },
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

  /** @param {Moment} m */
  function shownBy(m) {
    const c = comparison(m);
    if (!c) return null;
    const { a, b } = openStages(m);
    const bounds = sharedBounds(a, b, c, m.state.top);
    return {
      comparison: c,
      stage: a,
      classes: classesOf(m.arrived.traces.a, a),
      channel: channelOf(m, c),
      channels: orderPairs(c, m.state.order),
      walls: wallsWords(channels(m, c).length, c.shape[0], m.state.order, unitsOf(a)),
      bounds,
      table: table(m, bounds.signed),
      differenceTable: table(m, true),
    };
  }

  function openUnit() {
    const channel = selected();
    if (!moment || channel === null) return;
    const stage = openStages(moment).a.name;
    const partners = comparison(moment)?.partners;
    actions.onOpenUnit(stage, partners ? (partners[channel] ?? channel) : channel);
  }

  return {
    element,
    pictures: walls.pictures,
    pair: side.pictures,
    answers: side.answers,
    /** What is on the screen, for the files. */
    shown: () => moment && shownBy(moment),
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
