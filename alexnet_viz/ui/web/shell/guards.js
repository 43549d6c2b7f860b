/** What no page has to think of: presses on what moves or changes meanwhile, and files that are let fall where no page takes them. */
import { wordsOf } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

const SLOP = 4; // CSS pixels that a hand moves while it presses

/** @param {Event} event @returns {HTMLElement | undefined} the button that it fell on, if any */
function buttonOf(event) {
  return /** @type {HTMLElement | undefined} */ (
    event.composedPath().find((each) => /** @type {Node} */ (each).nodeName === "BUTTON")
  );
}

/** @param {Event} event @returns {string} what the button says that is clicked, and whether it is pressed; "" beside all buttons */
function saidBy(event) {
  const button = buttonOf(event);
  return button ? [wordsOf(button), button.getAttribute("aria-pressed")].join() : "";
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
      const words = saidBy(event);
      if (/** @type {MouseEvent} */ (event).detail < 2) first = words;
      else if (words !== first) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true,
  );
}

/**
 * A press is for the button that it began on, though the page moved that away before the press ended, as numbers do that count
 * beside a "Cancel"; the browser gives no click then. A pointer that moved itself has taken the press back.
 * @param {EventTarget} root @returns {() => void} ends it
 */
export function guardPresses(root) {
  let pressed = { button: /** @type {HTMLElement | undefined} */ (undefined), x: NaN, y: NaN };
  /** @param {Event} event */
  function onDown(event) {
    const { button, isPrimary, clientX, clientY } = /** @type {PointerEvent} */ (event);
    pressed = { button: button === 0 && isPrimary ? buttonOf(event) : undefined, x: clientX, y: clientY };
  }
  /** @param {PointerEvent} event */
  function onUp(event) {
    const { button, x, y } = pressed;
    pressed = { button: undefined, x: NaN, y: NaN };
    if (!button || buttonOf(event) === button || !(Math.hypot(event.clientX - x, event.clientY - y) < SLOP)) return;
    setTimeout(() => button.click()); // after what the browser makes of this release
  }
  root.addEventListener("pointerdown", onDown, true);
  window.addEventListener("pointerup", onUp, true);
  return () => window.removeEventListener("pointerup", onUp, true);
}

/** A file that no page takes would be opened by the browser in place of the app. @param {(words: string) => void} say @returns {() => void} ends it */
export function guardDrops(say) {
  /** @param {DragEvent} event */
  function onDrag(event) {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (event.type === "drop")
      say(gettext("This page takes no files that are dropped. Photos and model files can be dropped on Explore."));
  }
  for (const type of /** @type {const} */ (["dragover", "drop"])) window.addEventListener(type, onDrag);
  return () => {
    for (const type of /** @type {const} */ (["dragover", "drop"])) window.removeEventListener(type, onDrag);
  };
}
