/** A run in German: its state is known by its English name, its figures have the decimal comma. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { speakGerman } from "../german.js";
import { assertEach } from "../assertions.js";

const messages = {
  crashed: "abgestürzt",
  shipped: "mitgeliefert",
  "epoch {epoch} of {epochs}": "Epoche {epoch} von {epochs}",
  "{n} epoch": ["{n} Epoche", "{n} Epochen"],
  "block {n}": "Block {n}",
  "learning rate": "Lernrate",
};
speakGerman(messages);
const { diagnosis, differences, disk, roughly, rowWords, small, stateOf } = await import("#web/train/run_words.js");

const RUN = { state: "crashed", epoch: 3, recipe: { epochs: 32, learning_rate: 0.01 } };

test("figures have the decimal comma", () => {
  assertEach(small, [
    [0.0078, "0,0078"],
    [8e-6, "8,0 × 10⁻⁶"],
    [150, "150"],
    [2e5, "200\u202f000"],
  ]);
  assert.equal(roughly(5400), "1,5 h");
  assert.equal(disk(1.5e9), "1,5 GB");
  assert.equal(disk(999_600_000), "1,0 GB");
});

test("a state keeps its sign and its tone", () => {
  assert.deepEqual(stateOf(RUN), { sign: "✕", word: "abgestürzt", tone: "bad" });
  assert.equal(rowWords(RUN), "abgestürzt · Epoche 3 von 32");
  assert.equal(rowWords({ ...RUN, state: "shipped", recipe: { epochs: 1 } }), "mitgeliefert · 1 Epoche");
});

test("layers and settings are found by their keys and called by their names", () => {
  const layers = [{ layer: "block1.conv", dead: 0, update_ratio: 1e-3, gradient_norm: 1 }];
  const { odd, words } = diagnosis({ layers, complaints: ["block1.conv: tot"], pace: "usual" }, 3);
  assert.deepEqual([...odd], ["block1.conv"]);
  assert.equal(words, "Block 1: tot.");
  assert.deepEqual(differences([RUN, { ...RUN, recipe: { epochs: 32, learning_rate: 0.02 } }], []), [
    { key: "Lernrate", values: ["0,01", "0,02"] },
  ]);
});
