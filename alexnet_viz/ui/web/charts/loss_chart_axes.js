/** Where epochs, losses and accuracies stand on the chart, and what of them a person has zoomed to. */
import { bareScale, bottomOf, marginOf } from "./loss_chart_margins.js";
import { ACCURACY, LOSS } from "./loss_chart_plot.js";

/** @typedef {import("./loss_chart.js").ChartView} ChartView */
/** @typedef {"xaxis" | "yaxis" | "yaxis2"} Axis epochs, losses, accuracies in per cent */
/** @typedef {Record<Axis, number[]>} Ranges from and to of each axis, as plotly counts: powers of ten on a log axis */
/** @typedef {{left: number, top: number, width: number, height: number, outer: number, loss: [number, number], accuracy: [number, number]}} Box Pixels; outer is the width with the margins, the last two are top and bottom of each plot. */

/** @param {HTMLElement} plot @param {() => ChartView | null} viewOf */
export function createAxes(plot, viewOf) {
  /** The ranges that show everything. @type {Ranges} */
  let whole = { xaxis: [0, 1], yaxis: [0, 1], yaxis2: [0, 1] };
  /** The ranges that a person has zoomed to. @type {Partial<Record<Axis, [number, number]>>} */
  let zoom = {};
  let zoomOf = ""; // run and kind of axis that the zoom belongs to

  const margin = () => marginOf(viewOf(), bareScale(plot));

  /** @returns {Box} */
  function measure() {
    const { l, t, r } = margin();
    const [width, height] = [plot.clientWidth - l - r, plot.clientHeight - t - bottomOf(viewOf())];
    const y = (/** @type {number} */ share) => t + height * (1 - share);
    return {
      left: l,
      top: t,
      width,
      height,
      outer: plot.clientWidth,
      loss: [y(LOSS[1]), y(LOSS[0])],
      accuracy: [y(ACCURACY[1]), y(ACCURACY[0])],
    };
  }

  /** @returns {Ranges} */
  const shown = () => ({ ...whole, ...zoom });

  /** @returns {[number, number]} epochs at the left and the right end */
  function span() {
    const [from, to] = shown().xaxis;
    return [from, to];
  }

  return {
    measure,
    shown,
    span,
    /** @param {number} x pixels from the left end of the element */
    toEpoch(x) {
      const [from, to] = span();
      const { left, width } = measure();
      return from + ((x - left) / width) * (to - from);
    },
    /** @param {number} epoch @returns {number} pixels from the left end of the element */
    toPixels(epoch) {
      const [from, to] = span();
      const { left, width } = measure();
      return left + ((epoch - from) / (to - from)) * width;
    },
    /** @param {"loss" | "accuracy"} which @param {number} value @returns {number} pixels from the top */
    toY(which, value) {
      const [top, bottom] = measure()[which];
      const [low, high] = shown()[which === "loss" ? "yaxis" : "yaxis2"];
      const place = which === "loss" && viewOf()?.log ? Math.log10(value) : value;
      return bottom - ((place - low) / (high - low)) * (bottom - top);
    },
    isZoomed: () => Object.keys(zoom).length > 0,
    showWhole: () => void (zoom = {}),
    /** A zoom is of one run, and its losses of one kind of axis. @param {Ranges} ranges that show everything of it @param {ChartView} view */
    setWhole(ranges, view) {
      whole = ranges;
      const run = view.lines.find((line) => line.selected)?.run.id ?? "";
      const [runBefore, axisBefore] = zoomOf.split("\n");
      if (run !== runBefore) zoom = {};
      else if (String(view.log) !== axisBefore) delete zoom.yaxis;
      zoomOf = `${run}\n${view.log}`;
    },
    /** @param {Record<string, any>} changes as plotly tells them: "xaxis.range[0]", … */
    zoom(changes) {
      for (const axis of /** @type {Axis[]} */ (["xaxis", "yaxis", "yaxis2"])) {
        const range = changes[`${axis}.range`] ?? [changes[`${axis}.range[0]`], changes[`${axis}.range[1]`]];
        if (range.every(Number.isFinite)) zoom[axis] = range;
      }
    },
  };
}
