/** The frames of a replay are asked for until all are here that can be had, and no longer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createReplay } from "#web/train/replay.js";

/** @param {object} header @returns {Response} a message of the server's with a frame for each name */
function message(header) {
  const kinds = ["map", "filters", "probabilities"];
  const arrays = header.frames
    .flatMap((name) => kinds.map((kind) => `${kind}:${name}`))
    .map((name, i) => ({ name, dtype: "f4", shape: [1], offset: 4 * i }));
  const words = JSON.stringify({
    stages: { "block2.relu": [1, 1, 1] },
    channel: 0,
    filter: 0,
    filters: 1,
    ...header,
    arrays,
  });
  const head = new TextEncoder().encode(words.padEnd(Math.ceil((words.length + 4) / 8) * 8 - 4));
  const bytes = new Uint8Array(4 + head.length + 4 * arrays.length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  return new Response(bytes);
}

/** @param {object[]} answers one after the other, the last one again and again */
function open(answers) {
  const told = { asked: 0, failures: [] };
  globalThis.fetch = async () => {
    told.asked += 1;
    assert.ok(told.asked < 20, "asked for ever");
    return message(answers.length > 1 ? answers.shift() : answers[0]);
  };
  const frames = createReplay({ onFrames: () => undefined, onFail: (error) => told.failures.push(error.message) });
  const subject = { run: "run", photo: "cat", stage: "block2.relu", channel: "" };
  return { frames, told, look: () => frames.update(subject, ["epoch-000", "epoch-001"], 1) };
}

async function settle() {
  for (let i = 0; i < 100; i += 1) await setImmediate();
}

test("an epoch whose file is damaged is told once, and the others come", async () => {
  const refused = { "epoch-001": "epoch-001.safetensors is damaged" };
  const { frames, told, look } = open([
    { frames: [], pending: 1, refused },
    { frames: ["epoch-000"], pending: 0, refused },
  ]);
  look();
  await settle();
  assert.deepEqual(told, { asked: 2, failures: ["epoch-001.safetensors is damaged"] });
  assert.equal(frames.get("epoch-001"), null);
  assert.notEqual(frames.get("epoch-000"), null);
  look(); // as after each poll of the runs
  await settle();
  assert.equal(told.asked, 2);
});

test("rounds that bring nothing end", async () => {
  const { told, look } = open([{ frames: [], pending: 1, refused: {} }]);
  look();
  await settle();
  assert.deepEqual(told, { asked: 2, failures: [] });
});
