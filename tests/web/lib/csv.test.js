/** Tables for spreadsheets, as both languages write them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { csvText } from "#web/lib/csv.js";

const CASES = JSON.parse(readFileSync(new URL("../../cases/csv_rows.json", import.meta.url), "utf8"));

test("rows as both languages write them", () => {
  for (const [row, line] of CASES) assert.equal(csvText([row]), `\ufeff${line}\r\n`);
});

test("what is not a number is an empty cell", () => {
  assert.equal(csvText([[NaN, Infinity, -0.5]]), "\ufeff,,-0.5\r\n");
});
