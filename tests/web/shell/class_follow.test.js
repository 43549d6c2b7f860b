/** Leading and following at once, as the copy on the teacher's page does: what comes late leads nobody back. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate } from "node:timers";
import { follow, lead } from "#web/shell/class_follow.js";
import { lesson } from "#web/shell/class_store.js";
import { writeUrl } from "#web/shell/url.js";
import { openTab } from "./browser_tab.js";

/** @type {((answer: object) => Promise<void>)[]} by request, in order: answers it */
const waiting = [];
/** @type {{path: string, body: any}[]} */
const asked = [];

globalThis.fetch = (address, options) => {
  asked.push({ path: new URL(address).pathname, body: options?.body && JSON.parse(options.body) });
  return new Promise((resolve) => {
    waiting.push(async (answer) => {
      resolve(Response.json(answer));
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    });
  });
};

/** @param {number} version @param {number} step @param {string} stage */
const told = (version, step, stage) => ({ version, step, view: { path: "", query: { stage } }, role: "teacher" });

test("the teacher's own place is not led back by what was told before, and a place that came too late gives way", async () => {
  const tab = openTab("/?stage=a");
  const end = lesson.subscribe(follow);
  lesson.start();
  await waiting.shift()(told(1, 0, "a"));
  lead();
  mock.timers.enable({ apis: ["setTimeout"] });

  writeUrl({ stage: "b" }, true);
  mock.timers.tick(200);
  const [news, sent] = waiting.splice(0);
  assert.deepEqual(asked.at(-1), { path: "/api/class/view", body: { path: "", query: { stage: "b" }, step: 0 } });
  await news(told(2, 0, "a")); // somebody has joined meanwhile
  assert.equal(tab.search, "?stage=b");
  await sent({ version: 3 });
  await waiting.shift()(told(3, 0, "b"));
  assert.equal(tab.search, "?stage=b");

  writeUrl({ stage: "c" }, true);
  mock.timers.tick(200);
  const [next, late] = waiting.splice(0);
  await next(told(4, 1, "d")); // the next step had begun
  await late({ version: 4 });
  assert.equal(tab.search, "?stage=d");
  mock.timers.reset();
  end();
});
