/** Small helpers to build and change elements; no framework. */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * @param {Element} element
 * @param {string} name
 * @param {unknown} value A function is a listener ("onclick"), false or null removes, true sets an empty attribute.
 */
export function setAttribute(element, name, value) {
  if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
  else if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/**
 * Build an element with its attributes, listeners and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  append(element, children);
  return element;
}

/**
 * @param {Node} parent
 * @param {(Child | Child[])[]} children
 */
function append(parent, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * Replace everything inside an element. Where the focus was inside, it goes to what took the place: the keyboard's way would
 * begin at the top of the page again.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  const focused = focusedIn(element);
  const place = focused ? buttonsIn(element).indexOf(focused) : -1;
  element.replaceChildren();
  append(element, children);
  if (focused) successor(element, focused, place)?.focus({ preventScroll: true });
}

/** @param {Element} element @returns {HTMLElement | null} what has the focus inside it */
function focusedIn(element) {
  const { activeElement } = /** @type {Document | ShadowRoot} */ (element.getRootNode());
  return activeElement && activeElement !== element && element.contains(activeElement)
    ? /** @type {HTMLElement} */ (activeElement)
    : null;
}

/** @param {Element} element @returns {HTMLElement[]} */
const buttonsIn = (element) => [...element.querySelectorAll("button")];

/** The same again, the button that says the same, or the one in its place. @param {Element} element @param {HTMLElement} focused @param {number} place */
function successor(element, focused, place) {
  if (element.contains(focused)) return focused;
  const buttons = place < 0 ? [] : buttonsIn(element);
  return buttons.find((each) => wordsOf(each) === wordsOf(focused)) ?? buttons[place];
}

/**
 * Change what is shown. Where that hides what has the focus, the first stop in another place gets it.
 * @param {HTMLElement} place
 * @param {() => void} change
 */
export function keepFocus(place, change) {
  const root = /** @type {Document | ShadowRoot} */ (place.getRootNode());
  const isSeen = (/** @type {Element} */ each) => each.getClientRects().length > 0;
  const isNowhere = () => !root.activeElement || root.activeElement === document.body;
  const focused = isNowhere() ? null : root.activeElement;
  change();
  if (!focused || isSeen(focused) || !(isNowhere() || root.activeElement === focused)) return;
  const stops = /** @type {HTMLElement[]} */ ([...place.querySelectorAll("button:not(:disabled), [tabindex='0']")]);
  stops.find(isSeen)?.focus({ preventScroll: true });
}

/** What a button says, to the eye and to the ear: drawn anew, the same button says the same. @param {HTMLElement} button @returns {string} */
export function wordsOf(button) {
  return [button.textContent, button.getAttribute("aria-label")].join();
}

/**
 * Change the text only where it differs, so that screen readers are not told twice.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** How long a message stands before the next, in milliseconds. */
const SPEECH_MS = 500;

/**
 * A polite live region for what changes as fast as the pointer moves: at most one message in half a second, and the last.
 * @returns {{element: HTMLElement, say: (text: string) => void}}
 */
export function createSpeaker() {
  const element = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
  let latest = "";
  let isWaiting = false;
  function speak() {
    isWaiting = element.textContent !== latest;
    if (!isWaiting) return;
    element.textContent = latest;
    setTimeout(speak, SPEECH_MS);
  }
  return {
    element,
    say(text) {
      latest = text;
      if (!isWaiting) speak();
    },
  };
}

/**
 * Give a canvas as many pixels as the screen shows of it, and return its context in device pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width CSS pixels
 * @param {number} height CSS pixels
 * @returns {{context: CanvasRenderingContext2D, ratio: number}}
 */
export function sizeCanvas(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [columns, rows] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.imageSmoothingEnabled = false;
  return { context, ratio };
}

/** The context of an empty square canvas, which is as wide as its style sheet has it. @param {HTMLCanvasElement} canvas @returns {CanvasRenderingContext2D} */
export function emptySquare(canvas) {
  const side = canvas.clientWidth || 128;
  const { context } = sizeCanvas(canvas, side, side);
  canvas.style.removeProperty("width");
  canvas.style.removeProperty("height");
  context.clearRect(0, 0, canvas.width, canvas.height);
  return context;
}
