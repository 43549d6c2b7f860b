/** A map over its photo: grey at half strength, and over it as much colour as there is evidence. */

/** @typedef {{values: Float32Array, seen: Uint8Array, size: number, largest: number, table: Uint32Array, signed: boolean, isAlone: boolean, opacity: number, ground: [number, number, number]}} Evidence */

const STRONGEST = 0.9; // opacity of the largest value

/** @param {Evidence} evidence @returns {HTMLCanvasElement} one pixel a pixel of the network's input */
export function evidencePicture({ values, seen, size, largest, table, signed, isAlone, opacity: most, ground }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [size, size];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(size, size);
  const last = table.length - 1;
  for (let i = 0; i < size * size; i += 1) {
    const share = largest > 0 ? Math.max(-1, Math.min(1, values[i] / largest)) : 0;
    const colour = table[Math.round((signed ? (share + 1) / 2 : Math.abs(share)) * last)];
    const grey = 0.299 * seen[3 * i] + 0.587 * seen[3 * i + 1] + 0.114 * seen[3 * i + 2];
    const opacity = isAlone ? 1 : most * STRONGEST * Math.abs(share);
    for (let c = 0; c < 3; c += 1)
      picture.data[4 * i + c] = opacity * ((colour >> (8 * c)) & 255) + ((1 - opacity) * (grey + ground[c])) / 2;
    picture.data[4 * i + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}

/** @param {Float32Array} values @returns {number} the largest magnitude */
export function largestOf(values) {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}
