/** The loss and the validation accuracy over one axis of epochs: plotly.js draws the lines, a layer above it the words and the marker. */
import { h } from "../lib/dom.js";
import { number, percent } from "../lib/format.js";
import { chanceOn, epochsOf, smooth, stepsPerEpoch, valuesAt } from "./run_curves.js";
import { createLabels } from "./loss_chart_labels.js";
import { tokens } from "../shell/theme.js";

/** @typedef {import("./run_curves.js").Run} Run */
/** @typedef {import("./run_curves.js").Curves} Curves */
/** @typedef {{run: Run, curves: Curves, colour: string, dash: string, selected: boolean}} Line */
/** @typedef {{lines: Line[], smoothing: number, log: boolean, epoch: number | null, lifted: string | null, theme: "light" | "dark", numbered?: boolean}} ChartView Numbered: the chart itself names the epochs. */
/** @typedef {{line: Line, x: Float32Array, smooth: Float32Array}} Drawn */
/** @typedef {{left: number, top: number, width: number, height: number, loss: [number, number], accuracy: [number, number]}} Box Pixels; the last two are top and bottom of each plot. */

export const MARGIN = { l: 44, r: 92, t: 20, b: 6 };
const DOUBLE_MS = 500;
const NUMBERS = 18; // pixels that the epochs' numbers take below the axis
const LOSS = [0.355, 1];
const ACCURACY = [0, 0.27];
/** As many decimals as the distance of the ticks needs; 0.05 has two. */
const DECIMALS = [
  { dtickrange: [null, 0.0099], value: ".3f" },
  { dtickrange: [0.0099, 0.099], value: ".2f" },
  { dtickrange: [0.099, null], value: ".1f" },
];
/** @type {Promise<any> | null} */
let library = null;

/** @returns {Promise<any>} plotly.js, asked for once, on this page only */
function loadPlotly() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("vendor/plotly.min.js", document.baseURI).href;
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => {
      library = null;
      reject(new Error("The chart library did not arrive. Reload the page."));
    };
    document.head.append(script);
  });
  return library;
}

/** @param {{onEpoch: (epoch: number) => void, onMove: () => void, onHighlight: (run: string | null) => void, onFail: (error: Error) => void}} actions */
export function createChart(actions) {
  const plot = h("div", { class: "chart-plot", role: "img", "aria-label": "Loss and validation accuracy" });
  const whole = h("button", { class: "link chart-whole", type: "button", hidden: true, onclick: showWhole }, "Show all");
  const labels = createLabels();
  const element = h("div", { class: "chart" }, plot, labels.element, whole);
  /** @type {any} */
  let plotly = null;
  /** @type {ChartView | null} */
  let view = null;
  /** @type {Drawn[]} */
  let drawn = [];
  let drawnFor = "";
  let pressedAt = [NaN, NaN];
  let isBusy = false;
  let isBehind = false; // something came while plotly was drawing
  let zooms = 0; // how often a zoom was left
  let pressed = { at: -Infinity, x: NaN, from: /** @type {number | null} */ (null) }; // the last press, and where the marker was before

  loadPlotly().then((loaded) => {
    plotly = loaded;
    draw();
  }, actions.onFail);

  // A press without a drag puts the marker there; a drag zooms; a double press leaves the zoom. Plotly's own double press counts
  // from when it gets round to an event, not from when the event was, and leads to the ranges of the first run that was drawn.
  plot.addEventListener("pointerdown", (event) => (pressedAt = [event.clientX, event.clientY]), true);
  window.addEventListener("pointerup", onRelease, true);

  /** @param {PointerEvent} event */
  function onRelease(event) {
    const moved = Math.hypot(event.clientX - pressedAt[0], event.clientY - pressedAt[1]);
    pressedAt = [NaN, NaN];
    if (!(moved < 4)) return;
    if (event.timeStamp - pressed.at < DOUBLE_MS && Math.abs(event.clientX - pressed.x) < 8) {
      if (pressed.from !== null) actions.onEpoch(pressed.from); // the first press has moved the marker
      pressed = { ...pressed, at: -Infinity };
      setTimeout(showWhole); // plotly has not seen this release yet
      return;
    }
    pressed = { at: event.timeStamp, x: event.clientX, from: view?.epoch ?? null };
    const box = measure();
    const x = event.clientX - plot.getBoundingClientRect().left - box.left;
    if (x >= -8 && x <= box.width + 8) actions.onEpoch(toEpoch(x));
  }

  /** @returns {Box} */
  function measure() {
    const [width, height] = [plot.clientWidth - MARGIN.l - MARGIN.r, plot.clientHeight - MARGIN.t - bottomOf(view)];
    const y = (/** @type {number} */ share) => MARGIN.t + height * (1 - share);
    return { left: MARGIN.l, top: MARGIN.t, width, height, loss: [y(LOSS[1]), y(LOSS[0])], accuracy: [y(ACCURACY[1]), y(ACCURACY[0])] };
  }

  /** @returns {[number, number]} epochs at the left and the right end */
  function span() {
    const full = /** @type {any} */ (plot)._fullLayout?.xaxis?.range;
    return full ? [full[0], full[1]] : [0, mostEpochs(view?.lines ?? [])];
  }

  /** @param {number} pixels from the left end of the axis */
  function toEpoch(pixels) {
    const [from, to] = span();
    return from + (pixels / measure().width) * (to - from);
  }

  /** @param {number} epoch @returns {number} pixels from the left end of the element */
  function toPixels(epoch) {
    const [from, to] = span();
    return MARGIN.l + ((epoch - from) / (to - from)) * measure().width;
  }

  function draw() {
    isBehind = isBusy;
    if (!plotly || !view || isBusy || !plot.clientWidth) return;
    const own = view;
    drawn = own.lines.map((line) => ({ line, x: line.curves.step.map((step) => step / stepsPerEpoch(line.run)), smooth: smooth(line.curves.mean, own.smoothing, line.curves.bucket) }));
    isBusy = true;
    const isFirst = !(/** @type {any} */ (plot)._fullLayout);
    const config = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
    plotly.react(plot, traces(own, drawn), layout(own, drawn, plot, zooms), config).then(() => {
      isBusy = false;
      if (isFirst) listen();
      moved();
      if (isBehind) draw();
    }, actions.onFail);
  }

  function listen() {
    const graph = /** @type {any} */ (plot);
    graph.on("plotly_relayout", moved);
    graph.on("plotly_hover", (/** @type {any} */ event) => actions.onHighlight(event.points[0]?.data.meta ?? null));
    graph.on("plotly_unhover", () => actions.onHighlight(null));
  }

  function showWhole() {
    zooms += 1;
    draw();
  }

  function moved() {
    whole.hidden = !isZoomed();
    if (view) labels.update({ view, drawn, box: measure(), toPixels, toY });
    actions.onMove();
  }

  /** @returns {boolean} whether a person has left the ranges that show everything */
  function isZoomed() {
    const { layout: given, _fullLayout: full } = /** @type {any} */ (plot);
    const isOther = (/** @type {string} */ axis) => String(full?.[axis]?.range) !== String(view && ranges(view, drawn)[axis]);
    return Boolean(given && view && drawn.length) && ["xaxis", "yaxis", "yaxis2"].some(isOther);
  }

  /** @param {"loss" | "accuracy"} which @param {number} value @returns {number} pixels from the top */
  function toY(which, value) {
    const axis = /** @type {any} */ (plot)._fullLayout?.[which === "loss" ? "yaxis" : "yaxis2"];
    const [top, bottom] = measure()[which];
    if (!axis) return NaN;
    const place = axis.type === "log" ? Math.log10(value) : value;
    return bottom - ((place - axis.range[0]) / (axis.range[1] - axis.range[0])) * (bottom - top);
  }

  return {
    element,
    toPixels,
    toEpoch: (/** @type {number} */ x) => toEpoch(x - MARGIN.l),
    span,
    /** Draws only where something is new: a list of runs comes every second. @param {ChartView} next */
    update(next) {
      view = next;
      const key = JSON.stringify([next.lines.map(({ run, curves, colour, dash, selected }) => [run.id, run.steps, curves.points, colour, dash, selected]), next.smoothing, next.log, next.lifted, next.theme, plot.clientWidth, plot.clientHeight]);
      if (key === drawnFor) return;
      drawnFor = key;
      draw();
    },
    /** Only the marker has moved. @param {number | null} epoch */
    mark(epoch) {
      if (view) view = { ...view, epoch };
      plot.setAttribute("aria-label", describe(drawn, epoch));
      if (view && plotly) labels.update({ view, drawn, box: measure(), toPixels, toY });
    },
    destroy() {
      window.removeEventListener("pointerup", onRelease, true);
      if (plotly) plotly.purge(plot);
    },
  };
}

/** The chart in words. @param {Drawn[]} drawn @param {number | null} epoch */
function describe(drawn, epoch) {
  const own = drawn.find((each) => each.line.selected);
  const names = drawn.map(({ line }) => line.run.name).join(", ");
  const values = own && epoch !== null ? valuesAt(own, epoch) : { loss: NaN, accuracy: NaN };
  const words = Number.isFinite(values.loss) ? `. ${own?.line.run.name} at epoch ${epoch}: loss ${number(values.loss, 3)}` : "";
  return `Loss and validation accuracy${names ? ` of ${names}` : ""}${words}${Number.isFinite(values.accuracy) ? `, validation accuracy ${percent(values.accuracy)}` : ""}`;
}

/** @param {Line[]} lines */
function mostEpochs(lines) {
  return Math.max(1, ...lines.map(({ run }) => epochsOf(run)));
}

/** @param {ChartView} view @param {Drawn[]} drawn */
function traces(view, drawn) {
  // The selected run lies on top.
  return [...drawn].sort((a, b) => Number(a.line.selected) - Number(b.line.selected)).flatMap((each) => tracesOf(view, each));
}

/** @param {ChartView} view @param {Drawn} each */
function tracesOf(view, { line, x, smooth: smoothed }) {
  const { curves, run, colour, dash, selected } = line;
  const faded = view.lifted !== null && view.lifted !== run.id;
  const shared = { type: "scatter", mode: "lines", meta: run.id, opacity: faded ? 0.3 : 1, hoverlabel: { namelength: 40 } };
  const stroke = { color: colour, width: selected || view.lifted === run.id ? 2.4 : 1.8, dash: dash ? dash.split(" ").map((part) => `${part}px`).join(",") : "solid", shape: "linear" };
  const list = [];
  if (selected) list.push({ ...shared, ...raw(curves, x), line: { color: colour, width: 1 }, opacity: faded ? 0.1 : tokens.opacity?.raw ?? 0.22, hoverinfo: "skip" });
  list.push({ ...shared, x, y: smoothed, line: stroke, name: run.name, hovertemplate: "%{y:.4r}<extra>%{fullData.name}</extra>" });
  const ring = { size: 7, color: tokens.colour[view.theme].surface, line: { color: colour, width: 1.6 } };
  if (selected) list.push({ ...shared, mode: "markers", cliponaxis: false, x: curves.epoch, y: curves.valLoss, marker: ring, hovertemplate: "validation %{y:.4r}<extra></extra>" });
  list.push({ ...shared, yaxis: "y2", x: curves.epoch, y: curves.valAccuracy.map((value) => value * 100), line: stroke, mode: curves.epoch.length < 2 ? "markers" : "lines", marker: { color: colour, size: 5 }, name: run.name, hovertemplate: "%{y:.3r} %<extra>%{fullData.name}</extra>" });
  return list;
}

/** Lowest and highest loss of each bucket, in turn: one line that covers what was thinned away. @param {Curves} curves @param {Float32Array} x */
function raw(curves, x) {
  if (curves.bucket === 1) return { x, y: curves.mean };
  return { x: Array.from(x).flatMap((value) => [value, value]), y: Array.from(curves.low).flatMap((value, i) => [value, curves.high[i]]) };
}

/** The range of losses that is drawn: all but the wildest batches. @param {Drawn[]} drawn @param {boolean} log @param {number} chance */
function lossRange(drawn, log, chance) {
  const values = drawn.flatMap((each) => [...each.smooth, ...each.line.curves.valLoss, ...(each.line.selected ? each.line.curves.mean : [])]).filter(Number.isFinite).sort((a, b) => a - b);
  const low = values[Math.floor(values.length * 0.002)] ?? 1;
  const high = values[Math.floor(values.length * 0.998)] ?? chance;
  if (log) return [Math.log10(Math.max(0.005, low * 0.8)), Math.log10(Math.max(chance * 1.15, high * 1.05))];
  return [Math.max(0, Math.floor(low / 0.5) * 0.5 - 0.02), Math.max(chance * 1.095, Math.min(high, 3 * chance) * 1.03)];
}

/** The ranges that show everything. @param {ChartView} view @param {Drawn[]} drawn @returns {Record<string, number[]>} */
function ranges(view, drawn) {
  const guess = chanceOn(drawn);
  const top = topAccuracy(drawn, guess.accuracy);
  return { xaxis: [0, mostEpochs(view.lines)], yaxis: lossRange(drawn, view.log, guess.loss), yaxis2: [-Math.max(20, top) * 0.085, Math.min(104, top * 1.09)] };
}

/** @param {Drawn[]} drawn @param {number} least 0 to 1 @returns {number} the best validation accuracy, in per cent */
function topAccuracy(drawn, least) {
  return Math.max(100 * least, ...drawn.flatMap((each) => Array.from(each.line.curves.valAccuracy, (value) => value * 100)).filter(Number.isFinite));
}

/** @param {ChartView} view @param {Drawn[]} drawn @param {HTMLElement} plot @param {number} zooms */
function layout(view, drawn, plot, zooms) {
  const colour = tokens.colour[view.theme];
  const selected = drawn.find((each) => each.line.selected);
  const font = { family: getComputedStyle(plot).fontFamily, size: 12, color: colour.ink_3 };
  const axis = { showgrid: true, gridcolor: colour.line, zeroline: true, zerolinecolor: colour.line, zerolinewidth: 1, ticks: "", tickfont: font, fixedrange: false, automargin: false };
  const guess = chanceOn(drawn);
  const range = ranges(view, drawn);
  const chance = { type: "line", xref: "paper", x0: 0, x1: 1, line: { color: colour.ink_2, width: 1.2, dash: "1.5px,3px" }, layer: "below" };
  const events = (selected?.line.curves.events ?? []).filter(({ event, step }) => event !== "started" && step > 0);
  return {
    uirevision: `${selected?.line.run.id} ${zooms}`,
    width: plot.clientWidth,
    height: plot.clientHeight,
    margin: { ...MARGIN, b: bottomOf(view), pad: 0 },
    showlegend: false,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font,
    hovermode: "closest",
    hoverlabel: { bgcolor: colour.ink, bordercolor: colour.ink, font: { ...font, size: 13, color: colour.page } },
    xaxis: { ...axis, showgrid: false, zeroline: false, range: range.xaxis, anchor: "y2", showline: true, linecolor: colour.line_strong, showticklabels: Boolean(view.numbered), ticks: "outside", ticklen: 5, tickcolor: colour.line_strong, dtick: tickEvery(mostEpochs(view.lines), view.numbered), tick0: 0 },
    yaxis: { ...axis, domain: LOSS, type: view.log ? "log" : "linear", uirevision: `${selected?.line.run.id} ${zooms} ${view.log}`, range: range.yaxis, ...(view.log ? { tickvals: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5], ticktext: ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5"].map((text) => `${text}  `) } : { tickformatstops: DECIMALS, ticksuffix: "  " }) },
    yaxis2: { ...axis, domain: ACCURACY, range: range.yaxis2, ticksuffix: " %  ", dtick: topAccuracy(drawn, guess.accuracy) > 45 ? 20 : 10, rangemode: "nonnegative" },
    shapes: [
      { ...chance, yref: "y", y0: guess.loss, y1: guess.loss },
      { ...chance, yref: "y2", y0: 100 * guess.accuracy, y1: 100 * guess.accuracy },
      ...events.map(({ step }) => ({ type: "line", xref: "x", yref: "paper", x0: step / stepsPerEpoch(/** @type {Drawn} */ (selected).line.run), x1: step / stepsPerEpoch(/** @type {Drawn} */ (selected).line.run), y0: 0, y1: 1, line: { color: colour.line_strong, width: 1, dash: "2px,3px" }, layer: "below" })),
    ],
  };
}

/** Room below the axis. @param {ChartView | null} view */
function bottomOf(view) {
  return MARGIN.b + (view?.numbered ? NUMBERS : 0);
}

/** @param {number} epochs @param {boolean} [numbered] */
function tickEvery(epochs, numbered) {
  if (numbered && epochs > 20) return epochs <= 100 ? 10 : 50;
  return epochs <= 60 ? 1 : epochs <= 300 ? 5 : 50;
}
