/** What a view of the Architecture page is, and what the address bar holds of it. Defaults leave no trace there. */
import { SORTS } from "./layer_table.js";
import { readUrl, writeUrl } from "../shell/url.js";

/** @typedef {{variant: string, classes: string, photo: string, numbers: string, stage: string, sort: string}} State */
/** @typedef {keyof State} Key */

export const CLASSES = ["10", "1000"];
const NUMBERS = ["shown", "hidden"];
/** Changes that Back undoes. */
const PUSHED = ["variant", "classes", "photo"];

/** @param {string} photo The one to open with. @returns {State} */
export function defaultsWith(photo) {
  return { variant: "seed", classes: CLASSES[0], photo, numbers: NUMBERS[0], stage: "", sort: "stage" };
}

/** @param {State} defaults @param {string[]} variants @returns {State} what the address holds, as far as it means something */
export function readState(defaults, variants) {
  const keys = Object.keys(defaults);
  const state = { ...defaults, ...readUrl(keys) };
  const known = { variant: variants, classes: CLASSES, numbers: NUMBERS, sort: SORTS };
  for (const [key, values] of Object.entries(known)) {
    const own = /** @type {Key} */ (key);
    if (!values.includes(state[own])) state[own] = defaults[own];
  }
  return state;
}

/**
 * @param {State} state
 * @param {State} before
 * @param {State} defaults
 * @param {{nameable: boolean, own: boolean}} photo Whether it can be named in a link, and whether one's own would come back without a name.
 */
export function writeState(state, before, defaults, photo) {
  /** @type {Record<string, string | null>} */
  const entries = {};
  for (const key of /** @type {Key[]} */ (Object.keys(state))) entries[key] = state[key] === defaults[key] ? null : state[key];
  if (!photo.nameable) entries.photo = null;
  else if (photo.own) entries.photo = state.photo;
  writeUrl(
    entries,
    PUSHED.some((key) => state[/** @type {Key} */ (key)] !== before[/** @type {Key} */ (key)]),
  );
}
