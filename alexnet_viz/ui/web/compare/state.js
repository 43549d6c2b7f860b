/** What a view of the Compare page is, and what the address bar holds of it. */
import { resolveLast } from "../shell/links.js";
import { isOwnPhoto, kept } from "../shell/tab_memory.js";

/** @typedef {"photo" | "a" | "b" | "view" | "stage" | "other" | "channel" | "place" | "order" | "mode" | "shown" | "top" | "pairs" | "split" | "data" | "count" | "more"} Key */
/** @typedef {import("../shell/url_state.js").State<Key>} State */

const VIEWS = ["photo", "test", "weights", "recipes"];
export const ORDERS = ["changed", "index"];
export const COUNTS = ["512", "2000", "10000"];
export const MODES = ["difference", "swipe", "flicker"];

/** @param {import("./beginning.js").Beginning} beginning @returns {Record<Key, import("../shell/url_state.js").Entry>} */
export function tableWith(beginning) {
  // Another server may open with other checkpoints: a link to a comparison names both.
  const isChosen = (/** @type {State} */ state) => state.a !== beginning.a || state.b !== beginning.b;
  const read = (/** @type {string} */ name) => resolveLast(name, kept.checkpoints);
  return {
    photo: { default: beginning.photo, pushed: true, shared: "photo", linked: (id) => !isOwnPhoto(id) },
    a: { default: beginning.a, pushed: true, read, explicit: isChosen },
    b: { default: beginning.b, pushed: true, read, explicit: isChosen },
    view: { default: "photo", allowed: VIEWS, pushed: true },
    stage: { default: "block2.relu", pushed: true },
    other: { default: "", pushed: true }, // B's stage where it is another one than A's
    channel: { default: "" },
    place: { default: "" },
    order: { default: "changed", allowed: ORDERS },
    mode: { default: "difference", allowed: MODES, pushed: true },
    shown: { default: "fitting", allowed: ["fitting", "all"] },
    top: { default: "clipped", allowed: ["clipped", "whole"] },
    pairs: { default: "", allowed: ["", "index", "matched"] },
    split: { default: "50", allowed: Array.from({ length: 101 }, (_, percent) => String(percent)) },
    data: { default: "" }, // the first that has the networks' classes
    count: { default: COUNTS[0], allowed: COUNTS },
    more: { default: "" }, // further checkpoints of the recipes' table and curves, with commas
  };
}

/**
 * What follows from a change: another stage has its own channels, another channel its own strongest place.
 * @param {State} before
 * @param {Partial<Record<Key, string>>} given
 * @returns {State}
 */
export function follow(before, given) {
  const next = { ...before, ...given };
  if (next.stage !== before.stage && !("other" in given)) next.other = "";
  if ((next.stage !== before.stage || next.other !== before.other) && !("channel" in given))
    next.channel = next.place = "";
  if (next.channel !== before.channel && !("place" in given)) next.place = "";
  return next;
}

/** One step back: to what the page shows without it. @param {State} state @param {Record<Key, string>} defaults @returns {Partial<Record<Key, string>> | null} null where nothing is left */
export function stepBack(state, defaults) {
  if (state.place) return { place: "" };
  if (state.other) return { other: "" };
  if (state.mode !== defaults.mode) return { mode: defaults.mode };
  return state.shown === defaults.shown ? null : { shown: defaults.shown };
}
