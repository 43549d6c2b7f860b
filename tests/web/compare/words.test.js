/** What the Compare page says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { whyNoAxis } from "#web/compare/words.js";

test("classes that stand on no common axis", () => {
  const many = Array.from({ length: 1000 }, (_, number) => `class ${number}`);
  assert.equal(
    whyNoAxis(many, Array(10).fill("a")),
    "A has 1000 classes, B 10; their predictions cannot be put on one axis. Feature maps still can.",
  );
  assert.equal(whyNoAxis(["cat", "dog"], ["dog", "cat"]), "");
  assert.match(whyNoAxis(["cat", "dog"], ["dog", "owl"]), /cat is one of A's and none of B's/);
});
