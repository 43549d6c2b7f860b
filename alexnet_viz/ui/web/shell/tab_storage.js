/**
 * What one tab remembers through a reload: the browser's sessionStorage, or the life of the page where that is blocked, as in
 * an iframe of another site.
 */

const PREFIX = "alexnet_viz.";
/** @type {Map<string, string>} what the browser refused to keep */
const unstored = new Map();

/** @param {string} key @returns {any} as it was kept; null where nothing is, or what is there is not ours */
export function recall(key) {
  try {
    return JSON.parse(unstored.get(key) ?? sessionStorage.getItem(PREFIX + key) ?? "null");
  } catch {
    return null; // storage is blocked, or holds what another program wrote under this name
  }
}

/** @param {string} key @param {unknown} value JSON; null is forgotten */
export function remember(key, value) {
  const text = JSON.stringify(value);
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, text);
    unstored.delete(key);
  } catch {
    unstored.set(key, text); // blocked or full: it lasts as long as the page does
  }
}
