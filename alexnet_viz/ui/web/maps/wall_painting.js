/** How a wall of maps is painted: its tiles, the rings around the selected and the pointed one, the words of its ruler. */
import { paintMap } from "../lib/colour.js";
import { sizeCanvas } from "../lib/dom.js";
import { number, percent } from "../lib/format.js";
import { isFiniteChannel, isSilent, maximumOf, meanOf, zerosOf } from "./statistics.js";

/** @typedef {import("./grid.js").Grid} Grid */
/** @typedef {import("./wall.js").WallView} WallView */
/** @typedef {{from: number, height: number, ratio: number}} Window What a canvas shows of a wall that scrolls, in device pixels, and how many of these are a CSS pixel. */
/** @typedef {{left: number, top: number, width: number, height: number}} Box device pixels on the canvas */

/** Room around the tiles for the ring of a selected one, in CSS pixels. */
export const MARGIN = 6;

/** @param {Grid} grid @param {number} position index in the shown order @param {number} ratio @returns {[number, number]} left, top on the wall, in device pixels */
export function cornerOf(grid, position, ratio) {
  const margin = Math.round(MARGIN * ratio);
  return [
    margin + Math.round((position % grid.columns) * grid.pitchX),
    margin + Math.round(Math.floor(position / grid.columns) * grid.pitchY),
  ];
}

/**
 * Paint rows of the wall: only as many as the canvas shows, since at the largest tiles a wall is higher than a canvas may be.
 * @param {WallView} view @param {HTMLCanvasElement} canvas @param {Grid} grid @param {Window} window @param {CSSStyleDeclaration} styles
 */
export function paintTiles(view, canvas, grid, window, styles) {
  const { height, ratio } = window;
  const { context } = sizeCanvas(canvas, grid.width / ratio + 2 * MARGIN, height / ratio);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const boxes = boxesIn(view, grid, window);
  if (boxes.length === 0) return;
  paintValues(view, context, boxes);
  context.lineWidth = Math.max(1, Math.round(ratio));
  for (const { channel, box } of boxes) {
    if (view.values && view.changed?.get(channel) === "off") strikeOut(context, box, styles, ratio);
    paintEdge(context, view, channel, box, styles, ratio);
  }
}

/** The tiles that the canvas shows. @param {WallView} view @param {Grid} grid @param {Window} window @returns {{channel: number, box: Box}[]} */
function boxesIn({ channels, shape: [, height, width] }, grid, { from, height: shown, ratio }) {
  const size = {
    width: Math.min(grid.tileWidth, Math.round(width * grid.zoom)),
    height: Math.min(grid.tileHeight, Math.round(height * grid.zoom)),
  };
  return channels.flatMap((channel, position) => {
    const [left, y] = cornerOf(grid, position, ratio);
    return y + size.height >= from && y <= from + shown ? [{ channel, box: { left, top: y - from, ...size } }] : [];
  });
}

/** @param {WallView} view @param {CanvasRenderingContext2D} context @param {{channel: number, box: Box}[]} boxes from the top down */
function paintValues({ values, statistics, shape: [, height, width], boundsOf, table }, context, boxes) {
  const [start, end] = [boxes[0].box.top, boxes[boxes.length - 1].box];
  const picture = context.createImageData(context.canvas.width, end.top + end.height - start);
  const pixels = new Uint32Array(picture.data.buffer);
  for (const { channel, box } of boxes) {
    if (!values || !statistics || isSilent(statistics, channel) || !isFiniteChannel(statistics, channel)) continue;
    const map = { offset: channel * height * width, height, width };
    paintMap(pixels, picture.width, values, map, { ...box, top: box.top - start }, boundsOf(channel), table);
  }
  context.putImageData(picture, 0, start);
}

/** A channel that is off: its last picture under the page, and one stroke. @param {CanvasRenderingContext2D} context @param {Box} box @param {CSSStyleDeclaration} styles @param {number} ratio */
function strikeOut(context, { left, top, width, height }, styles, ratio) {
  context.save();
  context.globalAlpha = 0.62;
  context.fillStyle = styles.getPropertyValue("--page");
  context.fillRect(left, top, width, height);
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.strokeStyle = styles.getPropertyValue("--ink-2");
  context.lineWidth = 2 * ratio;
  context.beginPath();
  context.moveTo(left, top + height);
  context.lineTo(left + width, top);
  context.stroke();
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context @param {WallView} view @param {number} channel @param {Box} box
 * @param {CSSStyleDeclaration} styles @param {number} ratio
 */
function paintEdge(context, { values, statistics }, channel, { left, top, width, height }, styles, ratio) {
  const line = context.lineWidth;
  context.setLineDash([]);
  context.strokeStyle = styles.getPropertyValue("--line");
  if (!values || !statistics) {
    context.fillStyle = styles.getPropertyValue("--sunk");
    context.fillRect(left, top, width, height);
  } else if (!isFiniteChannel(statistics, channel)) {
    context.strokeStyle = styles.getPropertyValue("--bad");
    context.beginPath();
    context.moveTo(left, top);
    context.lineTo(left + width, top + height);
    context.moveTo(left + width, top);
    context.lineTo(left, top + height);
    context.stroke();
  } else if (isSilent(statistics, channel)) {
    context.setLineDash([3 * ratio, 2 * ratio]);
  }
  context.strokeRect(left - line / 2, top - line / 2, width + line, height + line);
}

/**
 * The rings around the selected and the pointed tile, and the pointed value.
 * @param {WallView} view @param {HTMLCanvasElement} canvas @param {Grid} grid @param {Window} window
 * @param {import("./wall.js").Place | null} pointed @param {CSSStyleDeclaration} styles
 */
export function paintRings(view, canvas, grid, { from, height, ratio }, pointed, styles) {
  const { context } = sizeCanvas(canvas, grid.width / ratio + 2 * MARGIN, height / ratio);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const ring = (
    /** @type {number} */ position,
    /** @type {string} */ colour,
    /** @type {number} */ width,
    /** @type {number} */ out,
  ) => {
    const [left, y] = cornerOf(grid, position, ratio);
    context.strokeStyle = styles.getPropertyValue(colour);
    context.lineWidth = width * ratio;
    context.strokeRect(
      left - out * ratio,
      y - from - out * ratio,
      grid.tileWidth + 2 * out * ratio,
      grid.tileHeight + 2 * out * ratio,
    );
  };
  for (const [i, channel] of (view.chosen ?? []).entries()) {
    const position = view.channels.indexOf(channel);
    if (position < 0) continue;
    ring(position, "--marker", 2, 1);
    paintNumber(context, i + 1, cornerOf(grid, position, ratio), from, styles, ratio);
  }
  const selected = view.channels.indexOf(view.selected);
  if (selected >= 0) {
    ring(selected, "--page", 5, 2.5); // a keyline inside and outside
    ring(selected, "--marker", 3, 2.5);
  }
  const at = pointed ? view.channels.indexOf(pointed.channel) : -1;
  if (!pointed || at < 0) return;
  if (at !== selected) ring(at, "--ink-2", 2, 1);
  const [left, y] = cornerOf(grid, at, ratio);
  const side = Math.max(5 * ratio, grid.zoom);
  context.strokeStyle = styles.getPropertyValue("--marker");
  context.lineWidth = 2 * ratio;
  context.strokeRect(
    left + (pointed.column + 0.5) * grid.zoom - side / 2,
    y - from + (pointed.row + 0.5) * grid.zoom - side / 2,
    side,
    side,
  );
}

/** Which of several chosen tiles it is. @param {CanvasRenderingContext2D} context @param {number} number @param {[number, number]} corner @param {number} from @param {CSSStyleDeclaration} styles @param {number} ratio */
function paintNumber(context, number, [left, top], from, styles, ratio) {
  context.font = `650 ${12 * ratio}px ${styles.fontFamily}`;
  const width = context.measureText(String(number)).width + 8 * ratio;
  context.fillStyle = styles.getPropertyValue("--marker");
  context.fillRect(left - ratio, top - from - ratio, width, 15 * ratio);
  context.fillStyle = styles.getPropertyValue("--page");
  context.textBaseline = "middle";
  context.fillText(String(number), left + 3 * ratio, top - from + 7 * ratio);
}

/** What the ruler says beside each row: its first channel, or the value that the order is by. @param {WallView} view @param {Grid} grid @returns {{text: string, middle: number}[]} middle in device pixels */
export function rowsOf({ channels, statistics, order }, grid) {
  const wordsOf = (/** @type {number} */ channel) => {
    if (statistics && order === "maximum") return number(maximumOf(statistics, channel));
    if (statistics && order === "mean") return number(meanOf(statistics, channel));
    return statistics && order === "zeros" ? percent(zerosOf(statistics, channel)) : String(channel);
  };
  const firsts = channels.filter((_, position) => position % grid.columns === 0);
  return firsts.map((channel, row) => ({
    text: wordsOf(channel),
    middle: Math.round(row * grid.pitchY) + grid.tileHeight / 2,
  }));
}
