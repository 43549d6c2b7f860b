/** Which checkpoints stand side by side. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen } from "#web/compare/recipes_panel.js";

test("A, B and up to four more", () => {
  assert.deepEqual(chosen({ a: "x", b: "y", more: "a,b,c,d,e,f,g" }), ["x", "y", "a", "b", "c", "d"]);
});
