/** Explore in German: what is done to channels is decided by its key, and said in the language. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { speakGerman } from "../german.js";

const messages = {
  off: "aus",
  "off, {value} before": "aus, vorher {value}",
  "ch {channel}, row {row}, col {column}": "Kanal {channel}, Zeile {row}, Spalte {column}",
  "channel {channel} of {total}": "Kanal {channel} von {total}",
  "{count} channel of {place} is off": ["{count} Kanal von {place} ist aus", "{count} Kanäle von {place} sind aus"],
  "{count} channel of {place} is {done}": [
    "{count} Kanal von {place} ist {done}",
    "{count} Kanäle von {place} sind {done}",
  ],
  "All {count} channels are off: the prediction is that of the biases alone.": "Alle {count} Kanäle sind aus.",
};
speakGerman(messages);
const { alteredSentence, readChanges } = await import("#web/explore/alteration.js");
const { placeWords, spoken, tileWords } = await import("#web/maps/wall_words.js");
const { listed } = await import("#web/lib/format.js");

test("an alteration is counted as German counts, and a factor has its decimal mark", () => {
  const told = (/** @type {string} */ text, total = 96) =>
    alteredSentence(/** @type {any} */ (readChanges(text)), () => total);
  assert.equal(told("block1.relu:65=0"), "1 Kanal von Block 1 ist aus.");
  assert.equal(told("block1.relu:65=0,22=0,3=0.5"), "2 Kanäle von Block 1 sind aus, 1 Kanal von Block 1 ist × 0,5.");
  assert.equal(told("block1.relu:0=0,1=0", 2), "Alle 2 Kanäle sind aus.");
});

test("a channel that is off is known by its key", () => {
  const view = /** @type {any} */ ({
    shape: [2, 1, 1],
    values: new Float32Array([5.52, 1]),
    statistics: null,
    selected: 0,
    changed: new Map([[0, "off"]]),
  });
  assert.deepEqual(placeWords(view, { channel: 0, row: 0, column: 0 }), [
    "Kanal 0, Zeile 0, Spalte 0",
    "aus, vorher 5,52",
  ]);
  assert.equal(tileWords(view), "Kanal 0 von 2, aus");
  assert.equal(spoken("nach 3"), "nach 3"); // only English has "ch" for a channel
});

test("numbers with decimal commas stand one after the other with semicolons", () => {
  assert.equal(listed(["0,229", "0,224"]), "0,229; 0,224");
});
