/** Of several answers the one that was asked for last is shown, however late the others come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLatest, createLatestOrNothing } from "#web/lib/latest.js";

/** Answers that come when the test says so. */
function openLatest(create = createLatest) {
  const waiting = new Map();
  const told = [];
  const latest = create({
    ask: (subject, isWanted) =>
      new Promise((resolve, reject) => waiting.set(subject.photo, { resolve, reject, isWanted })),
    onAnswer: (answer, subject) => told.push([answer, subject.photo]),
    onRefused: (error, shown) => told.push([error.message, shown?.photo ?? null]),
  });
  return { latest, waiting, told };
}

test("the newest wins, in whichever order they come", async () => {
  const { latest, waiting, told } = openLatest();
  const asked = [latest.want({ photo: "cat" }), latest.want({ photo: "dog" })];
  assert.deepEqual([waiting.get("cat").isWanted(), waiting.get("dog").isWanted()], [false, true]);
  waiting.get("dog").resolve("a dog");
  waiting.get("cat").resolve("a cat");
  await Promise.all(asked);
  assert.deepEqual(told, [["a dog", "dog"]]);
  assert.equal(latest.value, "a dog");
});

test("what is shown stays, out of date, until the next is there", async () => {
  const { latest, waiting } = openLatest();
  assert.deepEqual([latest.value, latest.isStale, latest.isWaiting], [null, false, false]);
  const first = latest.want({ photo: "cat" });
  assert.deepEqual([latest.isStale, latest.isWaiting], [false, true]);
  waiting.get("cat").resolve("a cat");
  await first;
  const second = latest.want({ photo: "dog" });
  assert.deepEqual([latest.value, latest.isStale, latest.subject], ["a cat", true, { photo: "cat" }]);
  waiting.get("dog").resolve("a dog");
  await second;
  assert.deepEqual([latest.value, latest.isStale, latest.isWaiting], ["a dog", false, false]);
});

test("going back to what is shown asks nothing and drops what is on its way", async () => {
  const { latest, waiting, told } = openLatest();
  const first = latest.want({ photo: "cat" });
  waiting.get("cat").resolve("a cat");
  await first;
  waiting.delete("cat");
  const second = latest.want({ photo: "dog" });
  await latest.want({ photo: "cat" });
  assert.deepEqual([latest.isStale, waiting.has("cat")], [false, false]);
  waiting.get("dog").resolve("a dog");
  await second;
  assert.deepEqual([latest.value, told.length], ["a cat", 1]);
});

test("the same asked twice is asked once", async () => {
  const { latest, waiting, told } = openLatest();
  const asked = [latest.want({ photo: "cat" }), latest.want({ photo: "cat" })];
  waiting.get("cat").resolve("a cat");
  await Promise.all(asked);
  assert.deepEqual(told, [["a cat", "cat"]]);
});

test("a refusal says what to fall back to, and may be asked again", async () => {
  const { latest, waiting, told } = openLatest();
  const lost = latest.want({ photo: "of-yesterday" });
  waiting.get("of-yesterday").reject(new Error("gone"));
  await lost;
  const first = latest.want({ photo: "cat" });
  waiting.get("cat").resolve("a cat");
  await first;
  for (const words of ["too large", "too large still"]) {
    const asked = latest.want({ photo: "huge" });
    waiting.get("huge").reject(new Error(words));
    await asked;
  }
  assert.deepEqual(told, [
    ["gone", null],
    ["a cat", "cat"],
    ["too large", "cat"],
    ["too large still", "cat"],
  ]);
  assert.deepEqual([latest.value, latest.isStale], ["a cat", false]);
});

test("where nothing may stand in for what was refused, the last answer is out of date until it is asked for again", async () => {
  const { latest, waiting, told } = openLatest(createLatestOrNothing);
  const first = latest.want({ photo: "channel 5" });
  waiting.get("channel 5").resolve("a map");
  await first;
  const refused = latest.want({ photo: "channel 6" });
  waiting.get("channel 6").reject(new Error("no connection"));
  await refused;
  assert.deepEqual([latest.isStale, told.at(-1)], [true, ["no connection", "channel 5"]]);
  const again = latest.want({ photo: "channel 6" });
  waiting.get("channel 6").resolve("its map");
  await again;
  assert.deepEqual([latest.value, latest.isStale], ["its map", false]);
});

test("a refusal of what nobody waits for is not told", async () => {
  const { latest, waiting, told } = openLatest();
  const asked = [latest.want({ photo: "cat" }), latest.want({ photo: "dog" })];
  waiting.get("cat").reject(new Error("gone"));
  waiting.get("dog").resolve("a dog");
  await Promise.all(asked);
  assert.deepEqual(told, [["a dog", "dog"]]);
});

test("an answer that was put there counts as asked", async () => {
  const { latest, waiting, told } = openLatest();
  latest.put("both, swapped", { photo: "cat" });
  await latest.want({ photo: "cat" });
  assert.deepEqual([latest.value, latest.isStale, waiting.size, told.length], ["both, swapped", false, 0, 0]);
});

test("forgotten, the same is asked again while it stays on the screen; ended, nothing comes", async () => {
  const { latest, waiting, told } = openLatest();
  latest.put("a cat", { photo: "cat" });
  latest.forget();
  const asked = latest.want({ photo: "cat" });
  assert.deepEqual([latest.value, latest.isStale, waiting.size], ["a cat", true, 1]);
  latest.end();
  waiting.get("cat").resolve("the cat again");
  await asked;
  assert.deepEqual([latest.value, told.length], ["a cat", 0]);
});
