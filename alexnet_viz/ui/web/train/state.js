/** What a view of the Train page is, and what the address bar holds of it. Defaults leave no trace there. */
import { readUrl, writeUrl } from "../shell/url.js";

/** @typedef {{run: string, epoch: string, photo: string, stage: string, channel: string, filter: string, axis: string, smoothing: string}} State epoch is "" for the last one, filter "all" for all of them */

/** Changes that Back undoes. */
const PUSHED = ["run", "photo"];

/** @param {string} photo @returns {State} */
export function defaultsWith(photo) {
  return { run: "", epoch: "", photo, stage: "block2.relu", channel: "", filter: "", axis: "linear", smoothing: "0.9" };
}

/** @param {State} defaults @returns {State} */
export function readState(defaults) {
  const read = { ...defaults, ...readUrl(Object.keys(defaults)) };
  if (read.axis !== "log") read.axis = defaults.axis;
  if (!(Number(read.smoothing) >= 0 && Number(read.smoothing) < 1)) read.smoothing = defaults.smoothing;
  if (!/^(all|\d{0,4})$/.test(read.filter)) read.filter = defaults.filter;
  if (!/^block[1-5]\.relu$/.test(read.stage)) read.stage = defaults.stage;
  return read;
}

/** @param {State} state @param {State} before @param {State} defaults @param {boolean} isGallery Whether the photo can be named in a link. */
export function writeState(state, before, defaults, isGallery) {
  const keys = /** @type {(keyof State)[]} */ (Object.keys(state));
  /** @type {Record<string, string | null>} */
  const entries = Object.fromEntries(keys.map((key) => [key, state[key] === defaults[key] || (key === "photo" && !isGallery) ? null : state[key]]));
  writeUrl(entries, PUSHED.some((key) => state[/** @type {keyof State} */ (key)] !== before[/** @type {keyof State} */ (key)]));
}
