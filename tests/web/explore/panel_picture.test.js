/** Of which channels and photos the picture is that Save offers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { panelPicture } from "#web/explore/panel_picture.js";

const PANELS = /** @type {any} */ ({
  wall: { picture: () => "wall" },
  filters: { picture: () => "filters" },
  units: { picture: () => "units" },
  photos: { picture: () => "photos", traces: ["chelsea", "coffee"] },
});
const STAGE = /** @type {any} */ ({ name: "block1.relu", shape: [96, 55, 55] });

/** @param {string} panel @param {number} channels shown @param {{hasBars?: boolean, photos?: number, panels?: any}} [more] */
function offered(panel, channels, { hasBars = false, photos = 5, panels = PANELS } = {}) {
  const now = /** @type {any} */ ({
    panel,
    hasBars,
    trace: { header: { photo: { title: "Chelsea" } } },
    channel: () => 7,
    channels: () => Array.from({ length: channels }, (_, channel) => channel),
    range: (/** @type {unknown} */ _, /** @type {unknown[]} */ traces = ["chelsea"]) => `range of ${traces.length}`,
  });
  const found = panelPicture(now, STAGE, panels, photos);
  return found && [found.file, found.words, found.photos, found.range, found.picture()];
}

test("the wall is of all channels, or of those that respond", () => {
  assert.deepEqual(offered("wall", 96), ["wall", "all 96 channels", "photo Chelsea", "range of 1", "wall"]);
  assert.deepEqual(offered("wall", 90), ["wall", "90 of 96 channels", "photo Chelsea", "range of 1", "wall"]);
  assert.equal(offered("wall", 0), null); // all are silent, and hidden
});

test("filters and bars have no range, units have", () => {
  assert.deepEqual(offered("filters", 96), ["filters", "96 filters", "weights", null, "filters"]);
  assert.deepEqual(offered("units", 96, { hasBars: true }), ["classes", "all classes", "photo Chelsea", null, "units"]);
  assert.deepEqual(offered("units", 96), ["wall", "all 96 units", "photo Chelsea", "range of 1", "units"]);
});

test("photos side by side say how many of them have arrived", () => {
  const file = "channel-7-all-photos";
  assert.deepEqual(offered("photos", 96), [file, "channel 7", "2 of 5 photos", "range of 2", "photos"]);
  assert.deepEqual(offered("photos", 96, { photos: 2 }), [file, "channel 7", "2 photos", "range of 2", "photos"]);
  const none = { ...PANELS, photos: { ...PANELS.photos, traces: [] } };
  assert.equal(offered("photos", 96, { panels: none }), null);
});

test("one large channel is no panel of its own: the inspector's items save it", () => {
  assert.equal(offered("channel", 96), null);
});
