/** What stands above the stages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { similarityOf } from "#web/compare/pairing.js";

const known = (found) => ({ found, job: null, problem: "" });

test("the count is of the pictures that the similarity was computed from", () => {
  // 194 pictures are three batches of 64 and two left over, which are too few for CKA.
  const found = { images: 194, cka: { a: [], b: [], cka: [], images: 192 } };
  assert.equal(similarityOf(known(found), null, "shapes").source, "linear CKA, 192 test pictures");
});

test("what ships is shown until something is computed", () => {
  const shipped = { cka: { a: [], b: [], cka: [], images: 500 }, agreement: 0.9, images: 500 };
  assert.equal(similarityOf(known(null), shipped, "").source, "linear CKA, 500 test pictures");
  assert.equal(similarityOf(known(null), null, "").source, "not computed yet");
  assert.equal(similarityOf(known({ images: 2, cka: null }), shipped, "").source, "too few pictures for CKA");
});
