/** What the layer table says, in the rows, words and sums of the Architecture page. Every number is computed from it. */
import { count, fixed } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { fieldOf } from "../maps/receptive_field.js";
import { sumText } from "./sliding.js";

/**
 * @typedef {{name: string, kind: string, window: string, output_shape: number[], params: number, params_spelled: string,
 *   macs: number, macs_spelled: string, receptive_field: number, jump: number, start: number}} Layer
 * @typedef {{variant: string, input: number[], layers: Layer[], total_params: number, total_macs: number}} LayerTable
 * @typedef {{shape: number[], field: number, jump: number, start: number}} Place What a layer gets.
 * @typedef {{stage: string, name: string, tensor: string, layer: Layer, before: Place}} Row
 * @typedef {ReturnType<typeof fieldOf>} Field
 */

/** Layers that change the shape or have parameters; ReLU and LRN do neither. */
const SHOWN = new Set(["convolution", "pooling", "fully connected"]);
const TIMES = ["", gettext("once"), gettext("double"), gettext("triple"), gettext("four times")];

/** @param {string} stage @returns {string} "block1.conv" → conv1 */
function shortName(stage) {
  const [block, kind] = stage.split(".");
  return block.startsWith("block") ? `${kind}${block.slice(5)}` : stage;
}

/** @param {LayerTable} table @returns {Row[]} in the order of computation */
export function rowsOf(table) {
  /** @type {Place} */
  let before = { shape: table.input, field: 1, jump: 1, start: 0 };
  /** @type {Row[]} */
  const rows = [];
  table.layers.forEach((layer, index) => {
    // What a layer hands on has gone through its ReLU.
    const next = table.layers[index + 1];
    const tensor = layer.kind !== "pooling" && next?.kind === "relu" ? next.name : layer.name;
    if (SHOWN.has(layer.kind)) rows.push({ stage: layer.name, name: shortName(layer.name), tensor, layer, before });
    before = { shape: layer.output_shape, field: layer.receptive_field, jump: layer.jump, start: layer.start };
  });
  return rows;
}

/** @param {{layer: Layer}} row @returns {boolean} Its output has places: maps, not units. */
export function isPlaced({ layer }) {
  return layer.output_shape.length === 3;
}

/**
 * Whether units are drawn in the signed colours: those behind a ReLU share the maps' own. Logits are not drawn.
 * @param {Row[]} rows
 * @param {Set<string>} signed the stages with negative values; empty while the tensors are on their way
 * @returns {boolean}
 */
export function drawsSigned(rows, signed) {
  const units = rows.filter((row) => !isPlaced(row) && row.stage !== "logits");
  return units.some(({ stage, tensor }) => (signed.size ? signed.has(tensor) : tensor === stage));
}

/** @param {Row} row @returns {string} "5 × 5, padding 2"; a stride of 1 is no news */
export function windowText({ layer }) {
  if (!isPlaced({ layer })) return gettext("all to all");
  return layer.window
    .split(", ")
    .filter((part) => part !== "stride 1")
    .map(windowPart)
    .join(", ");
}

/** @param {string} part "5 × 5", "stride 2", "padding 2", "2 groups" @returns {string} */
function windowPart(part) {
  const [count] = /\d+/.exec(part) ?? [""];
  if (part.startsWith("stride")) return gettext("stride {count}", { count });
  if (part.startsWith("padding")) return gettext("padding {count}", { count });
  return part.endsWith("groups") ? gettext("{count} groups", { count }) : part;
}

/** The window that slides, read from how it widens the view. @param {Row} row @returns {{side: number, stride: number, padding: number}} */
function slide({ layer, before }) {
  return {
    side: (layer.receptive_field - before.field) / before.jump + 1,
    stride: layer.jump / before.jump,
    padding: (before.start - layer.start) / before.jump,
  };
}

/** A stage's window; the first stage's where none is named, or one that has none. @param {Row[]} rows @param {string} stage */
export function windowOf(rows, stage) {
  const row = rows.find((each) => each.stage === stage && isPlaced(each)) ?? rows[0];
  return row ? { name: row.name, sliding: { size: row.before.shape[1], ...slide(row) } } : null;
}

/**
 * One row's sum in parts: "227 input pixels: (227 − 11) / 4 + 1 = " and "55".
 * @param {Row} row
 * @param {boolean} first
 * @param {(id: string) => boolean} isOpen A sum does not tell what is hidden elsewhere.
 * @param {string} previous The stage in front.
 * @returns {{question: string, answer: string, id: string}}
 */
export function sum(row, first, isOpen, previous) {
  const { layer, before, stage } = row;
  const known = first || isOpen(`${previous}:output`);
  if (!isPlaced(row)) {
    const inputs = before.shape.reduce((product, side) => product * side, 1);
    const units = layer.output_shape[0];
    const all = known
      ? gettext("every unit sees all {count} numbers", { count: count(inputs) })
      : gettext("every unit sees all numbers");
    const spelled = known && isOpen(`${stage}:spelled`) ? `: ${inputs} × ${units} + ${units}` : "";
    return { question: `${all}${spelled} = `, answer: count(layer.params), id: `${stage}:params` };
  }
  const { side, stride, padding } = slide(row);
  const size = before.shape[1];
  const padded = padding ? ` + 2 × ${padding}` : "";
  const sum = `(${known ? size : gettext("rows in")}${padded} − ${side}) / ${stride} + 1 = `;
  const led = first
    ? gettext("{size} input pixels: {sum}", { size, sum })
    : gettext("{size} rows in: {sum}", { size, sum });
  return {
    question: known ? led : sum,
    answer: sumText({ size, side, stride, padding }).split(" = ")[1],
    id: `${stage}:output`,
  };
}

/** @param {LayerTable} table @returns {{parameters: number, multiplications: number}} shares of the fully connected layers, and of the convolutions */
export function shares(table) {
  const total = (/** @type {string} */ kind, /** @type {"params" | "macs"} */ key) =>
    table.layers.filter((layer) => layer.kind === kind).reduce((all, layer) => all + layer[key], 0);
  return {
    parameters: total("fully connected", "params") / table.total_params,
    multiplications: total("convolution", "macs") / table.total_macs,
  };
}

/** How pooling changes what a later step is worth: "double". @param {Row[]} rows @returns {string} */
export function poolingWord(rows) {
  const strides = new Set(rows.filter(({ layer }) => layer.kind === "pooling").map((row) => slide(row).stride));
  const [stride] = strides;
  return strides.size === 1 ? (TIMES[stride] ?? gettext("{count} times", { count: stride })) : gettext("more");
}

/**
 * The unit in the middle of a stage, the upper left one of the middle four where sides are even, and what it sees.
 * @param {Row} row
 * @param {number} size side of the input
 * @returns {{unit: number, field: Field}}
 */
export function centreField({ layer }, size) {
  const unit = (layer.output_shape[1] - 1) >> 1;
  return {
    unit,
    field: fieldOf({ field: layer.receptive_field, jump: layer.jump, start: layer.start }, unit, unit, size),
  };
}

/**
 * A tensor seen from the side: the mean over the columns of its maps.
 * @param {Float32Array} values (C, H, W), or (C,)
 * @param {number[]} shape
 * @returns {Float32Array} (H, C); one row for units
 */
export function sideView(values, [channels, height = 1, width = 1]) {
  const side = new Float32Array(height * channels);
  for (let c = 0; c < channels; c += 1) {
    for (let y = 0; y < height; y += 1) {
      let total = 0;
      for (let x = 0, at = (c * height + y) * width; x < width; x += 1) total += values[at + x];
      side[y * channels + c] = total / width;
    }
  }
  return side;
}

/**
 * The same numbers on fewer places, each the mean of those it stands for; on more places they repeat.
 * @param {Float32Array} values (rows, columns)
 * @param {{rows: number, columns: number}} from
 * @param {{rows: number, columns: number}} to
 * @returns {Float32Array}
 */
export function shrink(values, from, to) {
  const result = new Float32Array(to.rows * to.columns);
  const span = (/** @type {number} */ i, /** @type {number} */ many, /** @type {number} */ few) => {
    const start = Math.min(many - 1, Math.floor((i * many) / few));
    return [start, Math.max(start + 1, Math.min(many, Math.floor(((i + 1) * many) / few)))];
  };
  for (let y = 0; y < to.rows; y += 1) {
    const [top, bottom] = span(y, from.rows, to.rows);
    for (let x = 0; x < to.columns; x += 1) {
      const [left, right] = span(x, from.columns, to.columns);
      let total = 0;
      for (let row = top; row < bottom; row += 1)
        for (let column = left; column < right; column += 1) total += values[row * from.columns + column];
      result[y * to.columns + x] = total / ((bottom - top) * (right - left));
    }
  }
  return result;
}

/** @param {Float32Array} values @param {number} share 0 to 1 @returns {number} the magnitude below which this share of the values lies */
export function magnitudeAt(values, share) {
  const sizes = values.map(Math.abs).filter(Number.isFinite).sort();
  return sizes.length ? sizes[Math.min(sizes.length - 1, Math.floor(share * sizes.length))] : 0;
}

/** How many values one screen pixel stands for, in words. @param {number} perPixel @returns {string} */
export function scaleWords(perPixel) {
  const words = [
    "",
    gettext("about one value to a pixel"),
    gettext("about two values to a pixel"),
    gettext("about three values to a pixel"),
    gettext("about four values to a pixel"),
    gettext("about five values to a pixel"),
    gettext("about six values to a pixel"),
  ];
  const nearest = Math.round(perPixel);
  if (nearest >= 1 && nearest < words.length && Math.abs(perPixel / nearest - 1) < 0.12) return words[nearest];
  return perPixel >= 1
    ? gettext("{count} values to a pixel", { count: fixed(perPixel, 1) })
    : gettext("{count} pixels to a value", { count: fixed(1 / perPixel, 1) });
}
