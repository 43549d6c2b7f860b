/** "This photo": the stages at the left, the walls in the middle, the selected pair at the right. No word with the server. */
import { asMaps, listedStages, orderPairs } from "./difference.js";
import { createPairPanel } from "./pair_panel.js";
import { createPhotoHead } from "./photo_head.js";
import { headView, savedView, sideView, stagesView, wallsView } from "./photo_views.js";
import { createStageList } from "./stage_list.js";
import { channelOf, createComparisons, openStages } from "./stage_pair.js";
import { ORDERS } from "./state.js";
import { createWalls } from "./walls.js";
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

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

  const stages = createStageList({
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
  const side = createPairPanel({
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
    const shown = sideView(m, comparison(m), pointed);
    side.update(shown);
    actions.onShown(shown);
  }

  /** @param {Moment} m */
  function draw(m) {
    const c = comparison(m);
    const shown = channels(m, c);
    head.update(headView(m, c, shown.length));
    stages.update(stagesView(m));
    walls.update(wallsView(m, c, shown));
    drawSide(m);
    staleNote.hidden = !m.stale;
    element.classList.toggle("stale", m.stale);
  }

  /** @param {Moment} m */
  function shownBy(m) {
    const c = comparison(m);
    return c && savedView(m, c, channels(m, c).length);
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
      stages.update(stagesView(next));
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
