/** The keys of a page: which of them are the page's, and what they do. */

/** @typedef {import("./page_frame.js").Shortcut} Shortcut */
/** @typedef {{key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean}} Press */

/**
 * @param {HTMLElement} root
 * @param {{shortcuts: () => Shortcut[], isHelpOpen: () => boolean, toggleHelp: () => void}} page shortcuts: those that hold just now
 */
export function createPageKeys(root, { shortcuts, isHelpOpen, toggleHelp }) {
  /** @type {Shortcut | null} */
  let held = null;

  /** Keys belong to a field, a menu or an open dialog before they belong to the page. @param {KeyboardEvent} event */
  function isTaken(event) {
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const inPage =
      event.composedPath().includes(root) || target === document.body || target === document.documentElement;
    if (!inPage || event.altKey || event.defaultPrevented || root.querySelector("dialog[open]")) return true;
    if (target.matches("input:not([type=checkbox]):not([type=range]), select, textarea, [contenteditable]"))
      return true;
    if (target.matches("input[type=range]")) return event.key.startsWith("Arrow");
    return target.matches("button, a, input") && ["Enter", " "].includes(event.key);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key === "?" && !event.ctrlKey && !event.metaKey && (isHelpOpen() || !isTaken(event))) {
      event.preventDefault();
      return toggleHelp();
    }
    if (isTaken(event)) return;
    const shortcut = shortcutOf(shortcuts(), event);
    if (!shortcut) return;
    event.preventDefault();
    if (shortcut.release && held) return; // the key repeats itself
    if (shortcut.release) held = shortcut;
    shortcut.action(event);
  }

  /** The key that is held: let go, or the window has lost it. @param {Event} event */
  function onRelease(event) {
    if (event instanceof KeyboardEvent && !held?.keys.includes(event.key.toLowerCase())) return;
    held?.release?.();
    held = null;
  }
  document.addEventListener("keydown", onKey);
  document.addEventListener("keyup", onRelease);
  window.addEventListener("blur", onRelease);

  return {
    destroy() {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("keyup", onRelease);
      window.removeEventListener("blur", onRelease);
    },
  };
}

/** @param {Shortcut[]} shortcuts @param {Press} press @returns {Shortcut | undefined} what is meant; a letter is the same key with Shift and without */
export function shortcutOf(shortcuts, press) {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return shortcuts.find((each) => each.keys.includes(key) && isMeant(each, press));
}

/** @param {Shortcut} shortcut @param {Press} press */
function isMeant({ ctrl = false, shift }, press) {
  return ctrl === (press.ctrlKey || press.metaKey) && (shift === undefined || shift === press.shiftKey);
}
