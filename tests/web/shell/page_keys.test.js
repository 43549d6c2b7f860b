/** Which of a page's keys a press means. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shortcutOf } from "#web/shell/page_keys.js";

const shortcut = (does, keys, rest = {}) => ({ key: keys[0], does, keys, action: () => undefined, ...rest });
const SHORTCUTS = [
  shortcut("save", ["s"], { ctrl: true }),
  shortcut("stop", ["s"]),
  shortcut("before", ["ArrowLeft", ","]),
  shortcut("further", ["n"], { shift: true }),
  shortcut("next", ["n"], { shift: false }),
];
const meant = (key, held = {}) =>
  shortcutOf(SHORTCUTS, { key, shiftKey: false, ctrlKey: false, metaKey: false, ...held })?.does;

test("Ctrl and the command key are one, and a key without them is another", () => {
  assert.equal(meant("s"), "stop");
  assert.equal(meant("s", { ctrlKey: true }), "save");
  assert.equal(meant("s", { metaKey: true }), "save");
  assert.equal(meant("n", { ctrlKey: true }), undefined);
});

test("a letter is the same with Shift, unless Shift says something of its own", () => {
  assert.equal(meant("S", { shiftKey: true }), "stop");
  assert.equal(meant("N", { shiftKey: true }), "further");
  assert.equal(meant("n"), "next");
});

test("a key that has a name is taken by its name", () => {
  assert.equal(meant("ArrowLeft"), "before");
  assert.equal(meant(","), "before");
  assert.equal(meant("arrowleft"), undefined);
  assert.equal(meant("x"), undefined);
});
