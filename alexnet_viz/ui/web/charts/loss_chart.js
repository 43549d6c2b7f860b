/** The loss and the validation accuracy over one axis of epochs: plotly.js draws the lines, a layer above it the words and the marker. */
import { h } from "../lib/dom.js";
import { number, percent } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { sizeWords, smooth, stepsPerEpoch, valuesAt } from "./run_curves.js";
import { createAxes } from "./loss_chart_axes.js";
import { createLabels } from "./loss_chart_labels.js";
import { bareScale } from "./loss_chart_margins.js";
import { layout, traces } from "./loss_chart_plot.js";
import { ranges } from "./loss_chart_ranges.js";

/** @typedef {import("./run_curves.js").Run} Run */
/** @typedef {import("./run_curves.js").Curves} Curves */
/** @typedef {{run: Run, curves: Curves, colour: string, dash: string, selected: boolean}} Line */
/** @typedef {{lines: Line[], smoothing: number, log: boolean, epoch: number | null, lifted: string | null, theme: "light" | "dark", numbered?: boolean}} ChartView Numbered: the chart itself names the epochs. */
/** @typedef {{line: Line, x: Float32Array, smooth: Float32Array}} Drawn */

const DOUBLE_MS = 500;
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
      reject(new Error(gettext("The chart library did not arrive. Reload the page.")));
    };
    document.head.append(script);
  });
  return library;
}

/** @param {{onEpoch: (epoch: number) => void, onMove: () => void, onHighlight: (run: string | null) => void, onFail: (error: Error) => void}} actions */
export function createLossChart(actions) {
  const plot = h("div", { class: "chart-plot", role: "img", "aria-label": gettext("Loss and validation accuracy") });
  const showAll = h(
    "button",
    { class: "link chart-whole", type: "button", hidden: true, onclick: showWhole },
    gettext("Show all"),
  );
  const labels = createLabels();
  const wait = h("p", { class: "chart-wait sentence late" }, gettext("The curves are on their way."));
  const element = h("div", { class: "chart", "aria-busy": "true" }, plot, labels.element, showAll, wait);
  /** @type {any} */
  let plotly = null;
  /** @type {ChartView | null} */
  let view = null;
  const axes = createAxes(plot, () => view);
  /** @type {Drawn[]} */
  let drawn = [];
  let drawnFor = "";
  let pressedAt = [NaN, NaN];
  let isBusy = false;
  let isListening = false;
  let isBehind = false; // something came while plotly was drawing
  let pressed = { at: -Infinity, x: NaN, from: /** @type {number | null} */ (null) }; // the last press, and where the marker was before

  loadPlotly().then((loaded) => {
    plotly = loaded;
    draw();
  }, failed);

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
    const { left, width } = axes.measure();
    const x = event.clientX - plot.getBoundingClientRect().left;
    if (x >= left - 8 && x <= left + width + 8) actions.onEpoch(axes.toEpoch(x));
  }

  function draw() {
    isBehind = isBusy;
    if (!plotly || !view || isBusy || !plot.clientWidth) return;
    const own = view;
    drawn = own.lines.map((line) => ({
      line,
      x: line.curves.step.map((step) => step / stepsPerEpoch(line.run)),
      smooth: smooth(line.curves.mean, own.smoothing, line.curves.count),
    }));
    isBusy = true;
    axes.setWhole(ranges(own, drawn), own);
    const config = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
    plotly.react(plot, traces(own, drawn), layout(own, drawn, plot, axes.shown()), config).then(() => {
      isBusy = false;
      listen();
      endWait();
      moved();
      if (isBehind) draw();
    }, failed);
  }

  function endWait() {
    wait.remove();
    element.setAttribute("aria-busy", "false");
  }

  /** @param {Error} error */
  function failed(error) {
    endWait();
    actions.onFail(error);
  }

  /** Once: plotly has its events from its first drawing on. */
  function listen() {
    const graph = /** @type {any} */ (plot);
    if (isListening) return;
    isListening = true;
    graph.on("plotly_relayout", (/** @type {Record<string, any>} */ changes) => {
      axes.zoom(changes);
      moved();
    });
    graph.on("plotly_hover", (/** @type {any} */ event) => actions.onHighlight(event.points[0]?.data.meta ?? null));
    graph.on("plotly_unhover", () => actions.onHighlight(null));
  }

  function showWhole() {
    axes.showWhole();
    draw();
  }

  function moved() {
    showAll.hidden = !axes.isZoomed();
    placeLabels();
    actions.onMove();
  }

  function placeLabels() {
    const { toPixels, toY, measure } = axes;
    if (view) labels.update({ view, drawn, box: measure(), toPixels, toY, scale: bareScale(plot) ?? 1 });
  }

  return {
    element,
    toPixels: axes.toPixels,
    toEpoch: axes.toEpoch,
    span: axes.span,
    /** Draws only where something is new: a list of runs comes every second. @param {ChartView} next */
    update(next) {
      view = next;
      const key = drawingKey(next, plot);
      if (key === drawnFor) return;
      drawnFor = key;
      draw();
    },
    /** Only the marker has moved. @param {number | null} epoch */
    mark(epoch) {
      if (view) view = { ...view, epoch };
      plot.setAttribute("aria-label", describe(drawn, epoch));
      if (plotly) placeLabels();
    },
    destroy() {
      window.removeEventListener("pointerup", onRelease, true);
      if (plotly) plotly.purge(plot);
    },
  };
}

/** All that a drawing depends on; where the marker stands is not of it. @param {ChartView} view @param {HTMLElement} plot */
function drawingKey({ lines, smoothing, log, lifted, theme }, plot) {
  const drawn = lines.map(({ run, curves, colour, dash, selected }) => [
    run.id,
    run.steps,
    curves.points,
    colour,
    dash,
    selected,
  ]);
  return JSON.stringify([drawn, smoothing, log, lifted, theme, bareScale(plot), plot.clientWidth, plot.clientHeight]);
}

/** The chart in words. @param {Drawn[]} drawn @param {number | null} epoch */
function describe(drawn, epoch) {
  const own = drawn.find((each) => each.line.selected);
  const names = drawn.map(({ line }) => line.run.name).join(", ");
  const values = own && epoch !== null ? valuesAt(own, epoch) : { loss: NaN, accuracy: NaN };
  const subject = names
    ? gettext("Loss and validation accuracy of {runs}", { runs: names })
    : gettext("Loss and validation accuracy");
  if (!own || epoch === null) return subject;
  const loss = Number.isFinite(values.loss)
    ? `. ${gettext("{run} at epoch {epoch}: loss {loss}", { run: own.line.run.name, epoch, loss: number(values.loss, 3) })}`
    : "";
  const accuracy = Number.isFinite(values.accuracy)
    ? `, ${gettext("validation accuracy {accuracy}", { accuracy: percent(values.accuracy) })}${sizeWords(own.line.curves, epoch)}`
    : "";
  return subject + loss + accuracy;
}
