import assert from "node:assert/strict";
import { test } from "node:test";
import { createInParts } from "#web/lib/in_parts.js";

/** What follows from an answer has happened. */
async function settled() {
  for (let i = 0; i < 10; i += 1) await null;
}

/** A server of six numbers that answers two at a time when it is told to. */
function server() {
  /** @type {(() => void)[]} */
  const answers = [];
  let asked = 0;
  /** @param {string} about @param {{done: number, total: number, numbers: string[]} | null} found @returns {Promise<{done: number, total: number, numbers: string[]}>} */
  const ask = (about, found) =>
    new Promise((resolve) => {
      asked += 1;
      const done = (found?.done ?? 0) + 2;
      answers.push(() => resolve({ done, total: 6, numbers: [...(found?.numbers ?? []), `${about}${done}`] }));
    });
  return {
    ask,
    get asked() {
      return asked;
    },
    async answer() {
      answers.shift()?.();
      await settled();
    },
  };
}

test("it comes a part at a time, and what is whole is not asked for again", async () => {
  const remote = server();
  let changes = 0;
  const parts = createInParts({ ask: remote.ask, onChange: () => void (changes += 1), onRefused: assert.fail });
  parts.want("a");
  assert.deepEqual([parts.found, parts.isRunning], [null, true]);
  for (let i = 0; i < 3; i += 1) await remote.answer();
  assert.deepEqual(parts.found?.numbers, ["a2", "a4", "a6"]);
  assert.deepEqual([parts.isRunning, changes, remote.asked], [false, 3, 3]);
  parts.want("b");
  parts.cancel();
  parts.want("a");
  assert.deepEqual(parts.found?.numbers, ["a2", "a4", "a6"]);
  assert.equal(parts.isRunning, false);
});

test("cancelled it stands still, asks for nothing more, and goes on where it stood", async () => {
  const remote = server();
  let isShownRunning = false;
  const parts = createInParts({
    ask: remote.ask,
    onChange: () => void (isShownRunning = parts.isRunning),
    onRefused: assert.fail,
  });
  parts.want("a");
  await remote.answer();
  parts.cancel();
  await remote.answer(); // the part under way comes too late
  assert.deepEqual([parts.found?.done, parts.isRunning, remote.asked], [2, false, 2]);
  parts.want("a"); // the same again is no new wish
  assert.equal(remote.asked, 2);
  parts.goOn();
  assert.equal(isShownRunning, true); // at once, not with the first answer
  await remote.answer();
  assert.deepEqual(parts.found?.numbers, ["a2", "a4"]);
});

test("another question's answer is not mixed in; a refusal ends it", async () => {
  const remote = server();
  /** @type {unknown[]} */
  const refused = [];
  const ask = (/** @type {string} */ about, /** @type {any} */ found) =>
    about === "bad" ? Promise.reject(new Error("no")) : remote.ask(about, found);
  const parts = createInParts({ ask, onChange: () => undefined, onRefused: (error) => refused.push(error) });
  parts.want("a");
  parts.want("b", false);
  await remote.answer();
  assert.deepEqual([parts.found, parts.isRunning], [null, false]);
  parts.want("bad");
  await settled();
  assert.deepEqual([refused.length, parts.isRunning], [1, false]);
});
