/** A drawing is made again only where something that it depends on is another one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { whenChanged } from "#web/lib/when_changed.js";

test("it draws at first and on each change, by the identity of arrays and objects", () => {
  const drawn = [];
  const draw = whenChanged(
    (stage, values) => [stage, values],
    (stage) => drawn.push(stage),
  );
  const values = new Float32Array([1]);
  assert.equal(draw("block1", values), true);
  assert.equal(draw("block1", values), false);
  draw("block2", values);
  draw("block2", new Float32Array([1]));
  assert.deepEqual(drawn, ["block1", "block2", "block2"]);
});

test("NaN is the same as NaN, and a joined text is not two texts", () => {
  let times = 0;
  const draw = whenChanged(
    (...key) => key,
    () => (times += 1),
  );
  for (const key of [[NaN], [NaN], ["a,b"], ["a", "b"]]) draw(...key);
  assert.equal(times, 3);
});
