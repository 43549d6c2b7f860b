/** What an address asks on the Why page, of a network that may not have it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rivalOf, stagesOf, targetOf } from "#web/why/target.js";

const map = (name) => ({ name, shape: [8, 6, 6] });
const PASS = {
  probabilities: [0.2, 0.7, 0.1],
  header: {
    checkpoint: { classes: ["cat", "dog", "ship"] },
    stages: [map("block1.relu"), map("block5.relu"), map("block5.pool"), { name: "fc1", shape: [4] }],
  },
};
const asked = (given = {}) => ({ target: "", versus: "", stage: "", ...given });

test("the likeliest class is asked about where none is named, or one that the network does not have", () => {
  assert.equal(targetOf(PASS, asked()), 1);
  assert.equal(targetOf(PASS, asked({ target: "2" })), 2);
  assert.equal(targetOf(PASS, asked({ target: "281" })), 1);
});

test("there is no rival in the class itself nor in one that the network does not have", () => {
  assert.equal(rivalOf(PASS, asked()), null);
  assert.equal(rivalOf(PASS, asked({ versus: "0" })), 0);
  assert.equal(rivalOf(PASS, asked({ versus: "1" })), null);
  assert.equal(rivalOf(PASS, asked({ target: "281", versus: "1" })), null);
  assert.equal(rivalOf(PASS, asked({ versus: "700" })), null);
});

test("Grad-CAM looks at the last ReLU unless another stage with maps is named", () => {
  assert.deepEqual(stagesOf(PASS, asked()), {
    names: ["block1.relu", "block5.relu", "block5.pool"],
    open: "block5.relu",
  });
  assert.equal(stagesOf(PASS, asked({ stage: "block1.relu" })).open, "block1.relu");
  for (const stage of ["fc1", "nonsense"]) assert.equal(stagesOf(PASS, asked({ stage })).open, "block5.relu");
});
