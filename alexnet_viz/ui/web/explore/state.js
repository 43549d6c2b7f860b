/** What a view of the Explore page is, and what the address bar holds of it. Defaults leave no trace there. */
import { COLOUR_MAPS, GAMMAS } from "../lib/colour.js";
import { resolveLast } from "../shell/links.js";
import { keepPhoto } from "../shell/own_photo.js";
import { readUrl, writeUrl } from "../shell/url.js";
import { TILE_ZOOMS } from "../maps/wall.js";

/**
 * @typedef {{photo: string, checkpoint: string, resize: string, stage: string, channel: string, place: string, range: string, top: string,
 *   order: string, map: string, gamma: string, silent: string, tile: string, view: string}} State
 * @typedef {keyof State} Key
 */

export const RANGES = ["channel", "layer", "block", "network"];
export const ORDERS = ["index", "maximum", "mean", "zeros"];
/** @type {State} */
const DEFAULTS = {
  photo: "chelsea",
  checkpoint: "",
  resize: "",
  stage: "block1.relu",
  channel: "",
  place: "",
  range: "layer",
  top: "clipped",
  order: "index",
  map: "house",
  gamma: "1",
  silent: "shown",
  tile: "0",
  view: "wall",
};
export const KEYS = /** @type {Key[]} */ (Object.keys(DEFAULTS));
/** What may stand in an address, which anyone may have written; anything else there is as if it were not. */
const ALLOWED = {
  resize: ["crop", "squash"],
  range: RANGES,
  top: ["clipped", "whole"],
  order: ORDERS,
  map: COLOUR_MAPS,
  gamma: GAMMAS.map(String),
  silent: ["shown", "hidden"],
  tile: TILE_ZOOMS.map(String),
  view: ["wall", "channel", "photos"],
};
/** Changes that Back undoes. */
const PUSHED = new Set(["photo", "checkpoint", "resize", "stage", "view"]);

/** @param {string} checkpoint The one to open with. @returns {State} */
export function defaultsWith(checkpoint) {
  return { ...DEFAULTS, checkpoint };
}

/** @param {State} defaults @param {{name: string}[]} checkpoints those of a run newest first @returns {State} */
export function readState(defaults, checkpoints) {
  const read = /** @type {Partial<State>} */ (readUrl(KEYS));
  for (const [key, allowed] of /** @type {[Key, string[]][]} */ (Object.entries(ALLOWED))) if (!allowed.includes(read[key] ?? "")) delete read[key];
  if (read.checkpoint) read.checkpoint = resolveLast(read.checkpoint, checkpoints);
  return { ...defaults, ...read };
}

/** @param {State} state @param {State} before @returns {Key[]} */
export function changes(state, before) {
  return KEYS.filter((key) => state[key] !== before[key]);
}

/**
 * @param {State} state
 * @param {State} defaults
 * @param {Key[]} changed
 * @param {boolean} isGallery Whether the photo can be named in a link.
 */
export function writeState(state, defaults, changed, isGallery) {
  /** @type {Record<string, string | null>} */
  const entries = {};
  for (const key of KEYS) {
    const isDefault = state[key] === defaults[key] || state[key] === "";
    entries[key] = isDefault || (key === "photo" && !isGallery) ? null : state[key];
  }
  keepPhoto(state.photo);
  writeUrl(
    entries,
    changed.some((key) => PUSHED.has(key)),
  );
}

/**
 * What follows from a change: another stage has its own channels, another channel its own strongest place.
 * @param {State} before
 * @param {Partial<State>} given
 * @returns {State}
 */
export function follow(before, given) {
  const next = { ...before, ...given };
  if (next.stage !== before.stage) {
    if (!("view" in given) && next.view === "channel") next.view = "wall";
    if (!("channel" in given)) next.channel = next.place = "";
  }
  if (next.channel !== before.channel && !("place" in given)) next.place = "";
  return next;
}
