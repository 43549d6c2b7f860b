/** A checkpoint is offered in the forms that it can have, under a name that says what it is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { alteredName, exportsOf } from "#web/explore/save.js";

test("the forms of a checkpoint for other programs", () => {
  const own = exportsOf({ name: "own-1", title: "lab alexnet.pt", variant: "seed" });
  assert.deepEqual(
    own.map(({ title }) => title),
    [
      "Checkpoint, safetensors (.safetensors)",
      "Checkpoint, state dict, the article's names (.pt)",
      "Checkpoint, ONNX (.onnx)",
    ],
  );
  assert.deepEqual(
    own.map(({ file }) => file),
    ["lab-alexnet_seed.safetensors", "lab-alexnet_seed.pt", "lab-alexnet_seed.onnx"],
  );
  assert.equal(own[2].href, "http://127.0.0.1:8501/api/checkpoint-file?checkpoint=own-1&format=onnx");
});

test("torchvision's names are for what its class computes", () => {
  const files = (variant) =>
    exportsOf({ name: "imagenet", title: "AlexNet, ImageNet", variant }).map(({ file }) => file);
  assert.ok(files("torchvision").includes("AlexNet-ImageNet_torchvision_torchvision-names.pt"));
  assert.equal(files("paper").length, 3);
});

test("a file's name says which channels are altered, unless they are many", () => {
  const off = (/** @type {number[]} */ channels) =>
    channels.map((channel) => ({ stage: "block1.relu", channel, factor: "0" }));
  assert.equal(alteredName([]), "");
  assert.equal(alteredName(off([65, 22])), "altered Block 1: 65, 22 off");
  assert.equal(alteredName(off([...Array(30).keys()])), "altered");
});
