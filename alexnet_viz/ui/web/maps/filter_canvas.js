/** A filter of the first convolution as a picture. */

/** What a filter looks at: 3 channels, or 1 of a grey picture. @param {number} length of its weights, channels × k × k @returns {{channels: number, k: number}} */
export function filterShape(length) {
  const channels = Number.isInteger(Math.sqrt(length / 3)) ? 3 : 1;
  return { channels, k: Math.round(Math.sqrt(length / channels)) };
}

/** Three input channels as red, green and blue, one as grey; zero is mid grey. @param {Float32Array} weights (3 or 1, k, k) @param {number} limit @returns {HTMLCanvasElement} */
export function filterCanvas(weights, limit) {
  const { channels, k } = filterShape(weights.length);
  const size = k * k;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [k, k];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(k, k);
  for (let i = 0; i < size; i += 1) {
    for (let c = 0; c < 3; c += 1) picture.data[i * 4 + c] = 127.5 + (127.5 * weights[(channels === 3 ? c * size : 0) + i]) / (limit || 1);
    picture.data[i * 4 + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}
