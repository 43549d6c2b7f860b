/** A filter of the first convolution as a picture. */

/** What a filter looks at: 3 channels, or 1 of a grey picture. @param {number} length of its weights, channels × k × k @returns {{channels: number, k: number}} */
export function filterShape(length) {
  const channels = Number.isInteger(Math.sqrt(length / 3)) ? 3 : 1;
  return { channels, k: Math.round(Math.sqrt(length / channels)) };
}

/** Its own maximum: the largest magnitude of what is a number. @param {Float32Array} weights @returns {number} */
export function largestWeight(weights) {
  return weights.reduce((most, weight) => (Number.isFinite(weight) ? Math.max(most, Math.abs(weight)) : most), 0);
}

/** Three input channels as red, green and blue, one as grey; zero is mid grey, what is not a number transparent. @param {Float32Array} weights (3 or 1, k, k) @param {number} limit @returns {Uint8ClampedArray<ArrayBuffer>} RGBA by pixel */
export function filterColours(weights, limit) {
  const { channels, k } = filterShape(weights.length);
  const size = k * k;
  const colours = new Uint8ClampedArray(4 * size);
  for (let i = 0; i < size; i += 1) {
    const own = [0, 1, 2].map((c) => weights[(channels === 3 ? c * size : 0) + i]);
    colours.set(
      [...own.map((weight) => 127.5 + (127.5 * weight) / (limit || 1)), own.every(Number.isFinite) ? 255 : 0],
      4 * i,
    );
  }
  return colours;
}

/** @param {Float32Array} weights (3 or 1, k, k) @param {number} limit the brightest and the darkest @returns {HTMLCanvasElement} */
export function filterCanvas(weights, limit) {
  const { k } = filterShape(weights.length);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [k, k];
  canvas.getContext("2d")?.putImageData(new ImageData(filterColours(weights, limit), k, k), 0, 0);
  return canvas;
}
