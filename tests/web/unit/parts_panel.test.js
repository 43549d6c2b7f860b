import assert from "node:assert/strict";
import { test } from "node:test";
import { partOf } from "#web/unit/parts_panel.js";

test("a part of the input is where it lies on the whole image", () => {
  assert.deepEqual(partOf([0, 20, 50, 100], { size: 100, resize: "crop" }), {
    top: 0,
    left: 0.2,
    bottom: 0.5,
    right: 1,
  });
});

test("a network that cuts sees the middle of the image only", () => {
  // 80 of 100 pixels: the input begins at pixel 10.
  assert.deepEqual(partOf([0, 10, 80, 40], { size: 80, resize: "crop", short_side: 100 }), {
    top: 0.1,
    left: 0.2,
    bottom: 0.9,
    right: 0.5,
  });
  assert.deepEqual(partOf([0, 0, 80, 80], { size: 80, resize: "squash", short_side: 100 }), {
    top: 0,
    left: 0,
    bottom: 1,
    right: 1,
  });
});
