/** A photo that the server refuses leads back to what is on the screen, unless another has been chosen by then. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRefusals } from "#web/explore/refusals.js";
import { kept } from "#web/shell/tab_memory.js";

kept.photos = ["chelsea", "coffee", "refused"].map((id) => ({
  id,
  name: id,
  title: id,
  width: 1,
  height: 1,
  gallery: true,
}));

/** @param {boolean} isWaiting @returns {Promise<[string, string[]]>} the photo that the page names afterwards, and what was said */
async function refuse(isWaiting) {
  const page = {
    defaults: { photo: "chelsea", checkpoint: "usual", altered: "" },
    state: { photo: "refused", checkpoint: "usual", altered: "" },
    replace: (changes) => (page.state = { ...page.state, ...changes }),
  };
  const said = [];
  const nothing = () => {};
  const refusals = createRefusals({
    page,
    alter: { begin: nothing },
    problems: { show: ({ words }) => said.push(words) },
    load: nothing,
    draw: nothing,
    isWaiting: () => isWaiting,
  });
  await refusals.refuse(new Error("not a photo"), { photo: "coffee", checkpoint: "usual" });
  return [page.state.photo, said];
}

test("what is on the screen is named again, and why", async () => {
  assert.deepEqual(await refuse(false), ["coffee", ["not a photo"]]);
});

test("what was chosen meanwhile stays chosen, and nothing is said of what came before it", async () => {
  assert.deepEqual(await refuse(true), ["refused", []]);
});
