/** What is drawn over a picture: the outline of what is pointed at, and the cross of what is not a number. */

/** From this side in input pixels on, the rest of the photo is dimmed. */
export const DIM_FROM = 60;

/**
 * White under the marker, so that the outline is seen on any photo; the rest is dimmed where the field is large.
 * @param {CanvasRenderingContext2D} context @param {number} ratio
 * @param {{x: number, y: number, width: number, height: number}} box @param {boolean} dim @param {CSSStyleDeclaration} styles
 */
export function outline(context, ratio, box, dim, styles) {
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map((value) => value * ratio);
  if (dim) {
    context.fillStyle = "rgba(0, 0, 0, 0.42)";
    context.beginPath();
    context.rect(0, 0, context.canvas.width, context.canvas.height);
    context.rect(x, y, width, height);
    context.fill("evenodd");
  }
  const stroke = Number(styles.getPropertyValue("--stroke"));
  for (const [colour, line] of /** @type {[string, number][]} */ ([
    ["#FFFFFF", 2 * stroke],
    [styles.getPropertyValue("--marker"), stroke],
  ])) {
    context.strokeStyle = colour;
    context.lineWidth = line * ratio;
    context.strokeRect(x, y, width, height);
  }
}

/**
 * The outline of one value of a map, a little larger than the value where that is small.
 * @param {CanvasRenderingContext2D} context @param {number} ratio
 * @param {{row: number, column: number}} place @param {number} unit side of a value, CSS pixels @param {CSSStyleDeclaration} styles
 */
export function outlineValue(context, ratio, { row, column }, unit, styles) {
  const grown = unit < 6 ? 1 : 0;
  const side = unit + 2 * grown;
  outline(
    context,
    ratio,
    { x: column * unit - grown, y: row * unit - grown, width: side, height: side },
    false,
    styles,
  );
}

/**
 * A diagonal cross: some of this picture's values are not numbers.
 * @param {CanvasRenderingContext2D} context @param {number} line device pixels @param {string} colour
 * @param {{left: number, top: number, width: number, height: number}} [box] device pixels; the whole canvas
 */
export function crossOut(
  context,
  line,
  colour,
  box = { left: 0, top: 0, width: context.canvas.width, height: context.canvas.height },
) {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  context.strokeStyle = colour;
  context.lineWidth = line;
  context.beginPath();
  context.moveTo(box.left, box.top);
  context.lineTo(right, bottom);
  context.moveTo(right, box.top);
  context.lineTo(box.left, bottom);
  context.stroke();
}
