/** What a view of the Compare page is, and what the address bar holds of it. */
import { keepPhoto } from "../shell/own_photo.js";
import { resolveLast } from "../shell/links.js";
import { readUrl, writeUrl } from "../shell/url.js";

/**
 * @typedef {{photo: string, a: string, b: string, view: string, stage: string, other: string, channel: string, place: string, order: string, mode: string,
 *   shown: string, top: string, pairs: string, split: string, data: string, count: string, more: string}} State
 * @typedef {keyof State} Key
 */

export const VIEWS = ["photo", "test", "weights", "recipes"];
export const ORDERS = ["changed", "index"];
export const COUNTS = ["512", "2000", "10000"];
export const MODES = ["difference", "swipe", "flicker"];
/** @type {State} */
const DEFAULTS = {
  photo: "chelsea",
  a: "",
  b: "",
  view: "photo",
  stage: "block2.relu",
  other: "", // B's stage where it is another one than A's
  channel: "",
  place: "",
  order: "changed",
  mode: "difference",
  shown: "fitting",
  top: "clipped",
  pairs: "",
  split: "50",
  data: "", // the first that is there
  count: "512",
  more: "", // further checkpoints of the recipes' table and curves, with commas
};
const KEYS = /** @type {Key[]} */ (Object.keys(DEFAULTS));
/** What may stand in an address, which anyone may have written; anything else there is as if it were not. */
const ALLOWED = {
  view: VIEWS,
  order: ORDERS,
  mode: MODES,
  shown: ["fitting", "all"],
  top: ["clipped", "whole"],
  pairs: ["", "index", "matched"],
  count: COUNTS,
  split: Array.from({ length: 101 }, (_, percent) => String(percent)),
};
/** Changes that Back undoes. */
const PUSHED = new Set(["photo", "a", "b", "view", "stage", "other", "mode"]);

/** @param {string} checkpoint The one to open with. @returns {State} */
export function defaultsWith(checkpoint) {
  return { ...DEFAULTS, a: checkpoint };
}

/** @param {State} defaults @param {{name: string}[]} checkpoints those of a run newest first @returns {State} */
export function readState(defaults, checkpoints) {
  const read = /** @type {Partial<State>} */ (readUrl(KEYS));
  for (const [key, allowed] of /** @type {[Key, string[]][]} */ (Object.entries(ALLOWED))) if (!allowed.includes(read[key] ?? "")) delete read[key];
  for (const side of /** @type {const} */ (["a", "b"])) if (read[side]) read[side] = resolveLast(read[side], checkpoints);
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
  for (const key of KEYS) entries[key] = state[key] === defaults[key] || state[key] === "" || (key === "photo" && !isGallery) ? null : state[key];
  // Another server may open with another checkpoint: a link to a comparison names both.
  if (state.b) entries.a = state.a;
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
  if (next.stage !== before.stage && !("other" in given)) next.other = "";
  if ((next.stage !== before.stage || next.other !== before.other) && !("channel" in given)) next.channel = next.place = "";
  if (next.channel !== before.channel && !("place" in given)) next.place = "";
  return next;
}
