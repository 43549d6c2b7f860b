/** What Compare opens where its address names what is not there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openable } from "#web/compare/loading.js";
import { kept } from "#web/shell/tab_memory.js";

test("what is not there gives way to what the page begins with, each for itself", () => {
  kept.photos = [{ id: "coffee", gallery: true }];
  kept.checkpoints = [{ name: "mine:3" }];
  const beginning = { photo: "chelsea", a: "untrained", b: "cifar10-fast" };
  assert.deepEqual(openable({ photo: "coffee", a: "mine:3", b: "mine:3" }, beginning), {
    photo: "coffee",
    a: "mine:3",
    b: "mine:3",
  });
  assert.deepEqual(openable({ photo: "tea", a: "mine:3", b: "mine:4" }, beginning), {
    photo: "chelsea",
    a: "mine:3",
    b: "cifar10-fast",
  });
  assert.equal(openable({ photo: "coffee", a: "mine:4", b: "mine:3" }, beginning).a, "untrained");
});
