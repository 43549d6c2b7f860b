/** Work on the server is followed while it goes on, through a connection that is lost and there again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createJob } from "#web/unit/job.js";
import { answerWith } from "../answers.js";

/** @param {(Record<string, unknown> | null)[]} answers one after the other; null: there is no connection */
function open(answers) {
  const told = [];
  const timers = answerWith(answers);
  const job = createJob({
    path: "unit/parts",
    isKin: () => true,
    onChange: () => told.push(job.found?.state),
    onRefused: (error) => told.push(error && error.message),
  });
  return { job, told, timers };
}

/** @param {() => boolean} isSo */
async function until(isSo) {
  while (!isSo()) await setImmediate();
}

test("a search is followed further once the connection is back, and the error goes", async () => {
  const { job, told, timers } = open([{ state: "running" }, null, { state: "running" }, { state: "done" }]);
  job.want({ checkpoint: "usual" });
  for (let look = 0; look < 3; look += 1) {
    await until(() => timers.length > look);
    timers[look]();
  }
  await until(() => job.found?.state === "done");
  assert.deepEqual(told, ["running", "The server does not answer. Is it still running?", null, "running", "done"]);
});

test("what the server refuses is not asked for again and again", async () => {
  const { job, told, timers } = open([{ state: "running" }, { error: "your pictures are not here" }]);
  job.want({ checkpoint: "usual" });
  await until(() => timers.length > 0);
  timers[0]();
  await until(() => told.length > 1);
  await setImmediate();
  assert.deepEqual([told, timers.length], [["running", "your pictures are not here"], 1]);
});

test("beginning it once more takes the refusal away", async () => {
  const { job, told } = open([{ error: "busy" }, { state: "running" }, { state: "running" }]);
  job.want({ checkpoint: "usual" });
  await until(() => told.length > 0);
  job.start();
  await until(() => job.found?.state === "running");
  assert.deepEqual(told, ["busy", null, "running"]);
});

test("work that a server started anew does not know is said to be lost, and what was cancelled here is not", async () => {
  const { job } = open([
    { state: "none" },
    { state: "running", id: "1" },
    { state: "running", id: "1" },
    { state: "none" },
    { state: "none" },
    { state: "running", id: "2" },
    { state: "running", id: "2" },
    {},
    { state: "none" },
  ]);
  job.want({ channel: "1" });
  await until(() => job.found !== null);
  assert.equal(job.found?.lost, undefined); // it was never there
  job.start();
  await until(() => job.found?.state === "running");
  job.again();
  await until(() => job.found?.state === "none");
  assert.match(job.found?.lost ?? "", /^The server no longer has it/);
  job.want({ channel: "2" });
  const before = job.found;
  await until(() => job.found !== before);
  assert.match(job.found?.lost ?? "", /^The server no longer has it/); // of another channel of the same search
  job.start();
  await until(() => job.found?.state === "running");
  job.cancel();
  await until(() => job.found?.state === "none");
  assert.equal(job.found?.lost, undefined);
});

test("what another tab began cannot be cancelled here, and is said to be lost where it has gone", async () => {
  const { job, timers } = open([{ state: "running" }, { state: "none" }]);
  job.want({ channel: "1" });
  await until(() => job.found?.state === "running");
  job.cancel();
  timers[0]();
  await until(() => job.found?.state === "none");
  assert.match(job.found?.lost ?? "", /^The server no longer has it/);
});
