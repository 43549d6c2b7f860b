/** In what recipes differ. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { recipesWords } from "#web/compare/recipe_table.js";

/** Settings by name, and whether each differs. */
const found = (differs) => ({
  titles: ["one", "two"],
  settings: Object.keys(differs).map((name) => ({ name, values: [1, 2], differs: differs[name] })),
});

test("how many settings differ, and whether a recipe is known at all", () => {
  assert.equal(recipesWords(found({ seed: true, momentum: true, epochs: false })), "2 settings differ, 1 is the same.");
  assert.equal(recipesWords(found({ variant: false, epochs: false })), "These recipes are the same.");
  assert.match(recipesWords(found({ variant: false })), /^How they were trained is not known/);
});
