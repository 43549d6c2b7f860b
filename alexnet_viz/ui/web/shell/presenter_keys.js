/** The keys of presenter mode among those of a page: P leads in and out, Esc leads out before it does what the page has it do. */
import { gettext } from "../lib/language.js";

/** @typedef {import("./page_frame.js").Shortcut} Shortcut */

/**
 * @param {Shortcut[]} keys of the page @param {() => boolean} isPresenting @param {() => void} toggle
 * @returns {Shortcut[]} with P, and Esc where the page has none, before the page's Esc or the list of keys
 */
export function withModeKeys(keys, isPresenting, toggle) {
  const own = keys.map((each) => (isEscape(each) ? leavingFirst(each, isPresenting, toggle) : each));
  const escape = {
    key: "Esc",
    does: gettext("one level back"),
    keys: ["Escape"],
    action: () => void (isPresenting() && toggle()),
  };
  const last = own.findIndex(({ key }) => key === "Esc" || key === "?");
  return [
    ...own.slice(0, last),
    { key: "P", does: gettext("presenter mode"), keys: ["p"], action: toggle },
    ...(own.some(isEscape) ? [] : [escape]),
    ...own.slice(last),
  ];
}

/** @param {Shortcut} shortcut */
function isEscape({ keys }) {
  return keys.includes("Escape");
}

/** @param {Shortcut} shortcut @param {() => boolean} isPresenting @param {() => void} toggle @returns {Shortcut} */
function leavingFirst(shortcut, isPresenting, toggle) {
  return { ...shortcut, action: (event) => (isPresenting() ? toggle() : shortcut.action(event)) };
}
