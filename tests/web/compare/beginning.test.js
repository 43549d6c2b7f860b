/** How Compare opens for the first time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { beginningWith } from "#web/compare/beginning.js";

const named = (...names) => names.map((name) => ({ name }));

test("two shipped networks, and what stands in for one whose file is missing", () => {
  const { a, b } = beginningWith(named("untrained", "cifar10-fast", "cifar10-photographs", "mine:3"));
  assert.deepEqual([a, b], ["cifar10-fast", "cifar10-photographs"]);
  const other = beginningWith(named("untrained", "cifar10-photographs", "mine:3"));
  assert.deepEqual([other.a, other.b], ["untrained", "cifar10-photographs"]);
  assert.match(other.words, /untrained network, B is cifar10-photographs/);
  assert.deepEqual(beginningWith(named("untrained", "mine:3")).b, "mine:3");
  const alone = beginningWith(named("untrained"));
  assert.deepEqual([alone.a, alone.b], ["untrained", "untrained"]);
});
