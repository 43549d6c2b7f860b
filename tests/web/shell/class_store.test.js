/** An answer that waits for a connection belongs to the lesson that asked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";

/** @type {string[]} */
const sent = [];
/** @type {((lesson: object) => void)[]} */
const waiting = [];
let isAway = false;
const told = (/** @type {string} */ title, /** @type {number} */ version) => ({ version, title, step: 0, steps: 3 });
const fetchFile = globalThis.fetch;
globalThis.fetch = async (address, options) => {
  const url = new URL(String(address), document.baseURI);
  if (url.protocol === "file:") return fetchFile(address);
  if (options?.method === "POST") {
    if (isAway) throw new TypeError("Failed to fetch");
    sent.push(String(options.body));
    return Response.json({});
  }
  return Response.json(await new Promise((resolve) => waiting.push(resolve)));
};
const { lesson } = await import("#web/shell/class_store.js");

/** @param {{version: number}} news what the server tells next */
async function hear(news) {
  await until(() => waiting.length > 0);
  waiting.shift()?.(news);
  await until(() => lesson.state?.version === news.version);
}

/** @param {() => boolean} isSo */
async function until(isSo) {
  while (!isSo()) await setImmediate();
}

test("an answer of another lesson is not counted to the one that is open now", async () => {
  lesson.start();
  await hear(told("Layers", 1));
  isAway = true;
  lesson.answer(27);
  await until(() => lesson.isPending);
  isAway = false;
  await hear(told("Edges", 2));
  await until(() => !lesson.isPending);
  assert.deepEqual(sent, []);
  assert.equal(lesson.refusal, "The class is at another question by now.");
});

test("an answer of the same lesson goes out once there is a connection again", async () => {
  isAway = true;
  lesson.answer(28);
  isAway = false;
  await hear(told("Edges", 3));
  await until(() => !lesson.isPending);
  assert.deepEqual(sent, ['{"step":0,"answer":28}']);
});

test("a server that was started anew with another lesson does not know the tab, which goes where the code is asked for", async (context) => {
  const reload = context.mock.fn();
  Object.assign(globalThis, { location: { reload } });
  await until(() => waiting.length > 0);
  waiting.shift()?.({ error: "The lesson’s code is needed.", join: true });
  await until(() => reload.mock.callCount() > 0);
  assert.equal(lesson.isLost, false);
  assert.equal(waiting.length, 0); // it asks no more
});
