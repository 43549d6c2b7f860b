/** The photo as the network saw it. */

/** @typedef {import("../server/api.js").Trace} Trace */

/** @type {WeakMap<Trace, HTMLCanvasElement>} */
const seen = new WeakMap();

/** @param {Trace} trace @returns {HTMLCanvasElement} exactly the pixels that the network saw, one to one */
export function seenCanvas(trace) {
  const known = seen.get(trace);
  if (known) return known;
  const side = trace.header.input.size;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [side, side];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(side, side);
  for (let i = 0; i < side * side; i += 1) {
    picture.data[i * 4] = trace.seen[i * 3];
    picture.data[i * 4 + 1] = trace.seen[i * 3 + 1];
    picture.data[i * 4 + 2] = trace.seen[i * 3 + 2];
    picture.data[i * 4 + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
  seen.set(trace, canvas);
  return canvas;
}
