/** Colour maps, ranges and their lookup tables. Zero is the colour of the page; see the ramps in tokens.json. */

/** @typedef {"light" | "dark"} Theme */
/** @typedef {{low: number, high: number, clippedLow: boolean, clippedHigh: boolean}} Bounds */

export const COLOUR_MAPS = ["house", "viridis", "cividis", "magma", "grey"];
export const GAMMAS = [0.25, 0.4, 0.6, 0.8, 1, 1.25, 1.6, 2, 2.5];
/** Entries of a table. */
const SIZE = 256;

/** @param {string} hex "#87C7EC" @returns {[number, number, number]} */
export function rgb(hex) {
  const value = parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/**
 * @param {any} tokens
 * @param {string} name One of COLOUR_MAPS.
 * @param {Theme} theme
 * @param {boolean} signed
 * @returns {string[]} anchors, equally spaced
 */
export function rampAnchors(tokens, name, theme, signed) {
  // A sequential map cannot show a sign, so signed stages always take the diverging house map.
  if (signed) return tokens.ramp.signed[theme];
  if (name === "house") return tokens.ramp.activation[theme];
  return tokens.ramp.alternatives[name === "grey" ? "gray" : name];
}

/**
 * 256 colours between the anchors, as the 32-bit numbers that ImageData holds.
 * @param {string[]} anchors
 * @param {number} [gamma] Below 1 lifts weak responses, above 1 presses them down.
 * @param {boolean} [signed] Gamma then acts from the middle outwards.
 * @returns {Uint32Array}
 */
export function makeTable(anchors, gamma = 1, signed = false) {
  const colours = anchors.map(rgb);
  const table = new Uint32Array(SIZE);
  for (let i = 0; i < SIZE; i += 1) {
    const position = i / (SIZE - 1);
    const away = position * 2 - 1;
    const bent = signed ? (Math.sign(away) * Math.abs(away) ** gamma + 1) / 2 : position ** gamma;
    const place = bent * (colours.length - 1);
    const left = Math.min(colours.length - 2, Math.floor(place));
    const mix = place - left;
    const [r, g, b] = colours[left].map((value, c) => Math.round(value + (colours[left + 1][c] - value) * mix));
    table[i] = 0xff000000 | (b << 16) | (g << 8) | r;
  }
  return table;
}

/**
 * The values drawn as the first and the last colour.
 * @param {boolean} signed Signed bounds are symmetric, so that zero is the middle colour.
 * @param {number} minimum True extremes of the scope.
 * @param {number} maximum
 * @param {number} limit Largest magnitude to draw; beyond it colours are clipped.
 * @returns {Bounds}
 */
export function makeBounds(signed, minimum, maximum, limit) {
  if (!(minimum <= maximum)) return { low: 0, high: 0, clippedLow: false, clippedHigh: false }; // nothing is a number
  const largest = Math.max(Math.abs(minimum), Math.abs(maximum));
  const high = limit > 0 && Number.isFinite(limit) ? limit : largest;
  if (signed) return { low: -high, high, clippedLow: minimum < -high, clippedHigh: maximum > high };
  return { low: Math.min(0, minimum), high, clippedLow: false, clippedHigh: maximum > high };
}

/**
 * @param {number} value A finite one: what is not a number has no place on the ramp.
 * @param {Bounds} bounds
 * @returns {number} 0 to 255
 */
export function colourIndex(value, { low, high }) {
  if (high <= low) return value > low ? SIZE - 1 : low < 0 ? SIZE >> 1 : 0;
  const index = ((value - low) / (high - low)) * (SIZE - 1) + 0.5;
  return index <= 0 ? 0 : index >= SIZE - 1 ? SIZE - 1 : index | 0;
}

/**
 * Paint one map into a picture, nearest neighbour; never smoothed. What is not a finite number is left transparent.
 * @param {Uint32Array} pixels The target picture, row by row.
 * @param {number} stride Its width.
 * @param {Float32Array} values
 * @param {{offset: number, height: number, width: number}} map Where the map lies in values.
 * @param {{left: number, top: number, width: number, height: number}} box Target box in pixels.
 * @param {Bounds} bounds
 * @param {Uint32Array} table
 */
export function paintMap(pixels, stride, values, map, box, bounds, table) {
  const scale = bounds.high > bounds.low ? (SIZE - 1) / (bounds.high - bounds.low) : 0;
  const flat = table[colourIndex(bounds.low < 0 ? 0 : bounds.low, bounds)];
  const columns = new Int32Array(box.width);
  for (let x = 0; x < box.width; x += 1) columns[x] = Math.floor(((x + 0.5) * map.width) / box.width);
  let previous = -1;
  for (let y = 0; y < box.height; y += 1) {
    const row = Math.floor(((y + 0.5) * map.height) / box.height);
    const target = (box.top + y) * stride + box.left;
    if (row === previous) {
      pixels.copyWithin(target, target - stride, target - stride + box.width);
      continue;
    }
    previous = row;
    const source = map.offset + row * map.width;
    for (let x = 0; x < box.width; x += 1) {
      const value = values[source + columns[x]];
      const position = (value - bounds.low) * scale + 0.5;
      if (value - value !== 0) pixels[target + x] = 0;
      else
        pixels[target + x] =
          scale === 0 ? flat : table[position <= 0 ? 0 : position >= SIZE - 1 ? SIZE - 1 : position | 0];
    }
  }
}

/**
 * Draw a legend bar into a canvas.
 * @param {CanvasRenderingContext2D} context
 * @param {Uint32Array} table
 * @param {number} width device pixels
 * @param {number} height
 */
export function paintLegend(context, table, width, height) {
  const picture = context.createImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  for (let x = 0; x < width; x += 1) {
    const colour = table[Math.round((x / Math.max(1, width - 1)) * (SIZE - 1))];
    for (let y = 0; y < height; y += 1) pixels[y * width + x] = colour;
  }
  context.putImageData(picture, 0, 0);
}

/**
 * A map as a canvas of its own, one pixel per value, to be drawn enlarged.
 * @param {Float32Array} values
 * @param {{offset: number, height: number, width: number}} map
 * @param {Bounds} bounds
 * @param {Uint32Array} table
 * @returns {HTMLCanvasElement}
 */
export function mapCanvas(values, map, bounds, table) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [map.width, map.height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(map.width, map.height);
  const box = { left: 0, top: 0, width: map.width, height: map.height };
  paintMap(new Uint32Array(picture.data.buffer), map.width, values, map, box, bounds, table);
  context.putImageData(picture, 0, 0);
  return canvas;
}
