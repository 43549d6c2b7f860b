/** A filter of the first convolution as a picture. */

/** Three input channels as red, green and blue; zero is mid grey. @param {Float32Array} weights (3, k, k) @param {number} limit @returns {HTMLCanvasElement} */
export function filterCanvas(weights, limit) {
  const size = weights.length / 3;
  const k = Math.round(Math.sqrt(size));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [k, k];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(k, k);
  for (let i = 0; i < size; i += 1) {
    for (let c = 0; c < 3; c += 1) picture.data[i * 4 + c] = 127.5 + (127.5 * weights[c * size + i]) / (limit || 1);
    picture.data[i * 4 + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}
