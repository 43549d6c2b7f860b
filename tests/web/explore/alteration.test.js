import assert from "node:assert/strict";
import { test } from "node:test";
import {
  alteredChannels,
  alteredSentence,
  alteredShort,
  changeChannels,
  changesAt,
  choiceOf,
  DOUBLED,
  factorWords,
  HELD,
  OFF,
  ON,
  readChanges,
  stepsTo,
  writeChanges,
} from "#web/explore/alteration.js";

const TEXT = "block1.relu:65=0,22=0,block2.relu:3=held";
const totalOf = (/** @type {string} */ stage) => (stage === "block1.relu" ? 96 : 256);
const read = (/** @type {string} */ text) =>
  /** @type {import("#web/explore/alteration.js").Change[]} */ (readChanges(text));

test("an address's alteration is read and written the same; what is none is told from it", () => {
  assert.deepEqual(readChanges(TEXT), [
    { stage: "block1.relu", channel: 65, factor: "0" },
    { stage: "block1.relu", channel: 22, factor: "0" },
    { stage: "block2.relu", channel: 3, factor: "held" },
  ]);
  assert.equal(writeChanges(read(TEXT)), TEXT);
  assert.equal(writeChanges(read("fc1:1=0,fc1:2=-0.5")), "fc1:1=0,2=-0.5");
  assert.deepEqual(readChanges(""), []);
  for (const text of [
    "65=0",
    "block1.relu",
    "block1.relu:65",
    "block1.relu:65=",
    "block1.relu:65=NaN",
    "block1.relu:-1=0",
    `${TEXT},`,
  ])
    assert.equal(readChanges(text), null, text);
});

test("channels change one after the other, so that undo goes back channel by channel", () => {
  assert.deepEqual(changeChannels("", "block1.relu", [65, 22], OFF), ["block1.relu:65=0", "block1.relu:65=0,22=0"]);
  assert.deepEqual(changeChannels("block1.relu:65=0", "block1.relu", [65, 22], OFF), ["block1.relu:65=0,22=0"]); // 65 is off already
  assert.deepEqual(changeChannels(TEXT, "block1.relu", [65], HELD), ["block1.relu:65=held,22=0,block2.relu:3=held"]);
  assert.deepEqual(changeChannels(TEXT, "block1.relu", [22, 7, 65], ON), [
    "block1.relu:65=0,block2.relu:3=held",
    "block2.relu:3=held",
  ]);
  assert.deepEqual(stepsTo(TEXT), ["", "block1.relu:65=0", "block1.relu:65=0,22=0"]);
});

test("doubled again is doubled twice", () => {
  assert.deepEqual(changeChannels("fc1:1=2", "fc1", [1], DOUBLED), ["fc1:1=4"]);
  assert.deepEqual(changeChannels("fc1:1=0", "fc1", [1], DOUBLED), ["fc1:1=2"]);
  assert.deepEqual(["0", "held", "2", "16384", "0.5", "-1"].map(factorWords), [
    "off",
    "held",
    "doubled",
    "doubled 14 times",
    "× 0.5",
    "× −1",
  ]);
  assert.deepEqual(["0", "held", "2", "8", "0.5", undefined].map(choiceOf), [OFF, HELD, DOUBLED, DOUBLED, "", ON]);
});

test("what is done to one stage stands by channel", () => {
  assert.deepEqual(
    [...changesAt(read(TEXT), "block1.relu")],
    [
      [65, "0"],
      [22, "0"],
    ],
  );
  assert.equal(changesAt(read(TEXT), "fc1").size, 0);
});

test("words count the channels, and name them for whatever leaves the page", () => {
  assert.equal(alteredSentence(read("block1.relu:65=0,22=0,23=0,10=0"), totalOf), "4 channels of Block 1 are off.");
  assert.equal(
    alteredSentence(read("block1.norm:65=0,block2.relu:3=held,4=held"), totalOf),
    "1 channel of Block 1, LRN is off, 2 channels of Block 2 are held.",
  );
  assert.equal(alteredShort(read(TEXT), totalOf), "2 of 96 channels off, 1 of 256 channels held");
  assert.equal(
    alteredChannels(read("block1.relu:65=0,22=held,23=0,fc1:5=2")),
    "Block 1: 65, 23 off; 22 held; fc1: 5 doubled",
  );
  const all = writeChanges(
    Array.from({ length: 96 }, (_, channel) => ({ stage: "block1.relu", channel, factor: "0" })),
  );
  assert.equal(
    alteredSentence(read(all), totalOf),
    "All 96 channels are off: the prediction is that of the biases alone.",
  );
});
