/** Following a class: its address is shown exactly, whatever this tab keeps of its own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ADDRESS_EVENT, openAddress } from "#web/shell/url.js";
import { createPageState } from "#web/shell/url_state.js";
import { openTab } from "./browser_tab.js";

const TABLE = {
  photo: { default: "chelsea", pushed: true, shared: "photo", linked: (id) => ["chelsea", "coffee"].includes(id) },
  stage: { default: "block1.relu", pushed: true },
  channel: { default: "" },
};

/** @param {string} start */
function openPage(start) {
  const tab = openTab(start);
  const page = createPageState({ name: "explore", table: TABLE, onChange: () => {} });
  return { tab, page };
}

test("a pupil's own photo makes room for the teacher's, which the address does not name", () => {
  const { page, tab } = openPage("/?channel=3");
  page.set({ photo: "own photo" });
  openAddress("", { stage: "block2.relu", channel: "40" });
  assert.deepEqual({ ...page.state }, { photo: "chelsea", stage: "block2.relu", channel: "40" });
  assert.equal(tab.search, "?stage=block2.relu&channel=40");
});

test("what the class was shown is no step for Back", () => {
  const { page, tab } = openPage("/");
  page.set({ stage: "block3.relu" }); // the pupil's own step
  openAddress("", { stage: "block4.relu" });
  openAddress("", { stage: "block5.relu" });
  tab.back();
  assert.equal(page.state.stage, "block1.relu");
});

test("presenter mode is of this screen and stays", () => {
  const { tab } = openPage("/?present=1");
  openAddress("", { stage: "block2.relu" });
  assert.equal(tab.search, "?stage=block2.relu&present=1");
});

test("whoever leads is told when a page has written its view", () => {
  const { page } = openPage("/");
  let heard = 0;
  globalThis.window.addEventListener(ADDRESS_EVENT, () => (heard += 1));
  page.set({ stage: "block2.relu" });
  assert.equal(heard, 1);
});
