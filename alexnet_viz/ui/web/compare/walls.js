/** A, B and B − A: three walls in one order with one range, or A and B over each other, to swipe or to flicker. */
import { fitAsBars, largestOf } from "./class_bars.js";
import { fitting } from "./difference.js";
import { createDivider } from "./divider.js";
import { createFlicker } from "./flicker.js";
import { createWallLegend } from "./wall_legend.js";
import { createWallOrBars } from "./wall_or_bars.js";
import { describePlace } from "./words.js";
import { fill, h, setText } from "../lib/dom.js";

/** @typedef {import("../maps/wall.js").Place} Place */
/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/** @typedef {import("./difference.js").Comparison} Comparison */
/**
 * @typedef {{comparison: Comparison | null, shapes: {a: number[], b: number[] | null}, classes: {a: string[] | null, b: string[] | null}, channels: number[], selected: number, all: boolean,
 *   order: string, bounds: {shared: Bounds, difference: Bounds}, table: Uint32Array, differenceTable: Uint32Array, mode: string, split: number,
 *   names: {a: string, b: string}, title: string, top: string}} WallsView
 */

const SIDES = /** @type {const} */ (["a", "b", "difference"]);

/** @param {"A" | "B"} letter @returns {HTMLElement} told apart by letter and by ring or disc, not by colour */
export function badge(letter) {
  return h("span", { class: letter === "A" ? "badge ring" : "badge disc" }, letter);
}

/**
 * @param {{onHover: (place: Place | null) => void, onSelect: (place: Place) => void, onOpen: () => void, onTop: () => void, onSplit: (percent: number) => void}} actions
 */
export function createWalls(actions) {
  /** @type {WallsView | null} */
  let view = null;
  const walls = /** @type {Record<typeof SIDES[number], ReturnType<typeof createWallOrBars>>} */ (
    Object.fromEntries(
      SIDES.map((side) => [
        side,
        createWallOrBars(
          { onHover: (place) => hovered(side, place), onSelect: actions.onSelect, onOpen: actions.onOpen },
          { name: `wall-${side}`, ruler: false, focusable: side === "a", describe: (place) => describe(side, place) },
        ),
      ]),
    )
  );
  const legends = {
    a: createWallLegend(actions.onTop),
    b: createWallLegend(actions.onTop),
    difference: createWallLegend(actions.onTop),
  };
  const heads = { a: h("h3", {}), b: h("h3", {}), difference: h("h3", {}) };
  const refusal = h("p", { class: "sentence compare-refusal", hidden: true });
  const panels = Object.fromEntries(
    SIDES.map((side) => [
      side,
      h("div", { class: `compare-view ${side}` }, walls[side].element, side === "difference" ? refusal : null),
    ]),
  );
  const element = h("div", { class: "compare-walls" });
  const divider = createDivider(panels.a, actions.onSplit);
  const flicker = createFlicker(element);
  fill(
    element,
    SIDES.map((side) => [
      h("div", { class: `compare-title ${side}` }, heads[side]),
      panels[side],
      h("div", { class: `compare-legend ${side}` }, legends[side].element),
    ]).flat(),
    h("div", { class: "compare-overlay" }, divider.element),
    flicker.element,
  );
  for (const side of SIDES) walls[side].scroller.addEventListener("scroll", () => scrollWith(side), { passive: true });

  /** @param {typeof SIDES[number]} side */
  function scrollWith(side) {
    for (const other of SIDES) if (other !== side) walls[other].scroller.scrollTop = walls[side].scroller.scrollTop;
  }

  /** @param {typeof SIDES[number]} side @param {Place | null} place */
  function hovered(side, place) {
    const linked = !view?.comparison?.reason;
    if (linked) for (const other of SIDES) if (other !== side) walls[other].point(place);
    actions.onHover(linked || side === "a" ? place : null);
  }

  /** @param {typeof SIDES[number]} side @param {Place} place @returns {[string, string]} */
  function describe(side, place) {
    const { comparison, shapes, classes } = /** @type {WallsView} */ (view);
    const names = side === "b" && comparison?.reason ? classes.b : classes.a;
    return describePlace(/** @type {Comparison} */ (comparison), side, place, shapes.b, names);
  }

  // ---------------------------------------------------------------- drawing
  /** @param {WallsView} v */
  function drawHeads(v) {
    fill(heads.a, badge("A"), h("b", { title: v.names.a }, v.names.a));
    fill(heads.b, badge("B"), h("b", { title: v.names.b }, v.names.b));
    fill(heads.difference, badge("B"), h("span", { class: "quiet" }, "−"), badge("A"));
    legends.a.update(v.bounds.shared, v.table, v.top, "A");
    legends.b.update(v.bounds.shared, v.table, v.top, "B");
    legends.difference.update(v.bounds.difference, v.differenceTable, v.top, "B − A");
  }

  return {
    element,
    get columns() {
      return walls.a.columns;
    },
    /** The walls on the screen as pictures, for saving. */
    pictures: () => ({
      a: walls.a.picture(),
      b: walls.b.picture(),
      difference: view?.mode === "difference" ? walls.difference.picture() : null,
    }),
    /** How many channels the walls of this mode have room for. @param {number[]} shape @param {string} mode */
    capacity(shape, mode) {
      element.dataset.mode = mode;
      const ratio = window.devicePixelRatio || 1;
      const area = panels.a;
      return fitting(
        shape[0],
        Math.max(shape[1], shape[2]),
        Math.round(area.clientWidth * ratio),
        Math.round(area.clientHeight * ratio),
        ratio,
      );
    },
    /** @param {WallsView} next */
    update(next) {
      view = next;
      element.dataset.mode = next.mode;
      const reason = next.comparison?.reason ?? "";
      setText(refusal, reason);
      refusal.hidden = !reason;
      walls.difference.element.hidden = Boolean(reason);
      const inBars = SIDES.filter((side) => fitAsBars(particularsOf(side, next).classes)); // one side alone where the other has too many classes
      for (const side of SIDES)
        legends[side].element.hidden = inBars.includes(side) || (side === "difference" && Boolean(reason));
      const largest = largestOf(inBars.map((side) => next.comparison?.[side].values));
      for (const side of SIDES)
        if (side !== "difference" || (next.mode === "difference" && !reason))
          walls[side].update(wallOf(side, next, largest));
      drawHeads(next);
      this.split(next.split);
      flicker.set(next.mode === "flicker");
    },
    /** @param {number} percent Only the divider has moved. */
    split(percent) {
      if (view) view = { ...view, split: percent };
      divider.element.hidden = view?.mode !== "swipe";
      element.style.setProperty("--split", `${percent}%`);
      divider.update(percent);
    },
    /** @param {number} selected Only the selection has changed. */
    select(selected) {
      if (view) view = { ...view, selected };
      for (const side of SIDES) if (side === "a" || !view?.comparison?.reason) walls[side].select(selected);
    },
    /** A place pointed at on another picture. @param {Place | null} place */
    point(place) {
      for (const side of SIDES) walls[side].point(place);
    },
    destroy() {
      flicker.destroy();
    },
  };
}

/** What is particular to a wall: B has its own shape and numbers where the two cannot be subtracted. @param {typeof SIDES[number]} side @param {WallsView} v */
function particularsOf(side, v) {
  const isApart = side === "b" && v.shapes.b !== null && (!v.comparison || v.comparison.reason !== "");
  if (!isApart) return { shape: v.shapes.a, classes: v.classes.a, channels: v.channels, selected: v.selected };
  const shape = /** @type {number[]} */ (v.shapes.b);
  return {
    shape,
    classes: v.classes.b,
    channels: Array.from({ length: Math.min(v.channels.length, shape[0]) }, (_, i) => i),
    selected: -1,
  };
}

/** One wall of what is shown. @param {typeof SIDES[number]} side @param {WallsView} v @param {number} largest */
function wallOf(side, v, largest) {
  const layer = v.comparison?.[side];
  const isDifference = side === "difference";
  const bounds = isDifference ? v.bounds.difference : v.bounds.shared;
  return {
    ...particularsOf(side, v),
    values: layer?.values ?? null,
    statistics: layer?.statistics ?? null,
    order: v.order,
    largest,
    boundsOf: () => bounds,
    table: isDifference ? v.differenceTable : v.table,
    tile: v.all ? 1 : 0,
    title: `${isDifference ? "B − A" : `${side.toUpperCase()}, ${v.names[side]}`}, ${v.title}`,
  };
}
