/** What names of people's files become in the names of saved ones. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileNameOf } from "#web/lib/downloads.js";

test("letters of every script stay, marks of folders and shells do not", () => {
  assert.equal(fileNameOf("Bär & Co, <b>=1+1_block1.relu"), "Bär-Co-b-1+1_block1.relu");
  assert.equal(fileNameOf("a\u0301 फोटो/תמונה"), "a\u0301-फोटो-תמונה");
  assert.equal(fileNameOf("..\\up\u202e:x"), "..-up-x");
});
