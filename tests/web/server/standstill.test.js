/** A server that stands still is told of, and that it goes on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { watchStandstill } from "#web/server/standstill.js";

/** @param {import("node:test").TestContext} t */
function watching(t) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const traffic = { pending: 0, heard: 0 };
  const seen = { pings: 0, said: 0, takenBack: 0, now: 0 };
  /** @type {(() => void)[]} */
  const answers = [];
  const end = watchStandstill(traffic, {
    ping: () => new Promise((resolve) => void ((seen.pings += 1), answers.push(() => resolve(null)))),
    say: () => ((seen.said += 1), () => void (seen.takenBack += 1)),
    now: () => seen.now,
  });
  const wait = (/** @type {number} */ seconds) => {
    for (let i = 0; i < seconds; i += 1) {
      seen.now += 1000;
      t.mock.timers.tick(1000);
    }
  };
  return { traffic, seen, answers, end, wait };
}

test("who asks for nothing is told nothing, and nothing is asked", (t) => {
  const { seen, wait, end } = watching(t);
  wait(60);
  assert.deepEqual([seen.pings, seen.said], [0, 0]);
  end();
});

test("a long answer is no standstill as long as small ones come", async (t) => {
  const { traffic, seen, answers, wait, end } = watching(t);
  traffic.pending = 1;
  for (let i = 0; i < 10; i += 1) {
    wait(3);
    answers.splice(0).forEach((answer) => answer());
    traffic.heard = seen.now;
    await Promise.resolve();
    await Promise.resolve();
  }
  assert.equal(seen.said, 0);
  assert.equal(seen.pings, 10);
  end();
});

test("ten silent seconds are said once, and taken back with the first answer", (t) => {
  const { traffic, seen, wait, end } = watching(t);
  traffic.pending = 1;
  wait(9);
  assert.equal(seen.said, 0);
  wait(30);
  assert.deepEqual([seen.said, seen.takenBack, seen.pings], [1, 0, 1]);
  traffic.heard = seen.now;
  wait(3);
  assert.deepEqual([seen.said, seen.takenBack], [1, 1]);
  traffic.pending = 0;
  wait(30);
  assert.equal(seen.said, 1);
  end();
});

test("leaving the page takes the words along", (t) => {
  const { traffic, seen, wait, end } = watching(t);
  traffic.pending = 1;
  wait(12);
  end();
  assert.deepEqual([seen.said, seen.takenBack], [1, 1]);
  wait(30);
  assert.equal(seen.said, 1);
});
