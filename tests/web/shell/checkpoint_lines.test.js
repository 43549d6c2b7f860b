/** What stands in the checkpoint menu, and what the line of the network that can be fetched says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { groupsOf } from "#web/shell/checkpoint_lines.js";
import { fetchLine } from "#web/shell/fetch_words.js";

const entry = (name, group, share, pictures = "test pictures", rest = {}) => ({
  name,
  title: name,
  trained: true,
  classes: 10,
  group,
  kind: "cifar",
  score: share === null ? null : { share, pictures },
  bytes: 11_873_580,
  ...rest,
});
const run = (id, epoch) =>
  entry(`${id}:${epoch}`, "trained", 0.5 + epoch / 100, "held out", {
    title: `${id} · epoch ${epoch}`,
    bytes: 233_000_000,
  });
const ENTRIES = [
  entry("untrained", "shipped", null, "", { trained: false, bytes: null }),
  entry("first", "shipped", 0.8459),
  entry("step", "shipped", 0.554, "held out"),
  entry("best", "shipped", 0.8538),
  run("shapes", 3),
  run("shapes", 2),
  run("shapes", 1),
  run("leaves", 8),
  entry("own-1", undefined, null, "", { title: "lab-alexnet.pt", bytes: 233_000_000 }),
];
const wanted = (given = {}) => ({ value: "best", text: "", unfolded: new Set(), noteOf: () => "", ...given });
const words = (group) => group.lines.map((line) => line.words ?? line.title);

test("groups in their order, the best shipped one first, figures that can be told apart", () => {
  const [shipped, trained, own] = groupsOf(ENTRIES, wanted());
  assert.deepEqual([shipped.title, trained.title, own.title], ["Shipped with the app", "Trained here", "Own files"]);
  assert.deepEqual(words(shipped), ["best", "first", "step", "untrained"]);
  assert.deepEqual([shipped.pictures, trained.pictures, own.pictures], ["test pictures", "held out", ""]);
  assert.deepEqual(
    shipped.lines.map(({ score }) => score),
    ["85.4 %", "84.6 %", "55.4 % held out", "chance"],
  );
  assert.deepEqual(
    shipped.lines.map(({ file }) => file),
    ["12 MB", "12 MB", "12 MB", "none"],
  );
  assert.deepEqual(
    shipped.lines.map(({ isOpen }) => isOpen),
    [true, false, false, false],
  );
  assert.deepEqual([own.lines[0].score, own.lines[0].file], ["not known", "233 MB"]);
  const [imagenets] = groupsOf([entry("own-2", "own", null, "", { bytes: undefined, size: "233 MB" })], wanted());
  assert.equal(imagenets.lines[0].file, "233 MB"); // the server's words go before
});

test("of a run stands the newest checkpoint, and the one that is open", () => {
  const trained = (given) => words(groupsOf(ENTRIES, wanted(given))[1]);
  assert.deepEqual(trained({}), ["shapes · epoch 3", "2 earlier of shapes", "leaves · epoch 8"]);
  assert.deepEqual(trained({ value: "shapes:1" }), [
    "shapes · epoch 3",
    "shapes · epoch 1",
    "1 earlier of shapes",
    "leaves · epoch 8",
  ]);
  assert.deepEqual(trained({ unfolded: new Set(["shapes"]) }), [
    "shapes · epoch 3",
    "shapes · epoch 2",
    "shapes · epoch 1",
    "leaves · epoch 8",
  ]);
});

test("letters find in every group, also what is folded", () => {
  assert.deepEqual(groupsOf(ENTRIES, wanted({ text: "SHAPES · e" })).flatMap(words), [
    "shapes · epoch 3",
    "shapes · epoch 2",
    "shapes · epoch 1",
  ]);
  assert.deepEqual(
    groupsOf(ENTRIES, wanted({ text: "lab" })).map(({ key }) => key),
    ["own"],
  );
  assert.deepEqual(groupsOf(ENTRIES, wanted({ text: "nowhere" })), []);
});

test("what one may open a file with is there before there is a file; the other groups are not", () => {
  assert.deepEqual(
    groupsOf([ENTRIES[0]], wanted()).map(({ key }) => key),
    ["shipped", "own"],
  );
});

const FETCH = {
  state: "absent",
  job: "1",
  name: "imagenet",
  title: "AlexNet trained on ImageNet, 1000 classes",
  size: "233 MB",
  site: "pytorch.org",
  licence: "BSD-3",
  accuracy: 0.56522,
  allowed: true,
  kept: "",
  came: "",
  share: 0,
  seconds_left: null,
  problem: null,
};
const said = (given, isOpen = false) => {
  const { title, facts, place, button, remove, share } = fetchLine({ ...FETCH, ...given }, isOpen);
  return [title, facts, place, button, remove, share];
};

test("before anything is fetched it says what, how much, from whom, under which licence", () => {
  assert.deepEqual(said({}), [FETCH.title, "233 MB from pytorch.org · BSD-3", "", "Get", "", null]);
  assert.deepEqual(said({ kept: "96 MB" }), [
    FETCH.title,
    "233 MB from pytorch.org · BSD-3 · 96 MB kept",
    "",
    "Go on",
    "",
    null,
  ]);
  assert.deepEqual(said({ allowed: false }), [
    FETCH.title,
    "Ask whoever runs this app; the file goes into",
    "checkpoints/",
    "",
    "",
    null,
  ]);
});

test("while it comes", () => {
  assert.deepEqual(said({ state: "waiting" }), ["Asking pytorch.org", "", "", "Cancel", "", 0]);
  assert.deepEqual(said({ state: "fetching", came: "96 of 233 MB", share: 0.41, seconds_left: 40.3 }), [
    "96 of 233 MB, about 40 s",
    "",
    "",
    "Cancel",
    "",
    0.41,
  ]);
  assert.deepEqual(said({ state: "fetching", came: "3 of 233 MB", share: 0.01 }), [
    "3 of 233 MB",
    "",
    "",
    "Cancel",
    "",
    0.01,
  ]);
  assert.equal(said({ state: "fetching", came: "3 of 233 MB", job: "" })[3], ""); // another person's
  assert.deepEqual(said({ state: "checking", share: 1 }), ["Checking the file", "", "", "", "", 1]);
});

test("once it is here", () => {
  assert.deepEqual(said({ state: "here" }), [
    FETCH.title,
    "found on this machine · 57 % of ImageNet's pictures · BSD-3",
    "",
    "Open",
    "Remove, 233 MB",
    null,
  ]);
  assert.deepEqual(said({ state: "here" }, true), [
    FETCH.title,
    "open · 57 % of ImageNet's pictures · BSD-3",
    "",
    "",
    "Remove, 233 MB",
    null,
  ]);
  assert.equal(fetchLine({ ...FETCH, state: "here", allowed: false }, true).remove, "");
});

test("each error names the way out, once", () => {
  const failed = (what, remedy, place = "", kept = "") =>
    said({ state: "failed", kept, problem: { what, remedy, place } }).slice(0, 4);
  assert.deepEqual(
    failed("No connection to pytorch.org", "Put the file here:", "checkpoints/alexnet-owt-7be5be79.pth"),
    ["No connection to pytorch.org", "Put the file here:", "checkpoints/alexnet-owt-7be5be79.pth", "Try again"],
  );
  assert.deepEqual(failed("233 MB are needed, 120 MB are free", "Make room and try again"), [
    "233 MB are needed, 120 MB are free",
    "Make room and try again",
    "",
    "Try again",
  ]);
  assert.deepEqual(failed("The file arrived damaged and was removed", "Try again"), [
    "The file arrived damaged and was removed",
    "",
    "",
    "Try again",
  ]);
  assert.equal(
    failed("The connection broke off after 96 MB", "Put the file here:", "checkpoints/x", "96 MB")[3],
    "Go on",
  );
});
