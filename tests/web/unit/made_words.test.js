import assert from "node:assert/strict";
import { test } from "node:test";
import { comparison, course, isInFilm, momentAt, stepBy } from "#web/unit/made_words.js";

const FILM = [
  { step: 0, response: -1 },
  { step: 4, response: 1 },
  { step: 8, response: 3 },
];

test("a picture is compared with the best image part only at the contrast of photos", () => {
  assert.deepEqual(comparison({ response: 38.9, contrast: "photo", best: 18.3, most: null, isDone: true }), {
    words: "2.1 × the best image part, 18.3",
    mayGrow: false,
  });
  assert.deepEqual(comparison({ response: 51.2, contrast: "full", best: 18.3, most: null, isDone: true }), {
    words: "at full contrast; image parts have less, the best 18.3",
    mayGrow: false,
  });
  assert.deepEqual(comparison({ response: 5, contrast: "photo", best: null, most: null, isDone: true }), {
    words: "no image parts searched yet",
    mayGrow: false,
  });
});

test("what a finished picture does not reach is said, not while it is being made", () => {
  assert.deepEqual(comparison({ response: 12.1, contrast: "photo", best: 18.3, most: null, isDone: true }), {
    words: "Not reached: 12.1, best image part 18.3.",
    mayGrow: true,
  });
  assert.deepEqual(comparison({ response: 12.1, contrast: "photo", best: 18.3, most: null, isDone: false }), {
    words: "best image part 18.3",
    mayGrow: false,
  });
});

test("where no picture of the contrast can reach it, that is said in place of more steps", () => {
  const made = { response: 12.1, contrast: "photo", best: 18.3, isDone: true };
  assert.deepEqual(comparison({ ...made, most: 12.2 }), {
    words: "Not reached: 12.1, best image part 18.3. No picture of this contrast exceeds 12.2.",
    mayGrow: false,
  });
  assert.equal(comparison({ ...made, most: 40 }).mayGrow, true); // it could be reached: more steps
});

test("there is no ratio to a best part that is not above zero", () => {
  assert.equal(
    comparison({ response: 2, contrast: "photo", best: 0, most: null, isDone: true }).words,
    "best image part 0",
  );
});

test("the film holds steps 0, 4, 8, 16 …", () => {
  assert.deepEqual([0, 1, 2, 4, 8, 12, 16, 152, 256].filter(isInFilm), [0, 4, 8, 16, 256]);
});

test("a step that is not in the film is the last one, and the film has two ends", () => {
  assert.equal(momentAt(FILM, "4"), FILM[1]);
  assert.equal(momentAt(FILM, "152"), FILM[2]);
  assert.equal(momentAt([], ""), null);
  assert.deepEqual(
    [stepBy(FILM, "", -1), stepBy(FILM, "4", 1), stepBy(FILM, "0", -1), stepBy(FILM, "", 1)],
    ["4", "", null, null],
  );
});

test("the course is drawn from the smallest to the largest response, the best part with it", () => {
  // From −1 to 4: five high; 3 is a fifth from the top.
  assert.deepEqual(course(FILM, 4), {
    points: [
      { x: 1 / 6, y: 1 },
      { x: 0.5, y: 0.6 },
      { x: 5 / 6, y: 0.2 },
    ],
    best: 0,
  });
});

test("a picture that misses the best image part by little does not read as if it had reached it", () => {
  const made = { response: 18.312, contrast: "photo", best: 18.314, isDone: true };
  assert.equal(
    comparison({ ...made, most: 18.3133 }).words,
    "Not reached: 18.312, best image part 18.314. No picture of this contrast exceeds 18.313.",
  );
  assert.equal(comparison({ ...made, most: null }).words, "Not reached: 18.312, best image part 18.314.");
});

test("a response that is not a number reaches nothing", () => {
  assert.equal(
    comparison({ response: null, contrast: "photo", best: 18.3, most: null, isDone: true }).words,
    "Not reached: not a number, best image part 18.3.",
  );
  assert.deepEqual(
    course(
      [
        { step: 0, response: null },
        { step: 4, response: 2 },
      ],
      4,
    ).points,
    [
      { x: 0.25, y: null },
      { x: 0.75, y: 0.5 },
    ],
  );
});
