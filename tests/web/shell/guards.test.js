/** The second click of a double one goes to nothing that has changed since the first; no file opens in place of the app. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { guardDoubleClicks, guardDrops } from "#web/shell/guards.js";

/** A button as far as a click needs one. @param {string} text @param {string | null} [pressed] */
const button = (text, pressed = null) => ({ nodeName: "BUTTON", textContent: text, getAttribute: (name) => (name === "aria-pressed" ? pressed : null) });

function openPage() {
  /** @type {(event: object) => void} */
  let hear = () => {};
  guardDoubleClicks({ addEventListener: (_type, listener) => (hear = listener) });
  /** @param {object | null} target @param {number} detail which click in a row; 0 by key @returns {boolean} whether it went through */
  return (target, detail) => {
    let isThrough = true;
    hear({ detail, composedPath: () => (target ? [{ nodeName: "SPAN" }, target] : []), preventDefault() {}, stopPropagation: () => (isThrough = false) });
    return isThrough;
  };
}

test("a button that says something else at the second click does not take it", () => {
  const click = openPage();
  assert.deepEqual([click(button("Remove"), 1), click(button("Remove it"), 2), click(button("Remove it"), 1)], [true, false, true]);
  assert.deepEqual([click(button("Cancel"), 1), click(button("Go on"), 2), click(button("Go on"), 3)], [true, false, false]);
  assert.deepEqual([click(button("eye", "false"), 1), click(button("eye", "true"), 2)], [true, false]);
  assert.deepEqual([click(null, 1), click(button("Delete for good"), 2)], [true, false]);
});

test("what stays the same is clicked as often as one likes, and keys are no double clicks", () => {
  const click = openPage();
  assert.deepEqual([1, 2, 3].map((detail) => click(button("›"), detail)), [true, true, true]);
  assert.deepEqual([click(button("Cancel"), 0), click(button("Go on"), 0)], [true, true]);
});

test("a file that no page takes is not opened, and that is said once", () => {
  globalThis.window = new EventTarget();
  const said = [];
  const end = guardDrops((words) => said.push(words));
  const drag = (type, types) => {
    const event = Object.assign(new Event(type, { cancelable: true }), { dataTransfer: { types } });
    globalThis.window.dispatchEvent(event);
    return event.defaultPrevented;
  };
  assert.deepEqual([drag("dragover", ["Files"]), drag("drop", ["Files"]), drag("drop", ["text/plain"])], [true, true, false]);
  assert.equal(said.length, 1);
  end();
  assert.equal(drag("drop", ["Files"]), false);
});
