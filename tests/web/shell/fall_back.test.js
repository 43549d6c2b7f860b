/** A refused photo or checkpoint: the picks name what is on the page, and a link to what is gone opens on something. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fallBack } from "#web/shell/fall_back.js";

/** @param {Record<string, string>} given */
function pageWith(given) {
  const page = {
    defaults: { photo: "chelsea", checkpoint: "usual", resize: "" },
    state: { photo: "chelsea", checkpoint: "usual", resize: "", ...given },
    replace: (changes) => (page.state = { ...page.state, ...changes }),
  };
  return page;
}

test("what is on the screen is named again", () => {
  const page = pageWith({ checkpoint: "own-gone", resize: "squash" });
  assert.equal(fallBack(page, { photo: "coffee", checkpoint: "usual", resize: "" }), true);
  assert.deepEqual(page.state, { photo: "coffee", checkpoint: "usual", resize: "" });
});

test("with nothing on the screen the usual photo and checkpoint are asked for, once", () => {
  const page = pageWith({ checkpoint: "own-gone", resize: "squash" });
  assert.equal(fallBack(page, null), true);
  assert.deepEqual(page.state, { photo: "chelsea", checkpoint: "usual", resize: "squash" });
  assert.equal(fallBack(page, null), false);
});
