/** Where something stands on the loss chart: what its words, its names and its marker have in common. */

/** @typedef {import("./loss_chart.js").Drawn} Drawn */
/** @typedef {import("./loss_chart.js").ChartView} ChartView */
/** @typedef {import("./loss_chart_axes.js").Box} Box */
/** @typedef {{view: ChartView, drawn: Drawn[], box: Box, toPixels: (epoch: number) => number, toY: (which: "loss" | "accuracy", value: number) => number, scale: number}} Geometry */

export const LINE = 17; // pixels from one label to the next

/** @param {number} x @param {number} y */
export function place(x, y) {
  return `left:${x.toFixed(1)}px;top:${y.toFixed(1)}px`;
}

/** @param {Box} box @param {"loss" | "accuracy"} which @param {number} y */
export function isInside(box, which, y) {
  return y >= box[which][0] - 2 && y <= box[which][1] + 2;
}

/** @param {Drawn} drawn @param {"loss" | "accuracy"} which */
export function endOf({ line, x, smooth }, which) {
  const [xs, ys] =
    which === "loss" ? [x, smooth] : [line.curves.epoch, line.curves.valAccuracy.map((value) => value * 100)];
  for (let i = xs.length - 1; i >= 0; i -= 1) if (Number.isFinite(ys[i])) return { x: xs[i], y: ys[i] };
  return null;
}
