/** What Train knows of the runs, from what the server says of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import "../shell/browser_tab.js";
import { createRunsStore } from "#web/train/runs_store.js";

const run = (/** @type {string} */ id) => ({ id, state: "finished", points: 0 });

/** A store whose server answers with these runs, one list after the other. @param {...string[]} answers */
function storeOf(...answers) {
  Object.assign(document, { hidden: true, addEventListener() {} });
  globalThis.fetch = async () => Response.json({ runs: (answers.shift() ?? []).map(run), now: 0, explored: null });
  return createRunsStore({ onChange() {}, onEnd() {}, onFail: assert.fail, shown: () => [] });
}

test("a run that was deleted elsewhere, or never was here, is not there", async () => {
  const store = storeOf(["a", "b"], ["a"]);
  assert.ok(store.has("b")); // nothing is known before the first answer
  await store.poll();
  assert.deepEqual(["a", "b", "of-yesterday"].map(store.has), [true, true, false]);
  await store.poll();
  assert.deepEqual(["a", "b"].map(store.has), [true, false]);
});

test("a run that is launched while an older answer is on its way is there", async () => {
  for (const first of [[], ["a"]]) {
    const store = storeOf(first, first, ["new", "a"], ["a"]);
    if (first.length) await store.poll();
    const older = store.poll();
    store.add(/** @type {any} */ (run("new")));
    await older;
    assert.deepEqual(["new", "a"].map(store.has), [true, first.length > 0]);
  }
});

test("a run that was launched stays until an answer that is newer lacks it", async () => {
  const store = storeOf(["a"], ["new", "a"], ["a"]);
  await store.poll();
  store.add(/** @type {any} */ (run("new")));
  assert.ok(store.has("new"));
  for (const isThere of [true, false]) {
    await store.poll();
    assert.equal(store.has("new"), isThere);
  }
});
