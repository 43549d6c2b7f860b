/** What no page has to think of: double clicks on what changes, and files that are let fall where no page takes them. */
import { gettext } from "../lib/language.js";

/** @param {Event} event @returns {string} what the button says that is clicked, and whether it is pressed; "" beside all buttons */
function saidBy(event) {
  const button = /** @type {HTMLElement | undefined} */ (event.composedPath().find((each) => /** @type {Node} */ (each).nodeName === "BUTTON"));
  return button ? [button.textContent, button.getAttribute("aria-label"), button.getAttribute("aria-pressed")].join() : "";
}

/**
 * The second click of a double one is meant for what the first one fell on. A button that says something else by then, as "Remove
 * it" where "Remove" stood, or "Go on" instead of "Cancel", does not take it.
 * @param {EventTarget} root
 */
export function guardDoubleClicks(root) {
  let first = "";
  root.addEventListener(
    "click",
    (event) => {
      const said = saidBy(event);
      if (/** @type {MouseEvent} */ (event).detail < 2) first = said;
      else if (said !== first) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true,
  );
}

/** A file that no page takes would be opened by the browser in place of the app. @param {(words: string) => void} say @returns {() => void} ends it */
export function guardDrops(say) {
  /** @param {DragEvent} event */
  function onDrag(event) {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (event.type === "drop") say(gettext("This page takes no files that are dropped. Photos and model files can be dropped on Explore."));
  }
  for (const type of /** @type {const} */ (["dragover", "drop"])) window.addEventListener(type, onDrag);
  return () => {
    for (const type of /** @type {const} */ (["dragover", "drop"])) window.removeEventListener(type, onDrag);
  };
}
