/** What a comparison on many pictures found, and the same with A and B exchanged. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createJobs, swapped } from "#web/compare/jobs.js";
import { answerWith } from "../answers.js";

test("a comparison turned round", () => {
  const matching = {
    stage: "block1.relu",
    partners: [2, null, 0],
    correlations: [0.9, null, 0.3],
    second_count: 4,
    silent_first: [],
    silent_second: [3],
    good_correlation: 0.5,
    method: "correlation",
    reason: "",
    without_good_partner: [1, 2],
  };
  const cka = { a: ["x"], b: ["y", "z"], cka: [[0.1, 0.2]], images: 8 };
  const found = swapped({ cka, matchings: { "block1.relu": matching }, answers: null, images: 8 });
  assert.deepEqual(found.cka, { a: ["y", "z"], b: ["x"], cka: [[0.1], [0.2]], images: 8 });
  const other = found.matchings["block1.relu"];
  assert.deepEqual(other.partners, [2, null, 0, null]);
  assert.deepEqual(other.correlations, [0.3, null, 0.9, null]);
  assert.deepEqual(other.without_good_partner, [0, 1]); // channel 3 is silent
  assert.equal(other.second_count, 3);
});

test("what another person has begun is followed, and is theirs to end", async () => {
  const asked = [];
  /** @type {(() => void)[]} */
  const timers = [];
  globalThis.window = { setTimeout: (again) => timers.push(again) };
  const running = { state: "running", done: 1, total: 8, before: 0, seconds_left: null, message: "" };
  const answers = [running, running, { state: "none" }];
  globalThis.fetch = async (url) => {
    asked.push(new URL(url).pathname.split("/api/")[1]);
    return new Response(JSON.stringify(answers.shift()), { headers: { "content-type": "application/json" } });
  };
  const jobs = createJobs(() => undefined);
  const pair = { a: "one", b: "other", data: "shapes", count: "512" };
  await jobs.look(pair);
  timers[0]();
  while (timers.length < 2) await setImmediate();
  assert.deepEqual(jobs.of(pair).job, running);
  await jobs.cancel(pair);
  assert.deepEqual(jobs.of(pair), { found: null, job: null, problem: "" });
  assert.deepEqual(asked, ["comparison", "comparison"]);
});

const pair = { a: "one", b: "other", data: "shapes", count: "512" };

/** @param {(object | null)[]} answers one after the other; null: there is no connection */
function open(answers) {
  const timers = answerWith(answers);
  return { jobs: createJobs(() => undefined), timers };
}

test("a comparison is followed further once the connection is back, and the error goes", async () => {
  const running = { id: "1", state: "running", done: 1, total: 8, before: 0, seconds_left: null, message: "" };
  const { jobs, timers } = open([running, null, running, { ...running, state: "done", record: { images: 8 } }]);
  await jobs.start(pair);
  timers[0]();
  while (timers.length < 2) await setImmediate();
  assert.deepEqual(jobs.of(pair).job, running);
  assert.match(jobs.of(pair).problem, /^The server does not answer/);
  timers[1]();
  while (timers.length < 3) await setImmediate();
  assert.equal(jobs.of(pair).problem, "");
  timers[2]();
  while (jobs.of(pair).job) await setImmediate();
  assert.deepEqual(jobs.of(pair), { found: { images: 8 }, job: null, problem: "" });
});

test("what was asked for without a connection is asked for again", async () => {
  const { jobs } = open([null, { state: "done", record: { images: 8 } }]);
  await jobs.look(pair);
  assert.match(jobs.of(pair).problem, /^The server does not answer/);
  await jobs.look(pair);
  assert.deepEqual(jobs.of(pair), { found: { images: 8 }, job: null, problem: "" });
});

test("what the server refuses is not asked for again and again", async () => {
  const { jobs, timers } = open([{ id: "1", state: "running" }, { error: "not known any more" }]);
  await jobs.start(pair);
  timers[0]();
  while (!jobs.of(pair).problem) await setImmediate();
  assert.equal(jobs.of(pair).job, null);
  assert.equal(timers.length, 1);
});
