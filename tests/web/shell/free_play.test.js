/** Links to a view with some controls hidden. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkOf } from "#web/shell/free_play.js";
import { HIDE, visit } from "#web/shell/url.js";
import { openTab } from "./browser_tab.js";

const BASE = "http://192.168.1.20:8501/app/";

test("a link has the view's own keys, and what is hidden in one order", () => {
  assert.equal(
    linkOf(`${BASE}unit?stage=block2.relu&present=1`, BASE, ["strip", "pages"]),
    `${BASE}unit?stage=block2.relu&hide=pages.strip`,
  );
  assert.equal(linkOf(`${BASE}?hide=keys`, BASE, []), `${BASE}?hide=`);
  assert.equal(linkOf("train", BASE, ["pages", "anything"]), `${BASE}train?hide=pages`);
});

test("what is no address of the app makes no link", () => {
  for (const address of [
    "http://elsewhere/app/",
    "http://192.168.1.20:8501/other",
    "javascript:alert(1)",
    "http://[",
    "//elsewhere/app/",
  ])
    assert.equal(linkOf(address, BASE, []), null, address);
});

test("what is hidden stays hidden on other pages", () => {
  const tab = openTab("/?stage=block2.relu&hide=strip");
  visit("unit", { channel: "3" });
  assert.equal(tab.search, `?channel=3&${HIDE}=strip`);
});
