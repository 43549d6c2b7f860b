/** Which colour a run has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assign, lookOf } from "#web/charts/run_colours.js";

test("a run keeps its colour while others come and go, and a reload of the page keeps it", async () => {
  assign(["a", "b"], ["a", "b"]);
  const [a, b] = [lookOf("a", "light"), lookOf("b", "light")];
  assert.notEqual(a.colour, b.colour);
  assign(["b"], ["b", "a"]);
  assert.deepEqual(lookOf("b", "light"), b);
  const anew = await import("#web/charts/run_colours.js?reloaded");
  anew.assign(["b", "a"], ["a", "b"]); // in another order, as a list sorted by name has it
  assert.deepEqual([anew.lookOf("a", "light"), anew.lookOf("b", "light")], [a, b]);
});
