/** The view of a page in the address, in the history and in the memory of the tab. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "#web/shell/url.js";
import { createPageState } from "#web/shell/url_state.js";
import { openTab } from "./browser_tab.js";

const GALLERY = ["chelsea", "coffee"];
const TABLE = {
  photo: { default: "chelsea", pushed: true, shared: "photo", linked: (id) => GALLERY.includes(id) },
  checkpoint: {
    default: "usual",
    pushed: true,
    shared: "checkpoint",
    read: (name) => (name === "run:last" ? "run:7" : name),
  },
  stage: { default: "block1.relu", pushed: true },
  channel: { default: "" },
  order: { default: "index", allowed: ["index", "maximum"] },
};
const OTHER = {
  photo: { ...TABLE.photo },
  a: { default: "usual", shared: "checkpoint", explicit: (state) => state.b !== "" },
  b: { default: "", allowed: (value) => value !== "worse" },
};
const follow = (before, given) => ({
  ...before,
  ...given,
  ...(given.stage && !("channel" in given) ? { channel: "" } : {}),
});

/** @param {string} name @param {object} table */
function openPage(name = "explore", table = TABLE) {
  const told = [];
  const page = createPageState({ name, table, follow, onChange: (changed, before) => told.push([changed, before]) });
  return Object.assign(page, { told });
}

test("the address is read, as far as it means something, and defaults leave no trace", () => {
  const tab = openTab("/?order=__proto__&channel=7&stage=block2.relu&utm=x&photo=chelsea");
  const page = openPage();
  assert.deepEqual(page.state, {
    photo: "chelsea",
    checkpoint: "usual",
    stage: "block2.relu",
    channel: "7",
    order: "index",
  });
  assert.equal(tab.search, "?channel=7&stage=block2.relu&utm=x");
});

test("a change is written, told with what follows from it, and a state that was read stays as it was", () => {
  const tab = openTab("/?channel=7");
  const page = openPage();
  const before = page.state;
  assert.deepEqual(page.set({ stage: "block3.relu" }), ["stage", "channel"]);
  assert.deepEqual(page.told, [[["stage", "channel"], before]]);
  assert.deepEqual([before.stage, before.channel, page.state.channel], ["block1.relu", "7", ""]);
  assert.equal(tab.search, "?stage=block3.relu");
  assert.deepEqual(page.set({ order: "index" }), []);
  assert.equal(page.told.length, 1);
  assert.throws(() => (page.state.order = "maximum"), TypeError);
});

test("Back undoes what is pushed, and nothing else", () => {
  const tab = openTab("/");
  const page = openPage();
  page.set({ stage: "block3.relu" });
  page.set({ order: "maximum" });
  page.set({ photo: "coffee" });
  tab.back();
  assert.deepEqual([page.state.photo, page.state.stage, page.state.order], ["chelsea", "block3.relu", "maximum"]);
  assert.deepEqual(page.told.at(-1)[0], ["photo"]);
  tab.back();
  assert.deepEqual([page.state.stage, page.state.order], ["block1.relu", "index"]);
  tab.forward();
  assert.equal(page.state.stage, "block3.relu");
});

test("a correction is in the address, told to nobody and unknown to Back", () => {
  const tab = openTab("/");
  const page = openPage();
  page.set({ photo: "coffee" });
  page.replace({ photo: "chelsea" });
  assert.deepEqual([tab.search, page.told.length], ["", 1]);
  tab.back();
  assert.equal(page.state.photo, "chelsea");
});

test("what means something in this tab only is in no address; Back, a reload and another page keep it", () => {
  const tab = openTab("/");
  const page = openPage();
  page.set({ photo: "own-1" });
  page.set({ photo: "own-2" });
  page.set({ photo: "coffee" });
  assert.equal(tab.search, "?photo=coffee");
  tab.back();
  assert.deepEqual([tab.search, page.state.photo], ["", "own-2"]);
  tab.back();
  assert.equal(page.state.photo, "own-1");
  page.destroy();
  tab.load();
  assert.equal(openPage().state.photo, "own-1");
  tab.load("/compare");
  assert.equal(openPage("compare", OTHER).state.photo, "own-1");
  tab.load("/compare?photo=coffee");
  assert.equal(openPage("compare", OTHER).state.photo, "coffee");
});

test("another page opens as it was left, with what both share and what the link says", () => {
  const tab = openTab("/");
  const explore = openPage();
  explore.set({ stage: "block4.relu", channel: "3", order: "maximum" });
  explore.set({ photo: "coffee", checkpoint: "other" });
  visit("compare", {});
  assert.equal(explore.told.length, 2, "the page that is left does not take the next one's address for its own");
  explore.destroy();
  const compare = openPage("compare", OTHER);
  assert.deepEqual(compare.state, { photo: "coffee", a: "other", b: "" });
  compare.set({ b: "third", photo: "chelsea" });
  compare.destroy();
  visit("", {});
  const again = openPage();
  assert.deepEqual(again.state, {
    photo: "chelsea",
    checkpoint: "other",
    stage: "block4.relu",
    channel: "3",
    order: "maximum",
  });
  assert.equal(tab.search, "?checkpoint=other&stage=block4.relu&channel=3&order=maximum");
  again.destroy();
  visit("", { stage: "block2.relu", checkpoint: "run:last" });
  assert.deepEqual(openPage().state, {
    photo: "chelsea",
    checkpoint: "run:7",
    stage: "block2.relu",
    channel: "",
    order: "maximum",
  });
});

test("a link away and back, before the shell has changed the page, leaves it as it was", () => {
  openTab("/");
  const page = openPage();
  page.set({ stage: "block4.relu", channel: "3" });
  visit("compare", {});
  visit("", {});
  assert.deepEqual([page.state.stage, page.state.channel], ["block4.relu", "3"]);
});

test("a page that comes when its address has gone leaves the next page's view alone", () => {
  const tab = openTab("/");
  const explore = openPage();
  explore.set({ stage: "block4.relu", order: "maximum" });
  visit("compare", {});
  explore.destroy();
  visit("", {});
  const late = openPage("compare", OTHER);
  late.set({ a: "third" });
  late.destroy();
  assert.equal(tab.search, "");
  assert.deepEqual([openPage().state.stage, tab.search], ["block4.relu", "?stage=block4.relu&order=maximum"]);
});

test("a page of an earlier click that comes with its own address does not use up the link to the next one", () => {
  const tab = openTab("/");
  const explore = openPage();
  explore.set({ stage: "block4.relu" });
  explore.destroy();
  visit("", {});
  tab.load("/compare"); // the shell writes the address of what it brings
  openPage("compare", OTHER).destroy();
  tab.load("/");
  assert.equal(openPage().state.stage, "block4.relu");
});

test("a link away and back, and the shell opens the page anew at its bare address: it is as it was left", () => {
  const tab = openTab("/");
  const before = openPage();
  before.set({ stage: "block4.relu" });
  visit("compare", {});
  visit("", {});
  before.destroy();
  tab.load("/");
  assert.equal(openPage().state.stage, "block4.relu");
});

test("a typed address is the whole view; what the tab remembers is for links", () => {
  const tab = openTab("/?order=maximum");
  openPage().destroy();
  tab.load("/?stage=block5.relu");
  assert.deepEqual(openPage().state, {
    photo: "chelsea",
    checkpoint: "usual",
    stage: "block5.relu",
    channel: "",
    order: "index",
  });
});

test("what is explicit stands in the address as the default too", () => {
  const tab = openTab("/compare");
  const page = openPage("compare", OTHER);
  page.set({ b: "third" });
  assert.equal(tab.search, "?a=usual&b=third");
  tab.load("/compare?b=worse");
  assert.equal(openPage("compare", OTHER).state.b, "");
});

test("an answer that comes when the page has gone changes no address", () => {
  const tab = openTab("/");
  const page = openPage();
  visit("compare", {});
  page.replace({ photo: "coffee" });
  page.destroy();
  page.set({ stage: "block3.relu" });
  assert.equal(tab.search, "");
});

for (const [name, given] of [
  ["refused by the browser", { isBlocked: true }],
  ["full of another program's text", {}],
]) {
  test(`storage is ${name}: the page works, and pages remember for as long as the document lives`, () => {
    const tab = openTab("/", given);
    if (!given.isBlocked) for (const key of ["explore", "shared"]) tab.stored.set(`alexnet_viz.${key}`, "{half");
    const page = openPage();
    page.set({ photo: "coffee" });
    page.destroy();
    visit("compare", {});
    assert.equal(openPage("compare", OTHER).state.photo, "coffee");
  });
}
