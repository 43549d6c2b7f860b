/** How Compare opens for the first time: two networks that came with the app, and one line that says so. */

import { gettext } from "../lib/language.js";

/** @typedef {{photo: string, a: string, b: string, words: string}} Beginning */

const PHOTO = "chelsea";
const FAST = "cifar10-fast";
const PHOTOGRAPHS = "cifar10-photographs";
const UNTRAINED = "untrained";
/** Where the browser keeps that the line is no longer wanted: longer than a tab lives. */
const SEEN = "alexnet_viz.compare-begun";

/**
 * Compare never opens empty: where a shipped file is missing, the other stands beside the untrained network.
 * @param {{name: string}[]} checkpoints
 * @returns {Beginning}
 */
export function beginningWith(checkpoints) {
  const has = (/** @type {string} */ name) => checkpoints.some((entry) => entry.name === name);
  if (has(FAST) && has(PHOTOGRAPHS))
    return {
      photo: PHOTO,
      a: FAST,
      b: PHOTOGRAPHS,
      words: gettext("two networks that came with the app. B is A after further training, on photographs too."),
    };
  const other = [FAST, PHOTOGRAPHS].find(has) ?? checkpoints.find(({ name }) => name !== UNTRAINED)?.name;
  if (!other)
    return {
      photo: PHOTO,
      a: UNTRAINED,
      b: UNTRAINED,
      words: gettext("the untrained network on both sides, for want of another."),
    };
  return {
    photo: PHOTO,
    a: UNTRAINED,
    b: other,
    words: gettext("A is the untrained network, B is {other}.", { other }),
  };
}

/** @returns {boolean} whether the line has been hidden, or the first comparison left, in this browser */
export function hasBegun() {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return false; // storage is blocked, as in an iframe of another site: the line comes back with each visit
  }
}

export function begin() {
  try {
    localStorage.setItem(SEEN, "1");
  } catch {
    // Storage is blocked or full: the line is hidden for as long as the page is open.
  }
}
