/** The keys of presenter mode among those of a page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withModeKeys } from "#web/shell/presenter_keys.js";

const HELP = { key: "?", does: "this list", keys: [], action: () => undefined };

test("a page without Esc gets one, before its list of keys", () => {
  const save = { key: "S", does: "save", keys: ["s"], action: () => undefined };
  const keys = withModeKeys(
    [save, HELP],
    () => false,
    () => undefined,
  );
  assert.deepEqual(
    keys.map(({ key }) => key),
    ["S", "P", "Esc", "?"],
  );
});

test("Esc leaves the mode, and is the page's own outside of it", () => {
  const done = [];
  let isOn = true;
  const back = { key: "Esc", does: "back", keys: ["Escape"], action: () => done.push("back") };
  const keys = withModeKeys(
    [back, HELP],
    () => isOn,
    () => done.push("toggle"),
  );
  assert.deepEqual(
    keys.map(({ key }) => key),
    ["P", "Esc", "?"],
  );
  keys[1].action(/** @type {any} */ ({}));
  isOn = false;
  keys[1].action(/** @type {any} */ ({}));
  assert.deepEqual(done, ["toggle", "back"]);
});
