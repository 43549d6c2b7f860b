/** Where the names of the runs and the values at the marker stand on the loss chart. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markerWords } from "#web/charts/loss_chart_marker.js";
import { names } from "#web/charts/loss_chart_names.js";

// Every letter is ten pixels wide.
Object.assign(document, {
  createElement: () => ({ getContext: () => ({ measureText: (text) => ({ width: 10 * text.length }) }) }),
});

const BOX = { left: 50, top: 0, width: 400, height: 300, outer: 550, loss: [20, 180], accuracy: [220, 300] };
/** Ten epochs, losses from 0 to 2, accuracies from 0 to 100 %. @param {object[]} drawn @param {object} [view] */
const geometry = (drawn, view) => ({
  view: { epoch: null, lifted: null, ...view },
  drawn,
  box: BOX,
  toPixels: (epoch) => 50 + 40 * epoch,
  toY: (which, value) => (which === "loss" ? 180 - 80 * value : 300 - 0.8 * value),
  scale: 1,
});

/** @param {string} name @param {number[]} epochs of the losses @param {number[]} losses @param {number[]} accuracies one, of the tenth epoch, or none */
function run(name, epochs, losses, accuracies) {
  const curves = {
    step: Float32Array.from(epochs),
    epoch: Float32Array.from(accuracies.map(() => 10)),
    valAccuracy: Float32Array.from(accuracies),
    valSize: Float32Array.from(accuracies.map(() => 227)),
  };
  const line = { run: { id: name, name, steps: 10, recipe: { epochs: 10 } }, curves, selected: name === "ab" };
  return { line, x: curves.step, smooth: Float32Array.from(losses) };
}
const RUNS = [
  run("cd", [5, 10], [1, 0.4375], [0.4375]),
  run("ab", [5, 10], [0.625, 0.5], [0.5]),
  run("ef", [2, 4], [2, 1], []),
];

test("names stand at the ends of their lines, one below the other, and where an early end leaves room", () => {
  const at = names(geometry(RUNS)).map(({ text, x, y, centred }) => [text, x, y, centred]);
  assert.deepEqual(at, [
    ["ab", 456, 140, false],
    ["cd", 456, 157, false], // ends at 145, and 17 pixels are a line
    ["ef", 222, 156, true], // ends at 100; 122 and 139 would lie on the selected line, which is at 130 there
    ["ab", 456, 260, false],
    ["cd", 456, 277, false],
  ]);
});

test("where one run is lifted the names of the others fade", () => {
  const kinds = names(geometry(RUNS, { lifted: "cd" })).map(({ text, kind }) => `${text}: ${kind}`);
  assert.deepEqual(kinds, ["ab: name faded", "cd: name", "ef: name faded", "ab: name faded", "cd: name"]);
});

test("the marker's values stand at its right, and at its left where the line ends", () => {
  const at = (/** @type {number | null} */ epoch) =>
    markerWords(geometry(RUNS, { epoch })).map(({ which, text, dotY, x, y }) => [which, text, dotY, x, y]);
  assert.deepEqual(at(5), [["loss", "0.625", 130, 259, 117]]); // no validation
  assert.deepEqual(at(10), [
    ["loss", "0.500", 140, 441, 127],
    ["accuracy", "50 %", 260, 441, 273],
  ]);
  assert.deepEqual([at(null), at(11)], [[], []]);
});
