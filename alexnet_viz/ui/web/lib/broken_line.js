/** A line through points of which some are not there: drawn in its parts, a dot where a point stands alone. */

/**
 * @param {{x: number, y: number | null}[]} points in the picture's own units; y is no number where nothing is to be drawn
 * @param {string} [attributes] of each part
 * @returns {string} SVG
 */
export function brokenLine(points, attributes = "") {
  /** @type {string[][]} */
  const parts = [[]];
  for (const { x, y } of points) {
    if (y !== null && Number.isFinite(y)) parts[parts.length - 1].push(`${x.toFixed(1)},${y.toFixed(1)}`);
    else parts.push([]);
  }
  const drawn = parts.filter((part) => part.length);
  return drawn
    .map(
      (part) =>
        `<polyline ${attributes} stroke-linecap="round" points="${(part.length > 1 ? part : [part[0], part[0]]).join(" ")}"/>`,
    )
    .join("");
}
