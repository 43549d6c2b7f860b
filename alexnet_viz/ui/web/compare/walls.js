/** A, B and B − A: three walls in one order with one range, or A and B over each other, to swipe or to flicker. */
import { paintLegend } from "../lib/colour.js";
import { fitting } from "./difference.js";
import { describePlace } from "./words.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { createWall } from "../maps/wall.js";

/** @typedef {import("../maps/wall.js").Place} Place */
/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/** @typedef {import("./difference.js").Comparison} Comparison */
/**
 * @typedef {{comparison: Comparison | null, shapes: {a: number[], b: number[] | null}, classes: string[] | null, channels: number[], selected: number, all: boolean,
 *   order: string, bounds: {shared: Bounds, difference: Bounds}, table: Uint32Array, differenceTable: Uint32Array, mode: string, split: number,
 *   names: {a: string, b: string}, title: string, top: string}} WallsView
 */

const SIDES = /** @type {const} */ (["a", "b", "difference"]);
/** One picture stands this long: one change of A, B and back in a second, half of what is allowed. */
const FLICKER_MS = 500;
const STEP = 5; // per cent, of the divider

/** @param {"A" | "B"} letter @returns {HTMLElement} told apart by letter and by ring or disc, not by colour */
export function badge(letter) {
  return h("span", { class: letter === "A" ? "badge ring" : "badge disc" }, letter);
}

/** @param {() => void} onTop */
function createLegend(onTop) {
  const low = h("span", { class: "legend-end" });
  const bar = h("canvas", { class: "legend-bar", "aria-hidden": "true" });
  const high = h("button", { class: "legend-end", type: "button", onclick: onTop });
  return {
    element: h("div", { class: "legend", role: "group" }, low, bar, high),
    /** @param {Bounds} bounds @param {Uint32Array} table @param {string} top @param {string} name */
    update(bounds, table, top, name) {
      const { context } = sizeCanvas(bar, 120, 10);
      paintLegend(context, table, bar.width, bar.height);
      setText(low, `${bounds.clippedLow ? "≤ " : ""}${number(bounds.low)}`);
      setText(high, `${bounds.clippedHigh ? "≥ " : ""}${number(bounds.high)}`);
      high.title = top === "clipped" ? "Ends at the 99.5th percentile; click for the true maximum" : "Ends at the true maximum; click for the 99.5th percentile";
      this.element.setAttribute("aria-label", `Range of ${name}, from ${low.textContent} to ${high.textContent}`);
    },
  };
}

/**
 * @param {{onHover: (place: Place | null) => void, onSelect: (place: Place) => void, onOpen: () => void, onTop: () => void, onSplit: (percent: number) => void}} actions
 */
export function createWalls(actions) {
  /** @type {WallsView | null} */
  let view = null;
  let flicker = 0;
  let isHeld = false;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const walls = /** @type {Record<typeof SIDES[number], ReturnType<typeof createWall>>} */ (
    Object.fromEntries(
      SIDES.map((side) => [
        side,
        createWall(
          { onHover: (place) => hovered(side, place), onSelect: actions.onSelect, onOpen: actions.onOpen },
          { name: `wall-${side}`, ruler: false, focusable: side === "a", describe: (place) => describe(side, place) },
        ),
      ]),
    )
  );
  const legends = { a: createLegend(actions.onTop), b: createLegend(actions.onTop), difference: createLegend(actions.onTop) };
  const heads = { a: h("h3", {}), b: h("h3", {}), difference: h("h3", {}) };
  const refusal = h("p", { class: "sentence compare-refusal", hidden: true });
  const divider = h("div", { class: "divider", role: "slider", tabindex: "0", "aria-label": "Divider: A left of it, B right of it", "aria-valuemin": "0", "aria-valuemax": "100", hidden: true });
  const hold = h("button", { class: "button quiet hold", type: "button", hidden: true, "aria-pressed": "false" }, "Hold to show B");
  const panels = Object.fromEntries(SIDES.map((side) => [side, h("div", { class: `compare-view ${side}` }, walls[side].element, side === "difference" ? refusal : null)]));
  const element = h(
    "div",
    { class: "compare-walls" },
    SIDES.map((side) => [h("div", { class: `compare-title ${side}` }, heads[side]), panels[side], h("div", { class: `compare-legend ${side}` }, legends[side].element)]).flat(),
    h("div", { class: "compare-overlay" }, divider),
    hold,
  );
  for (const side of SIDES) walls[side].element.addEventListener("scroll", () => scrollWith(side), { passive: true });

  /** @param {typeof SIDES[number]} side */
  function scrollWith(side) {
    for (const other of SIDES) if (other !== side) walls[other].element.scrollTop = walls[side].element.scrollTop;
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
    return describePlace(/** @type {Comparison} */ (comparison), side, place, shapes.b, classes);
  }

  // ---------------------------------------------------------------- swipe
  /** @param {PointerEvent} event */
  function drag(event) {
    const area = panels.a.getBoundingClientRect();
    actions.onSplit(Math.max(0, Math.min(100, Math.round(((event.clientX - area.left) / area.width) * 100))));
  }
  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    event.preventDefault();
    divider.focus();
  });
  divider.addEventListener("pointermove", (event) => divider.hasPointerCapture(event.pointerId) && drag(event));
  divider.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -STEP, ArrowRight: STEP, ArrowDown: -STEP, ArrowUp: STEP, Home: -100, End: 100 }[event.key];
    if (way === undefined || !view) return;
    event.preventDefault(); // the page would walk to another channel
    actions.onSplit(Math.max(0, Math.min(100, view.split + way)));
  });

  // ---------------------------------------------------------------- flicker
  /** @param {boolean} isB */
  function show(isB) {
    element.classList.toggle("shows-b", isB);
    hold.setAttribute("aria-pressed", String(isB));
    element.dataset.showing = isB ? "b" : "a";
  }

  /** @param {boolean} down */
  function holding(down) {
    if (isHeld === down) return;
    isHeld = down;
    show(down);
  }
  hold.addEventListener("pointerdown", () => holding(true));
  for (const end of ["pointerup", "pointerleave", "blur"]) hold.addEventListener(end, () => holding(false));
  hold.addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && holding(true));
  hold.addEventListener("keyup", () => holding(false));

  function setFlicker() {
    const wanted = view?.mode === "flicker";
    hold.hidden = !wanted || !still.matches;
    const moving = wanted && !still.matches;
    if (moving && !flicker) flicker = window.setInterval(() => show(!element.classList.contains("shows-b")), FLICKER_MS);
    if (moving) return;
    clearInterval(flicker);
    flicker = 0;
    if (!isHeld) show(false);
  }
  still.addEventListener("change", setFlicker);

  // ---------------------------------------------------------------- drawing
  /** What is particular to a wall: B has its own shape and numbers where the two cannot be subtracted. @param {typeof SIDES[number]} side @param {WallsView} v */
  function particulars(side, v) {
    const isApart = side === "b" && v.shapes.b !== null && (!v.comparison || v.comparison.reason !== "");
    if (!isApart) return { shape: v.shapes.a, channels: v.channels, selected: v.selected };
    const shape = /** @type {number[]} */ (v.shapes.b);
    return { shape, channels: Array.from({ length: Math.min(v.channels.length, shape[0]) }, (_, i) => i), selected: -1 };
  }

  /** @param {typeof SIDES[number]} side @param {WallsView} v */
  function drawWall(side, v) {
    const layer = v.comparison?.[side];
    const isDifference = side === "difference";
    const bounds = isDifference ? v.bounds.difference : v.bounds.shared;
    walls[side].update({
      ...particulars(side, v),
      values: layer?.values ?? null,
      statistics: layer?.statistics ?? null,
      order: v.order,
      boundsOf: () => bounds,
      table: isDifference ? v.differenceTable : v.table,
      tile: v.all ? 1 : 0,
      title: `${isDifference ? "B − A" : `${side.toUpperCase()}, ${v.names[side]}`}, ${v.title}`,
    });
  }

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
    /** The three walls as pictures, for saving. */
    pictures: () => ({ a: walls.a.picture(), b: walls.b.picture(), difference: walls.difference.picture() }),
    /** How many channels the walls of this mode have room for. @param {number[]} shape @param {string} mode */
    capacity(shape, mode) {
      element.dataset.mode = mode;
      const ratio = window.devicePixelRatio || 1;
      const area = walls.a.element;
      return fitting(shape[0], Math.max(shape[1], shape[2]), Math.round(area.clientWidth * ratio), Math.round(area.clientHeight * ratio), ratio);
    },
    /** @param {WallsView} next */
    update(next) {
      view = next;
      element.dataset.mode = next.mode;
      const reason = next.comparison?.reason ?? "";
      setText(refusal, reason);
      refusal.hidden = !reason;
      walls.difference.element.hidden = legends.difference.element.hidden = Boolean(reason);
      for (const side of SIDES) if (side !== "difference" || (next.mode === "difference" && !reason)) drawWall(side, next);
      drawHeads(next);
      this.split(next.split);
      setFlicker();
    },
    /** @param {number} percent Only the divider has moved. */
    split(percent) {
      if (view) view = { ...view, split: percent };
      divider.hidden = view?.mode !== "swipe";
      element.style.setProperty("--split", `${percent}%`);
      divider.setAttribute("aria-valuenow", String(percent));
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
      clearInterval(flicker);
      still.removeEventListener("change", setFlicker);
    },
  };
}
