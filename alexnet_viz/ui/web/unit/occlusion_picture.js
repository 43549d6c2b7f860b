/** Where covering changes a value: the grey photo at half strength under ochre, which lowers it, and blue, which raises it. */
import { rgb } from "../lib/colour.js";
import { seenCanvas } from "../maps/network_input.js";
import { tokens } from "../shell/theme.js";

const MOST_OPAQUE = 0.9;

/** What covering lowers most, and what it raises most. @param {Float32Array} values changes @returns {{lowers: number, raises: number}} both 0 or more */
export function extremes(values) {
  let [lowers, raises] = [0, 0];
  for (const value of values) {
    if (-value > lowers) lowers = -value;
    if (value > raises) raises = value;
  }
  return { lowers, raises };
}

/** @param {import("../server/api.js").Trace} trace @param {Float32Array} values by pixel of the input @param {"light" | "dark"} theme @returns {HTMLCanvasElement} */
export function occlusionCanvas(trace, values, theme) {
  const source = seenCanvas(trace);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [source.width, source.height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = /** @type {CanvasRenderingContext2D} */ (source.getContext("2d")).getImageData(
    0,
    0,
    source.width,
    source.height,
  );
  const { data } = picture;
  const ramp = tokens.ramp.signed[theme];
  const [ochre, blue] = [rgb(ramp[13]), rgb(ramp[3])];
  const { lowers, raises } = extremes(values);
  const largest = Math.max(lowers, raises) || 1;
  const paper = theme === "light" ? 255 : 0;
  for (let i = 0; i < values.length; i += 1) {
    const grey = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
    const share = (MOST_OPAQUE * Math.abs(values[i])) / largest;
    const colour = values[i] < 0 ? ochre : blue;
    for (let c = 0; c < 3; c += 1) data[4 * i + c] = (1 - share) * (grey + paper) * 0.5 + share * colour[c];
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}
