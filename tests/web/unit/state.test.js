import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultsOf } from "#web/shell/url_state.js";
import { follow, readHeld, stepBack, tableOf } from "#web/unit/state.js";

const START = {
  ...defaultsOf(tableOf({ photos: [{ id: "chelsea" }], checkpoint: "fast" })),
  channel: "7",
  place: "3,4",
  input: "42",
};

test("another channel has its own strongest place, another stage its own channels", () => {
  assert.deepEqual(follow(START, { channel: "8" }), { ...START, channel: "8", place: "", input: "" });
  assert.deepEqual(follow(START, { stage: "block1.conv" }), {
    ...START,
    stage: "block1.conv",
    channel: "0",
    place: "",
    input: "",
  });
  assert.deepEqual(follow(START, { place: "5,5" }), { ...START, place: "5,5", input: "" });
});

test("another picture has its own film, more steps go on with the same", () => {
  const at = { ...START, step: "64" };
  for (const given of [{ seed: "1" }, { sign: "inhibits" }, { contrast: "full" }, { channel: "8" }])
    assert.equal(follow(at, given).step, "");
  assert.equal(follow(at, { steps: "512" }).step, "64");
});

test("one step back closes the products first, then leaves the place", () => {
  assert.deepEqual(stepBack(START), { input: "" });
  assert.deepEqual(stepBack({ ...START, input: "" }), { place: "" });
  assert.equal(stepBack({ ...START, input: "", place: "" }), null);
});

test("what is held stays while one walks on, and ends with its network", () => {
  const held = { ...START, held: "block2.relu:110" };
  for (const given of [{ channel: "8" }, { stage: "block3.relu" }, { photo: "coffee" }])
    assert.equal(follow(held, given).held, "block2.relu:110");
  assert.equal(follow(held, { checkpoint: "untrained" }).held, "");
  assert.deepEqual(stepBack({ ...held, input: "", place: "" }), { held: "" });
  assert.deepEqual(readHeld("block2.relu:110"), { stage: "block2.relu", channel: 110 });
  for (const text of ["", "block2.relu", ":3", "block2.relu:-1", "block2.relu:123456", "<b>:1"])
    assert.equal(readHeld(text), null);
});
