/** The server's binary answers, taken apart. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readBundle } from "#web/server/binary_message.js";

test("messages are taken apart", () => {
  const header = JSON.stringify({
    scale: 0.5,
    arrays: [
      { name: "small", dtype: "u1", shape: [3], offset: 0 },
      { name: "values", dtype: "f2", shape: [3, 3], offset: 4 },
      { name: "exact", dtype: "f4", shape: [1], offset: 24 },
    ],
  });
  const text = new TextEncoder().encode(header.padEnd(4 * Math.ceil(header.length / 4)));
  const message = new DataView(new ArrayBuffer(4 + text.length + 28));
  const body = 4 + text.length;
  message.setUint32(0, text.length, true);
  new Uint8Array(message.buffer).set([...text, 1, 2, 255], 4);
  // Float16 by its bits: 0, −0, 1, −2.5, 65504, 2⁻²⁴, 2⁻¹⁴, infinity, not a number.
  const halves = [0x0000, 0x8000, 0x3c00, 0xc100, 0x7bff, 0x0001, 0x0400, 0x7c00, 0x7e00];
  halves.forEach((half, index) => message.setUint16(body + 4 + 2 * index, half, true));
  message.setFloat32(body + 24, 0.1, true);

  const { header: read, arrays } = readBundle(message.buffer);
  assert.equal(read.scale, 0.5);
  assert.deepEqual([...arrays.small], [1, 2, 255]);
  assert.equal(arrays.exact[0], Math.fround(0.1));
  assert.deepEqual([...arrays.values], [0, -0, 0.5, -1.25, 32752, 2 ** -25, 2 ** -15, Infinity, NaN]);
});
