/** What the Compare page says. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  describePlace,
  measuredWords,
  photoWords,
  picturesWords,
  ratesWords,
  sameWords,
  verdict,
  wallsWords,
} from "#web/compare/words.js";
import { count } from "#web/lib/format.js";

const CLASSES = ["cat", "frog"];

/** A pass that says `answer`; null where its outputs are not numbers. */
function pass(answer, digest, trained = true) {
  const probabilities = CLASSES.map((name) => (name === answer ? 0.9 : 0.1));
  return { header: { has_answer: answer !== null, checkpoint: { classes: CLASSES, digest, trained } }, probabilities };
}

const SHIPPED = { cka: null, agreement: 0.892, images: 500 };
const RIGHT = { a: { accuracy: 0.8459, images: 10_000 }, b: { accuracy: 0.8538, images: 10_000 } };

function said(a, b, { shipped = SHIPPED, right = RIGHT } = {}) {
  return verdict({ traces: { a, b }, pair: { same_run: "", no_axis: "", shipped, right } }, null, {
    title: "pictures",
  });
}

test("what both say, and how that fits with what ships about them", () => {
  assert.equal(
    said(pass("frog", "1"), pass("cat", "2")),
    "On this photo A says frog and B says cat, although they are right on 84.6 % and 85.4 % of the test pictures and give the same answer on 89 %.",
  );
  assert.equal(
    said(pass("cat", "1"), pass("cat", "2")),
    "On this photo A and B both say cat. They are right on 84.6 % and 85.4 % of the test pictures and give the same answer on 89 %.",
  );
  const chance = { shipped: { ...SHIPPED, agreement: 0.12 }, right: { a: null, b: RIGHT.b } };
  assert.equal(
    said(pass("cat", "1"), pass("frog", "2"), chance),
    "On this photo A says cat and B says frog. They give the same answer on 12 % of 500 test pictures.",
  );
  assert.equal(
    said(pass("cat", "1"), pass("frog", "2"), { shipped: null }),
    "On this photo A says cat and B says frog.",
  );
});

test("outputs that are not numbers are no answer", () => {
  const words = said(pass(null, "1"), pass("cat", "2"), { shipped: null });
  assert.equal(words, "On this photo A gives no answer, since its outputs are not numbers, and B says cat.");
  assert.match(
    said(pass(null, "1"), pass(null, "2"), { shipped: null }),
    /^On this photo neither A nor B gives an answer/,
  );
  const side = { accuracy: 0, interval: null };
  const answers = { n: 8, agreement: 0, a: side, b: { accuracy: 0.5, interval: [0.2, 0.8] } };
  const measured = measuredWords({ answers, agreement: 0, images: 8 }, "pictures");
  assert.equal(measured, "On 8 pictures A gives no answer: outputs that are not numbers are never right.");
});

test("the untrained and the same are said before figures", () => {
  assert.equal(
    said(pass("cat", "1", false), pass("frog", "2")),
    "On this photo A says cat and B says frog. A has not been trained: its answers are chance.",
  );
  assert.match(said(pass("cat", "1"), pass("cat", "1")), /the same checkpoint: every difference is zero\.$/);
});

test("shares side by side are told apart", () => {
  const share = (accuracy) => ({ accuracy, interval: [0, 1] });
  const answers = { n: 10_000, agreement: 0.9, a: share(0.8459), b: share(0.8538) };
  assert.equal(
    measuredWords({ answers, agreement: 0.9, images: 10_000 }, "CIFAR-10 test pictures"),
    "On 10\u202f000 CIFAR-10 test pictures B is right 85.4 % of the time and A 84.6 %; they give the same answer on 90 %.",
  );
});

test("a logit is called by its class", () => {
  const c = {
    shape: [2, 1, 1],
    reason: "",
    partners: null,
    a: { values: [1, 2] },
    b: { values: [3, 5] },
    difference: { values: [2, 3] },
  };
  const place = { channel: 1, row: 0, column: 0 };
  assert.deepEqual(describePlace(c, "a", place, null, ["cat", "frog"]), ["frog", "A 2.00, B 5.00, B − A 3.00"]);
  assert.equal(describePlace(c, "a", place, null, null)[0], "unit 1");
});

test("a picture of the walls says how many there are and in which order they stand", () => {
  assert.equal(wallsWords(128, 256, "changed", "channels"), "128 of 256 channels, most changed first");
  assert.equal(wallsWords(256, 256, "index", "channels"), "all 256 channels, by index");
});

test("the command line and the report say it in the same words", async () => {
  const cases = JSON.parse(await readFile(new URL("../../cases/comparison_words.json", import.meta.url), "utf8"));
  const pictures = (number) => `${count(number)} pictures`;
  for (const [a, b, words] of cases.photo) assert.equal(photoWords(a, b), words);
  for (const [number, a, b, agreement, words] of cases.rates)
    assert.equal(ratesWords(pictures(number), a, b, agreement), words);
  for (const [number, agreement, words] of cases.same) assert.equal(sameWords(pictures(number), agreement), words);
});

test("a person's own pictures are called so", () => {
  assert.equal(picturesWords(40, "your own pictures"), "40 of your own pictures");
  assert.equal(picturesWords(500, "CIFAR-10 test pictures"), "500 CIFAR-10 test pictures");
});
