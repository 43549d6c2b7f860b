import assert from "node:assert/strict";
import { test } from "node:test";
import {
  better,
  cancelledWords,
  evidence,
  halfOf,
  likenessOf,
  passesWords,
  sentence,
  squareStarts,
} from "#web/why/words.js";

const found = {
  method: "grad-cam",
  target: 0,
  versus: 1,
  minimum: -1,
  maximum: 2,
  squares: { count: 2, first: 2, step: 4, size: 7 },
  better: 0,
  like_untrained: 0.03,
  deletion: 0.32,
  insertion: 0.59,
  values: new Float32Array(49).fill(1),
};

test("squares begin half a step before their centres, the first at the border", () => {
  // Block 5: centres at 17.5, 33.5, …; the second square holds pixels from 25 on, whose middle 25.5 is not before 25.5.
  assert.deepEqual(squareStarts({ count: 3, first: 17.5, step: 16, size: 227 }), [0, 25, 41]);
});

test("a map by pixel has one value a square", () => {
  const values = Float32Array.from({ length: 49 }, (_, i) => (Math.floor(i / 7) < 4 ? 0 : 2) + (i % 7 < 4 ? 1 : 2));
  assert.deepEqual([...evidence({ ...found, values })], [1, 2, 3, 4]);
});

test("half of the evidence, the largest magnitudes first", () => {
  assert.equal(halfOf([1, -4, 2, 1]), 1); // 4 of 8
  assert.equal(halfOf([1, 1, 1, 1]), 2);
  assert.equal(halfOf([0, 0]), 0);
});

test("the sentence says the colours, where half of the evidence lies, and the verdict", () => {
  assert.equal(
    sentence(found, ["cat", "frog"]),
    "Ochre speaks for cat, blue for frog. Half of the evidence lies in 2 of 4 squares. On this photo Grad-CAM tells little more than a random map.",
  );
  assert.match(sentence({ ...found, versus: null }, ["cat"]), /blue against it/);
  assert.match(sentence({ ...found, like_untrained: 0.49 }, ["cat", "frog"]), /It looks the same untrained/);
  assert.equal(
    sentence({ ...found, minimum: 0, maximum: 0 }, ["cat", "frog"]),
    "Nothing speaks for cat here: every value is 0.",
  );
});

test("a method that tells clearly more is offered, and only then", () => {
  const gradients = { ...found, method: "integrated-gradients", better: 2, deletion: 0.11, insertion: 0.89 };
  assert.deepEqual(better(found, [found, gradients]), {
    method: "integrated-gradients",
    words: "Integrated gradients tells more: 0.11 and 0.89.",
  });
  assert.equal(better(found, [found, { ...gradients, like_untrained: 0.4 }]), null);
  assert.equal(better({ ...found, better: 2 }, [gradients]), null);
});

test("a map whose values are all one is like no other, and is never offered", () => {
  assert.equal(likenessOf(found), 0.03);
  assert.equal(likenessOf({ ...found, minimum: 0, maximum: 0, like_untrained: 0 }), null);
  const nothing = {
    ...found,
    method: "occlusion",
    better: 2,
    deletion: 0.11,
    insertion: 0.89,
    minimum: 0,
    maximum: 0,
    like_untrained: 0,
  };
  assert.equal(better(found, [found, nothing]), null);
});

test("an area that is not whole is not said to be", () => {
  const gradients = { ...found, method: "integrated-gradients", better: 2, deletion: 0.001, insertion: 0.9964 };
  assert.equal(better(found, [gradients]).words, "Integrated gradients tells more: < 0.01 and 0.996.");
});

test("what is waited for says how far it is, and about how long it takes", () => {
  assert.equal(passesWords({ method: "occlusion", done: 0, total: 0, seconds: 1 }), "Occlusion waits for its turn.");
  assert.equal(passesWords({ method: "occlusion", done: 0, total: 126, seconds: 1 }), "Occlusion, 126 passes.");
  assert.equal(passesWords({ method: "grad-cam", done: 0, total: 1, seconds: 1 }), "Grad-CAM, 1 pass.");
  // 40 passes in 6 s: 86 more take 12.9 s.
  assert.equal(
    passesWords({ method: "grad-cam", done: 40, total: 126, seconds: 6 }),
    "Grad-CAM, 40 of 126 passes, about 13 s.",
  );
  assert.equal(
    cancelledWords({ method: "occlusion", done: 40, total: 126, seconds: 6 }),
    "Cancelled at 40 of 126 passes.",
  );
  assert.equal(cancelledWords(null), "Cancelled.");
});
