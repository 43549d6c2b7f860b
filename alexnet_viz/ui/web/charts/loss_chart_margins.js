/** The room around the chart's two plots: for the numbers of the axes, and for the names at the lines' ends. */

/** @typedef {import("./loss_chart.js").ChartView} ChartView */

const MARGIN = { l: 44, r: 92, t: 20, b: 6 };
const NUMBERS = 18; // pixels that the epochs' numbers take below the axis
const MOST_NAME = 180; // pixels of a run's name at the right end of its line
/** @type {Map<string, number>} width of a name in pixels, by name */
const widths = new Map();

/** How large the words of the chart are where the runs' names are not among them: on a phone, in presenter mode; else null. @param {Element} element */
export function bareScale(element) {
  return parseFloat(getComputedStyle(element).getPropertyValue("--chart-scale")) || null;
}

/** The right margin has room for the longest name of a run at the end of its line. @param {ChartView | null} view @param {number | null} scale */
export function marginOf(view, scale) {
  if (scale !== null) return { l: MARGIN.l * scale, r: MARGIN.r * scale, t: MARGIN.t * scale, b: MARGIN.b };
  const longest = Math.max(0, ...(view?.lines ?? []).map(({ run }) => nameWidth(run.name)));
  return { ...MARGIN, r: Math.max(MARGIN.r, Math.min(longest, MOST_NAME) + 14) };
}

/** @param {string} name @returns {number} pixels, as the chart sets names */
export function nameWidth(name) {
  if (!widths.has(name)) {
    const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    context.font = "650 13px sans-serif";
    widths.set(name, Math.ceil(context.measureText(name).width));
  }
  return /** @type {number} */ (widths.get(name));
}

/** Room below the axis. @param {ChartView | null} view */
export function bottomOf(view) {
  return MARGIN.b + (view?.numbered ? NUMBERS : 0);
}
