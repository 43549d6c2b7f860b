import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { lesson } from "#web/shell/class_store.js";
import { calledUnit, callUnit, namesTable } from "#web/shell/unit_names.js";

const stored = new Map();
let isBlocked = false;
const storage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => void stored.set(key, value) };
Object.defineProperty(globalThis, "localStorage", {
  configurable: true,
  get() {
    if (isBlocked) throw new DOMException("The operation is insecure.", "SecurityError");
    return storage;
  },
});

beforeEach(() => {
  stored.clear();
  isBlocked = false;
});

test("a channel has one name in its block, of one checkpoint", () => {
  callUnit("abc", "block2.relu", 111, { name: "bright side of a curve", note: "" });
  assert.equal(calledUnit("abc", "block2.pool", 111).name, "bright side of a curve");
  for (const [digest, stage, channel] of [
    ["abd", "block2.relu", 111],
    ["abc", "block1.relu", 111],
    ["abc", "block2.relu", 11],
  ])
    assert.equal(calledUnit(digest, stage, channel).name, "");
  callUnit("abc", "block2.conv", 111, { name: "", note: "" });
  assert.equal(calledUnit("abc", "block2.relu", 111).name, "");
});

test("names are exported as a table, in order, and never as formulas", () => {
  callUnit("abc", "fc1", 5, { name: "=1+1", note: "a, b" });
  callUnit("abc", "block2.relu", 111, { name: "curve", note: "" });
  callUnit("abc", "block2.relu", 12, { name: "edge", note: "" });
  const rows = [
    "block,channel,name,note,checkpoint,digest",
    "block2,12,edge,,fast,abc",
    "block2,111,curve,,fast,abc",
    'fc1,5,\'=1+1,"a, b",fast,abc',
  ];
  assert.equal(namesTable("abc", "fast"), `\ufeff${rows.join("\r\n")}\r\n`);
});

test("what another tab has written of a unit stays while one writes the other half", () => {
  callUnit("two", "fc1", 5, { note: "of the other tab" });
  callUnit("two", "fc1", 5, { name: "five" });
  assert.deepEqual(calledUnit("two", "fc1", 5), { name: "five", note: "of the other tab" });
  callUnit("two", "fc1", 5, { name: "" });
  assert.deepEqual(calledUnit("two", "fc1", 5), { name: "", note: "of the other tab" });
});

test("what is not ours is as if it were not there, and a blocked storage lasts as long as the page", () => {
  stored.set("alexnet_viz.unit_names", "[1");
  assert.equal(calledUnit("abc", "fc1", 5).name, "");
  isBlocked = true;
  callUnit("abc", "fc1", 5, { name: "five", note: "" });
  assert.equal(calledUnit("abc", "fc1", 5).name, "five");
});

test("what the class calls a unit stands where one has no name of one's own", async () => {
  globalThis.fetch = async () => Response.json({ version: 1, names: { abc: { "block2 111": "curve" } } });
  const told = new Promise((resolve) => lesson.subscribe(() => resolve(undefined)));
  lesson.start();
  await told;
  globalThis.fetch = () => new Promise(() => {});
  assert.equal(calledUnit("abc", "block2.relu", 111).name, "curve");
  assert.equal(calledUnit("abd", "block2.relu", 111).name, "");
  callUnit("abc", "block2.relu", 111, { name: "", note: "looks left" });
  assert.deepEqual(calledUnit("abc", "block2.relu", 111), { name: "curve", note: "looks left" });
  callUnit("abc", "block2.relu", 111, { name: "corner", note: "" });
  assert.equal(calledUnit("abc", "block2.relu", 111).name, "corner");
});
