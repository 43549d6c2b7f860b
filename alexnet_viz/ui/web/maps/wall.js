/** The feature-map wall: every channel of one stage on one canvas, marks on a second one, words for those who do not see it. */
import { createSpeaker, fill, h } from "../lib/dom.js";
import { gridWithin, placeOn, revealingScroll, wholeHeight, windowOf } from "./wall_geometry.js";
import { createWallGrid } from "./wall_grid.js";
import { MARGIN, paintRings, paintTiles, rowsOf } from "./wall_painting.js";
import { placeWords, spoken } from "./wall_words.js";

/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/** @typedef {import("./grid.js").Grid} Grid */
/** @typedef {{channel: number, row: number, column: number}} Place */
/**
 * What the wall shows. `values` is null until they have arrived; the slots stand at their size from the start.
 * @typedef {{shape: number[], values: Float32Array | null, statistics: Float32Array | null, order: string, channels: number[],
 *   boundsOf: (channel: number) => Bounds, table: Uint32Array, selected: number, tile: number, title: string, nameOf?: (channel: number) => string,
 *   chosen?: readonly number[], changed?: ReadonlyMap<number, string>}} WallView
 * `nameOf`: what a person calls a channel, "" for nothing; `chosen`: several, in the order in which they were; `changed`: what is done to
 * channels, "off" or another word
 */
/**
 * What differs where several walls stand beside each other: names of their own, one of them for the keys, other words.
 * @typedef {{name: string, ruler: boolean, focusable: boolean, describe: (place: Place) => [string, string]}} WallOptions
 */

const RULER = 34; // CSS pixels
export const TILE_ZOOMS = [0, 1, 2, 3, 4, 6, 8, 12];

/**
 * @param {{onHover: (place: Place | null) => void, onSelect: (place: Place, isAdded?: boolean) => void, onOpen: () => void}} actions isAdded: with Shift or Ctrl, one of several
 * @param {Partial<WallOptions>} [options]
 */
export function createWall(actions, options = {}) {
  const {
    name = "wall",
    ruler: hasRuler = true,
    focusable = true,
    describe = (place) => placeWords(/** @type {WallView} */ (view), place),
  } = options;
  const base = h("canvas", { class: "wall-base", "aria-hidden": "true" });
  const marks = h("canvas", { class: "wall-marks", "aria-hidden": "true" });
  const ruler = h("div", { class: "wall-ruler", "aria-hidden": "true", hidden: !hasRuler });
  const readout = h("div", { class: "readout", hidden: true });
  const tiles = h("div", { class: "wall-tiles" }, base, marks, readout);
  const grid = createWallGrid(name, focusable, [ruler, tiles]);
  const speaker = createSpeaker();
  const element = h("div", { class: "wall-panel" }, grid.element, speaker.element);

  /** @type {WallView | null} */
  let view = null;
  /** @type {Grid | null} */
  let layout = null;
  /** @type {Place | null} */
  let hover = null;
  let ratio = 1;
  /** First row of the wall that the canvases show, and their height, in device pixels: where it scrolls, a window of it. */
  let [top, shown] = [0, 0];

  /** @param {WallView} v @param {number} tile */
  function gridFor(v, tile) {
    const width = Math.round((grid.element.clientWidth - (hasRuler ? RULER : 0)) * ratio);
    return gridWithin(v, width, Math.round(element.clientHeight * ratio), ratio, tile);
  }

  /** @param {WallView} v */
  function arrange(v) {
    ratio = window.devicePixelRatio || 1;
    layout = gridFor(v, v.tile);
    element.classList.toggle("scrolls", !layout.fits);
    if (!layout.fits) layout = gridFor(v, v.tile); // beside the scroll bar
    tiles.style.height = `${layout.height / ratio + 2 * MARGIN}px`;
    lookThrough();
  }

  /** Find which part of the wall is in the panel's window. */
  function lookThrough() {
    [top, shown] = windowOf(/** @type {Grid} */ (layout), ratio, element);
  }

  /** @param {WallView} v @param {HTMLCanvasElement} canvas @param {Grid} g @param {number} from @param {number} height device pixels */
  function paintBase(v, canvas, g, from, height) {
    paintTiles(v, canvas, g, { from, height, ratio }, getComputedStyle(element));
  }

  /** @param {WallView} v */
  function paintMarks(v) {
    paintRings(
      v,
      marks,
      /** @type {Grid} */ (layout),
      { from: top, height: shown, ratio },
      hover,
      getComputedStyle(element),
    );
  }

  /** @param {PointerEvent | MouseEvent} event @returns {Place | null} */
  function placeAt(event) {
    if (!view || !layout) return null;
    const area = base.getBoundingClientRect();
    return placeOn(view, layout, ratio, [
      ((event.clientX - area.left) * base.width) / area.width,
      top + ((event.clientY - area.top) * base.height) / area.height,
    ]);
  }

  /** @param {Place | null} place @param {PointerEvent} [event] */
  function setHover(place, event) {
    hover = place;
    if (!view || !layout) return;
    paintMarks(view);
    readout.hidden = !place;
    if (place && event && view.values) {
      const [where, value] = describe(place);
      fill(readout, `${where}: `, h("b", {}, value));
      speaker.say(`${spoken(where)}: ${value}`);
      placeBeside(readout, event, tiles.getBoundingClientRect());
    }
    actions.onHover(place);
  }

  marks.addEventListener("pointermove", (event) => setHover(placeAt(event), event));
  marks.addEventListener("pointerleave", () => setHover(null));
  marks.addEventListener("click", (event) => {
    const place = placeAt(event);
    if (place) actions.onSelect(place, event.shiftKey || event.ctrlKey || event.metaKey);
  });
  marks.addEventListener("dblclick", () => actions.onOpen());
  element.addEventListener("scroll", () => {
    if (!view || !layout || layout.fits) return;
    lookThrough();
    paintBase(view, base, layout, top, shown);
    paintMarks(view);
  });

  /** Keep the selected channel in view where the wall scrolls. */
  function revealSelected() {
    if (!view || !layout) return;
    const scroll = revealingScroll(view, layout, ratio, element);
    if (scroll !== null) element.scrollTop = scroll;
  }

  /** @param {WallView} next */
  function update(next) {
    const isRevealed = view !== null && isLaidOutAs(view, next);
    view = next;
    if (hover && !next.channels.includes(hover.channel)) hover = null;
    arrange(next);
    paintBase(next, base, /** @type {Grid} */ (layout), top, shown);
    paintMarks(next);
    fill(ruler, rulerMarks(next, /** @type {Grid} */ (layout), ratio));
    grid.update(next, layout);
    if (!isRevealed) revealSelected();
  }

  return {
    element,
    get columns() {
      return layout?.columns ?? 1;
    },
    /** The whole wall as a picture; at the size that fits where the wall scrolls. */
    picture() {
      if (!view || !layout || layout.fits) return base;
      const [canvas, g] = [h("canvas"), gridFor(view, 0)];
      paintBase(view, canvas, g, 0, wholeHeight(g, ratio));
      return canvas;
    },
    update,
    /** Empty slots at their right size. @param {number[]} shape @param {string} title */
    wait(shape, title) {
      update(waitingView(shape, title));
    },
    /** The same place as the pointer is at in another wall. @param {Place | null} place */
    point(place) {
      hover = place;
      if (view && layout) paintMarks(view);
    },
    /** Only this has changed: nothing is painted anew but the marks. @param {number} selected @param {readonly number[]} [chosen] */
    select(selected, chosen = view?.chosen) {
      if (!view) return;
      view = { ...view, selected, chosen };
      paintMarks(view);
      grid.update(view, layout);
      revealSelected();
    },
  };
}

/** What the ruler says of each row of tiles. @param {WallView} v @param {Grid} grid @param {number} ratio */
function rulerMarks(v, grid, ratio) {
  return rowsOf(v, grid).map(({ text, middle }) => h("span", { style: `top:${middle / ratio}px` }, text));
}

/** Whether the selected channel stands where it stood. @param {WallView} before @param {WallView} next */
function isLaidOutAs(before, next) {
  const { tile, selected, title, order } = before;
  return tile === next.tile && selected === next.selected && title === next.title && order === next.order;
}

/** Right of the pointer and above it; below where there is no room. @param {HTMLElement} readout @param {PointerEvent} event @param {DOMRect} area that the readout stays in */
function placeBeside(readout, event, area) {
  const left = Math.min(event.clientX - area.left + 14, area.width - readout.offsetWidth);
  const above = event.clientY - area.top - readout.offsetHeight - 10;
  readout.style.transform = `translate(${Math.max(0, left)}px, ${above < 0 ? event.clientY - area.top + 18 : above}px)`;
}

/** Empty slots. @param {number[]} shape @param {string} title @returns {WallView} */
function waitingView(shape, title) {
  const bounds = { low: 0, high: 1, clippedLow: false, clippedHigh: false };
  return {
    shape,
    values: null,
    statistics: null,
    order: "index",
    channels: Array.from({ length: shape[0] }, (_, channel) => channel),
    boundsOf: () => bounds,
    table: new Uint32Array(256),
    selected: -1,
    tile: 0,
    title,
  };
}
