import assert from "node:assert/strict";
import { test } from "node:test";
import { hasMap, nounOf, unitName } from "#web/unit/stage_units.js";

const MAPS = { name: "block2.relu", shape: [256, 13, 13] };
const UNITS = { name: "fc1.relu", shape: [4096] };
const LOGITS = { name: "logits", shape: [10] };
const STAGES = [MAPS, UNITS, LOGITS];

test("channels have maps, units and classes have none", () => {
  assert.deepEqual(
    STAGES.map(({ name }) => nounOf(name)),
    ["channel", "unit", "class"],
  );
  assert.deepEqual([...STAGES, undefined].map(hasMap), [true, false, false, false]);
});

test("a class is called by its name, anything else by its number", () => {
  const classes = ["airplane", "bird"];
  assert.equal(unitName({ stage: "block2.relu", channel: "1" }, classes), "channel 1");
  assert.equal(unitName({ stage: "fc1.relu", channel: "1" }, classes), "unit 1");
  assert.equal(unitName({ stage: "logits", channel: "1" }, classes), "bird");
});

test("a class whose name is not known yet is called by its number too", () => {
  assert.equal(unitName({ stage: "logits", channel: "7" }, []), "class 7");
});
