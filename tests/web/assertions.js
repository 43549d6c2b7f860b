/** What the tests of the modules assert more than once. */
import assert from "node:assert/strict";

/**
 * Assert that a function turns each given value into what stands beside it.
 * @param {(given: any) => unknown} made
 * @param {Array<[any, unknown]>} cases
 */
export function assertEach(made, cases) {
  assert.deepEqual(
    cases.map(([given]) => [given, made(given)]),
    cases,
  );
}

/**
 * Assert that a number is another one but for rounding.
 * @param {number} actual
 * @param {number} expected
 * @param {number} [tolerance] of the expected one
 */
export function assertClose(actual, expected, tolerance = 1e-6) {
  const isClose = Math.abs(actual - expected) <= tolerance * Math.abs(expected);
  assert.ok(isClose, `${actual} is not ${expected} within ${tolerance}`);
}
