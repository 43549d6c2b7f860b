import assert from "node:assert/strict";
import { test } from "node:test";
import { consequence, countOf, startOf, sumText, unreached } from "#web/architecture/sliding.js";

const sliding = (size, side, stride, padding) => ({ size, side, stride, padding });

test("what comes out has the sizes of the article, counted by hand", () => {
  // 227 → conv1 55 → pool1 27 → conv2 27 → pool2 13 → conv3 13 → pool5 6
  const chain = [
    sliding(227, 11, 4, 0),
    sliding(55, 3, 2, 0),
    sliding(27, 5, 1, 2),
    sliding(27, 3, 2, 0),
    sliding(13, 3, 1, 1),
    sliding(13, 3, 2, 0),
  ];
  assert.deepEqual(chain.map(countOf), [55, 27, 27, 13, 13, 6]);
  assert.deepEqual(chain.map(unreached), [0, 0, 0, 0, 0, 0]);
});

test("a last step that does not fit is left out, and said", () => {
  // 224 + 2 × 2 = 228; windows begin at 0, 4, …, 216, and the last ends at 227: one row is left.
  const torchvision = sliding(224, 11, 4, 2);
  assert.equal(countOf(torchvision), 55);
  assert.equal(unreached(torchvision), 1);
  assert.equal(sumText(torchvision), "(224 + 2 × 2 − 11) / 4 + 1 = 55.25, rounded down to 55");
  assert.equal(
    consequence(torchvision),
    "55 × 55 = 3025 windows. Neighbours share 7 of 11 rows. One row and one column are in no window.",
  );
});

test("windows begin in the padding", () => {
  assert.deepEqual(
    [0, 1, 2].map((index) => startOf(sliding(27, 5, 1, 2), index)),
    [-2, -1, 0],
  );
  assert.equal(
    consequence(sliding(27, 5, 1, 2)),
    "27 × 27 = 729 windows. The size stays. Neighbours share 4 of 5 rows.",
  );
});

test("steps wider than the window leave values out; a window larger than the map gives nothing", () => {
  assert.equal(consequence(sliding(7, 1, 2, 0)), "4 × 4 = 16 windows. Between two windows 1 value is left out.");
  assert.equal(countOf(sliding(5, 11, 4, 0)), 0);
  assert.equal(sumText(sliding(5, 11, 4, 0)), "A window of 11 is larger than 5 + 2 × 0 = 5: nothing comes out.");
  assert.equal(sumText(sliding(5, 5, 4, 0)), "(5 − 5) / 4 + 1 = 1");
});
