/**
 * The binary answers of the server: [u32 header length][JSON header][padding to 4][arrays], little endian.
 * The header names each array with dtype ("u1", "f2", "f4"), shape and byte offset behind the padded header.
 */

/** @typedef {{name: string, dtype: "u1" | "f2" | "f4", shape: number[], offset: number}} ArrayEntry */
/** @typedef {{header: any, arrays: Record<string, Float32Array | Uint8Array>, bytes: number}} Bundle */

const halfTable = makeHalfTable();

/** @returns {Float32Array} the value of each of the 65,536 half-precision numbers */
function makeHalfTable() {
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits += 1) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else if (exponent === 31) table[bits] = fraction ? NaN : sign * Infinity;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return table;
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} offset
 * @param {number} count
 * @param {number} scale
 * @returns {Float32Array}
 */
function decodeHalf(buffer, offset, count, scale) {
  const bits = new Uint16Array(buffer, offset, count);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i += 1) values[i] = halfTable[bits[i]] * scale;
  return values;
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {Bundle}
 */
export function readBundle(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const start = Math.ceil((4 + length) / 4) * 4;
  /** @type {Record<string, Float32Array | Uint8Array>} */
  const arrays = {};
  for (const { name, dtype, shape, offset } of /** @type {ArrayEntry[]} */ (header.arrays)) {
    const count = shape.reduce((product, side) => product * side, 1);
    if (dtype === "f2") arrays[name] = decodeHalf(buffer, start + offset, count, header.scale ?? 1);
    else if (dtype === "f4") arrays[name] = new Float32Array(buffer, start + offset, count);
    else arrays[name] = new Uint8Array(buffer, start + offset, count);
  }
  return { header, arrays, bytes: buffer.byteLength };
}
