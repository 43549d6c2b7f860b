/** The second click of a double one goes to nothing that has changed since the first; a press counts where it began; no file opens in place of the app. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { guardDoubleClicks, guardDrops, guardPresses } from "#web/shell/guards.js";

/** A button as far as a click needs one. @param {string} text @param {string | null} [pressed] */
const button = (text, pressed = null) => ({
  nodeName: "BUTTON",
  textContent: text,
  getAttribute: (name) => (name === "aria-pressed" ? pressed : null),
});

function openPage() {
  /** @type {(event: object) => void} */
  let hear = () => {};
  guardDoubleClicks({ addEventListener: (_type, listener) => (hear = listener) });
  /** @param {object | null} target @param {number} detail which click in a row; 0 by key @returns {boolean} whether it went through */
  return (target, detail) => {
    let isThrough = true;
    hear({
      detail,
      composedPath: () => (target ? [{ nodeName: "SPAN" }, target] : []),
      preventDefault() {},
      stopPropagation: () => (isThrough = false),
    });
    return isThrough;
  };
}

test("a button that says something else at the second click does not take it", () => {
  const click = openPage();
  assert.deepEqual(
    [click(button("Remove"), 1), click(button("Remove it"), 2), click(button("Remove it"), 1)],
    [true, false, true],
  );
  assert.deepEqual(
    [click(button("Cancel"), 1), click(button("Go on"), 2), click(button("Go on"), 3)],
    [true, false, false],
  );
  assert.deepEqual([click(button("eye", "false"), 1), click(button("eye", "true"), 2)], [true, false]);
  assert.deepEqual([click(null, 1), click(button("Delete for good"), 2)], [true, false]);
});

test("what stays the same is clicked as often as one likes, and keys are no double clicks", () => {
  const click = openPage();
  assert.deepEqual(
    [1, 2, 3].map((detail) => click(button("›"), detail)),
    [true, true, true],
  );
  assert.deepEqual([click(button("Cancel"), 0), click(button("Go on"), 0)], [true, true]);
});

/** @param {object} down @param {object} up @returns {Promise<number>} how often the button was clicked by the guard */
async function clicksBetween(down, up) {
  globalThis.window = new EventTarget();
  const root = new EventTarget();
  const end = guardPresses(root);
  let clicks = 0;
  const pressed = { nodeName: "BUTTON", click: () => (clicks += 1) };
  /** @param {EventTarget} target @param {string} type @param {object} at */
  const send = (target, type, at) => {
    const event = Object.assign(new Event(type), { button: 0, isPrimary: true, clientX: 50, clientY: 50 }, at);
    event.composedPath = () => [at.on === "elsewhere" ? { nodeName: "P" } : pressed];
    target.dispatchEvent(event);
  };
  send(root, "pointerdown", down);
  send(globalThis.window, "pointerup", up);
  send(globalThis.window, "pointerup", up); // no second press
  await new Promise((resolve) => globalThis.setTimeout(resolve));
  end();
  return clicks;
}

test("a press counts for the button that was moved away under it, once", async () => {
  assert.equal(await clicksBetween({}, { on: "elsewhere" }), 1);
  assert.equal(await clicksBetween({}, { on: "elsewhere", clientX: 52, clientY: 53 }), 1);
});

test("a press that the browser itself makes a click of, one taken back, and one that began elsewhere are left alone", async () => {
  assert.equal(await clicksBetween({}, {}), 0);
  assert.equal(await clicksBetween({}, { on: "elsewhere", clientX: 60 }), 0);
  assert.equal(await clicksBetween({ on: "elsewhere" }, {}), 0);
  assert.equal(await clicksBetween({ button: 2 }, { on: "elsewhere" }), 0);
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
  assert.deepEqual(
    [drag("dragover", ["Files"]), drag("drop", ["Files"]), drag("drop", ["text/plain"])],
    [true, true, false],
  );
  assert.equal(said.length, 1);
  end();
  assert.equal(drag("drop", ["Files"]), false);
});
