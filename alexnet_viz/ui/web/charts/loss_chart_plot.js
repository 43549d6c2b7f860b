/** What plotly is given: the lines of the runs, and the axes that show them. */
import { marked } from "../lib/format.js";
import { decimal, gettext } from "../lib/language.js";
import { tokens } from "../shell/theme.js";
import { bareScale, bottomOf, marginOf } from "./loss_chart_margins.js";
import { mostEpochs, topAccuracy } from "./loss_chart_ranges.js";
import { chanceOn, isolated, sizeWords, stepsPerEpoch, validationSizes } from "./run_curves.js";

/** @typedef {import("./loss_chart.js").ChartView} ChartView */
/** @typedef {import("./loss_chart.js").Drawn} Drawn */
/** @typedef {import("./loss_chart.js").Line} Line */
/** @typedef {import("./loss_chart_axes.js").Axis} Axis */
/** @typedef {import("./run_curves.js").Curves} Curves */

export const LOSS = [0.355, 1];
export const ACCURACY = [0, 0.27];
/** As many decimals as the distance of the ticks needs; 0.05 has two. */
const DECIMALS = [
  { dtickrange: [null, 0.0099], value: ".3f" },
  { dtickrange: [0.0099, 0.099], value: ".2f" },
  { dtickrange: [0.099, null], value: ".1f" },
];

/** @param {ChartView} view @param {Drawn[]} drawn */
export function traces(view, drawn) {
  // The selected run lies on top.
  return [...drawn]
    .sort((a, b) => Number(a.line.selected) - Number(b.line.selected))
    .flatMap((each) => tracesOf(view, each));
}

/** @param {ChartView} view @param {Drawn} each */
function tracesOf(view, { line, x, smooth: smoothed }) {
  const { curves, run, colour, dash, selected } = line;
  const faded = view.lifted !== null && view.lifted !== run.id;
  const shared = {
    type: "scatter",
    mode: "lines",
    meta: run.id,
    opacity: faded ? 0.3 : 1,
    hoverlabel: { namelength: 40 },
  };
  const stroke = {
    color: colour,
    width: selected || view.lifted === run.id ? 2.4 : 1.8,
    dash: dash
      ? dash
          .split(" ")
          .map((part) => `${part}px`)
          .join(",")
      : "solid",
    shape: "linear",
  };
  const list = [];
  if (selected)
    list.push({
      ...shared,
      ...raw(curves, x),
      line: { color: colour, width: 1 },
      opacity: faded ? 0.1 : 0.22,
      hoverinfo: "skip",
    });
  list.push({
    ...shared,
    ...withPoints(smoothed, colour),
    x,
    line: stroke,
    name: run.name,
    hovertemplate: "%{y:.4r}<extra>%{fullData.name}</extra>",
  });
  return [...list, ...validationTraces(view, line, shared, stroke)];
}

/** Each stretch of one image size by itself; what was not seen at full size is a thin line and squares. @param {ChartView} view @param {Line} line @param {object} shared @param {{width: number}} stroke */
function validationTraces(view, { curves, run, colour, selected }, shared, stroke) {
  const full = Math.max(...Array.from(curves.valSize).filter(Number.isFinite));
  return validationSizes(curves).flatMap(({ size, from, to }) => {
    const part = (/** @type {Float32Array} */ values) => values.slice(from, to + 1);
    const [symbol, width] = size < full ? ["square", 1.2] : ["circle", stroke.width];
    const where = sizeWords(curves, curves.epoch[from]);
    const marker = { size: 7, symbol, color: tokens.colour[view.theme].surface, line: { color: colour, width: 1.6 } };
    const losses = {
      ...shared,
      mode: "markers",
      cliponaxis: false,
      x: part(curves.epoch),
      y: part(curves.valLoss),
      marker,
      hovertemplate: `${gettext("validation")}${where} %{y:.4r}<extra></extra>`,
    };
    const accuracies = withPoints(
      part(curves.valAccuracy).map((value) => value * 100),
      colour,
    );
    return [
      ...(selected ? [losses] : []),
      {
        ...shared,
        yaxis: "y2",
        x: part(curves.epoch),
        ...accuracies,
        line: { ...stroke, width },
        name: run.name,
        hovertemplate: `%{y:.3r} %${where}<extra>%{fullData.name}</extra>`,
      },
    ];
  });
}

/** A line, and a point where no neighbour makes a line of it. @param {Float32Array} y @param {string} colour */
function withPoints(y, colour) {
  const alone = isolated(y);
  return alone.length
    ? {
        y,
        mode: "lines+markers",
        marker: {
          color: colour,
          size: Array.from(y, (_, i) => (alone.includes(i) ? 5 : 0)),
          opacity: 1,
          line: { width: 0 },
        },
      }
    : { y };
}

/** Lowest and highest loss of each bucket, in turn: one line that covers what was thinned away. @param {Curves} curves @param {Float32Array} x */
function raw(curves, x) {
  if (curves.bucket === 1) return { x, y: curves.mean };
  return {
    x: Array.from(x).flatMap((value) => [value, value]),
    y: Array.from(curves.low).flatMap((value, i) => [value, curves.high[i]]),
  };
}

/** @param {ChartView} view @param {Drawn[]} drawn @param {HTMLElement} plot @param {Record<Axis, number[]>} range from and to of each axis */
export function layout(view, drawn, plot, range) {
  const colour = tokens.colour[view.theme];
  const selected = drawn.find((each) => each.line.selected);
  const scale = bareScale(plot);
  const font = { family: getComputedStyle(plot).fontFamily, size: 12 * (scale ?? 1), color: colour.ink_3 };
  const axis = {
    showgrid: true,
    gridcolor: colour.line,
    zeroline: true,
    zerolinecolor: colour.line,
    zerolinewidth: 1,
    ticks: "",
    tickfont: font,
    fixedrange: false,
    automargin: false,
  };
  const guess = chanceOn(drawn);
  const chance = {
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    line: { color: colour.ink_2, width: 1.2, dash: "1.5px,3px" },
    layer: "below",
  };
  const events = (selected?.line.curves.events ?? []).filter(({ event, step }) => event !== "started" && step > 0);
  return {
    width: plot.clientWidth,
    height: plot.clientHeight,
    margin: { ...marginOf(view, scale), b: bottomOf(view), pad: 0 },
    showlegend: false,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font,
    separators: decimal === "." ? ".," : `${decimal} `, // of decimals and of thousands
    hovermode: "closest",
    hoverlabel: { bgcolor: colour.ink, bordercolor: colour.ink, font: { ...font, size: 13, color: colour.page } },
    xaxis: {
      ...axis,
      showgrid: false,
      zeroline: false,
      range: range.xaxis,
      anchor: "y2",
      showline: true,
      linecolor: colour.line_strong,
      showticklabels: Boolean(view.numbered),
      ticks: "outside",
      ticklen: 5,
      tickcolor: colour.line_strong,
      dtick: tickEvery(mostEpochs(view.lines), view.numbered),
      tick0: 0,
    },
    yaxis: {
      ...axis,
      domain: LOSS,
      type: view.log ? "log" : "linear",
      range: range.yaxis,
      ...(view.log
        ? {
            tickvals: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
            ticktext: ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5"].map((text) => `${marked(text)}  `),
          }
        : { tickformatstops: DECIMALS, ticksuffix: "  " }),
    },
    yaxis2: {
      ...axis,
      domain: ACCURACY,
      range: range.yaxis2,
      ticksuffix: " %  ",
      dtick: topAccuracy(drawn, guess.accuracy) > 45 ? 20 : 10,
      rangemode: "nonnegative",
    },
    shapes: [
      { ...chance, yref: "y", y0: guess.loss, y1: guess.loss },
      { ...chance, yref: "y2", y0: 100 * guess.accuracy, y1: 100 * guess.accuracy },
      ...events.map(({ step }) => ({
        type: "line",
        xref: "x",
        yref: "paper",
        x0: step / stepsPerEpoch(/** @type {Drawn} */ (selected).line.run),
        x1: step / stepsPerEpoch(/** @type {Drawn} */ (selected).line.run),
        y0: 0,
        y1: 1,
        line: { color: colour.line_strong, width: 1, dash: "2px,3px" },
        layer: "below",
      })),
    ],
  };
}

/** @param {number} epochs @param {boolean} [numbered] */
function tickEvery(epochs, numbered) {
  if (numbered && epochs > 20) return epochs <= 100 ? 10 : 50;
  return epochs <= 60 ? 1 : epochs <= 300 ? 5 : 50;
}
