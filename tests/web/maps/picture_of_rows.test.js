/** A saved list is cut where the one on the screen is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { cutToFit } from "#web/maps/picture_of_rows.js";

test("a name longer than its column ends in an ellipsis, and not within a letter of two code units", () => {
  const widthOf = (/** @type {string} */ words) => Array.from(words).length;
  assert.equal(cutToFit("tabby", 5, widthOf), "tabby");
  assert.equal(cutToFit("tabby cat", 5, widthOf), "tabb…");
  assert.equal(cutToFit("🐱🐱🐱🐱", 3, widthOf), "🐱🐱…");
  assert.equal(cutToFit("tabby", 0, widthOf), "…");
});
