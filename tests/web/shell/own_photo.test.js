/** What is told of the photo that an address names. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openTab } from "./browser_tab.js";
import { recoverPhoto } from "#web/shell/own_photo.js";
import { kept } from "#web/shell/tab_memory.js";

test("a gallery's photo is there, and one that nobody has is told on every page", async () => {
  openTab("/train");
  kept.photos = [{ id: "chelsea", name: "chelsea", title: "Chelsea", width: 1, height: 1, gallery: true }];
  assert.equal(await recoverPhoto("chelsea"), "");
  for (const id of ["of-yesterday", "../x", ""])
    assert.match(await recoverPhoto(id), /^No photo of this name is kept here; upload it again/);
});
