/** From where to where the chart's axes go: epochs, losses, accuracies in per cent. */
import { chanceOn, epochsOf } from "./run_curves.js";

/** @typedef {import("./loss_chart.js").ChartView} ChartView */
/** @typedef {import("./loss_chart.js").Drawn} Drawn */
/** @typedef {import("./loss_chart.js").Line} Line */
/** @typedef {import("./loss_chart_axes.js").Axis} Axis */

/** The ranges that show everything. @param {ChartView} view @param {Drawn[]} drawn @returns {Record<Axis, number[]>} */
export function ranges(view, drawn) {
  const guess = chanceOn(drawn);
  const top = topAccuracy(drawn, guess.accuracy);
  return {
    xaxis: [0, mostEpochs(view.lines)],
    yaxis: lossRange(drawn, view.log, guess.loss),
    yaxis2: [-Math.max(20, top) * 0.085, Math.min(104, top * 1.09)],
  };
}

/** @param {Line[]} lines */
export function mostEpochs(lines) {
  return Math.max(1, ...lines.map(({ run }) => epochsOf(run)));
}

/** The range of losses that is drawn: all but the wildest batches. @param {Drawn[]} drawn @param {boolean} log @param {number} chance */
function lossRange(drawn, log, chance) {
  const values = drawn
    .flatMap((each) => [
      ...each.smooth,
      ...each.line.curves.valLoss,
      ...(each.line.selected ? each.line.curves.mean : []),
    ])
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const low = values[Math.floor(values.length * 0.002)] ?? 1;
  const high = values[Math.floor(values.length * 0.998)] ?? chance;
  if (log) return [Math.log10(Math.max(0.005, low * 0.8)), Math.log10(Math.max(chance * 1.15, high * 1.05))];
  return [Math.max(0, Math.floor(low / 0.5) * 0.5 - 0.02), Math.max(chance * 1.095, Math.min(high, 3 * chance) * 1.03)];
}

/** @param {Drawn[]} drawn @param {number} least 0 to 1 @returns {number} the best validation accuracy, in per cent */
export function topAccuracy(drawn, least) {
  return Math.max(
    100 * least,
    ...drawn
      .flatMap((each) => Array.from(each.line.curves.valAccuracy, (value) => value * 100))
      .filter(Number.isFinite),
  );
}
