/** The words on the chart: names at the lines' ends, chance, events, and the marker with its two values. */
import { fill, h } from "../lib/dom.js";
import { marked, number, percent } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { freePlace, isFree } from "./free_place.js";
import { nameWidth } from "./loss_chart_margins.js";
import { chanceOn, sizeWords, stepsPerEpoch, validationSizes, valuesAt } from "./run_curves.js";

/** @typedef {import("./loss_chart.js").Drawn} Drawn */
/** @typedef {import("./loss_chart.js").ChartView} ChartView */
/** @typedef {import("./loss_chart.js").Box} Box */
/** @typedef {{view: ChartView, drawn: Drawn[], box: Box, toPixels: (epoch: number) => number, toY: (which: "loss" | "accuracy", value: number) => number, scale: number}} Geometry */
/** @typedef {{text: string, x: number, y: number, kind: string, centred: boolean}} Label x is where it begins, or its middle */

const LINE = 17; // pixels from one label to the next
/** Where the name of a line that ends early may stand: pixels below its end, the best first. */
const SHIFTS = {
  loss: [22, 22 + LINE, 22 + 2 * LINE, 22 + 3 * LINE, -15, -15 - LINE, -15 - 2 * LINE, -15 - 3 * LINE],
  accuracy: [-15, 17, 17 + LINE, 17 + 2 * LINE, -15 - LINE],
};
/** How far the word at the line of chance gives way to names: towards the worse first, where runs that have learnt anything do not end. */
const WAYS = Array.from({ length: 5 * LINE }, (_, pixels) => pixels);
const TO_WORSE = {
  loss: [...WAYS.map((pixels) => -pixels), ...WAYS],
  accuracy: [...WAYS, ...WAYS.map((pixels) => -pixels)],
};
const VALIDATION = `○ ${gettext("validation")}`;
/** What happened to a run. @type {Record<string, string>} */
const EVENTS = { stopped: gettext("stopped"), resumed: gettext("resumed") };

export function createLabels() {
  const element = h("div", { class: "chart-labels", "aria-hidden": "true" });
  return {
    element,
    /** @param {Geometry} g */
    update(g) {
      const { box } = g;
      const above = g.scale > 1 ? 36 : 22; // the line of a heading, and its distance
      const guess = chanceOn(g.drawn);
      const named = names(g);
      const taken = named.map(({ text, x, y, centred }) => ({
        left: centred ? x - nameWidth(text) / 2 : x,
        right: centred ? x + nameWidth(text) / 2 : x + nameWidth(text),
        y,
      }));
      fill(
        element,
        h(
          "h3",
          { style: place(box.left, box.loss[0] - above) },
          gettext("Loss"),
          h("span", { class: "quiet" }, lossNote(g)),
        ),
        h("h3", { style: place(box.left, box.accuracy[0] - above) }, gettext("Validation accuracy")),
        chance(g, "loss", guess.loss, gettext("chance {value}", { value: marked(guess.loss.toFixed(3)) }), taken),
        chance(
          g,
          "accuracy",
          100 * guess.accuracy,
          gettext("chance {value}", { value: percent(guess.accuracy) }),
          taken,
        ),
        eventWords(g),
        validationWord(g),
        sizeLabels(g),
        ...named.map(({ text, x, y, kind, centred }) =>
          h(
            "span",
            {
              class: `label ${kind}${centred ? " centred" : ""}`,
              style: `${place(x, y)};max-width:${Math.floor(centred ? box.width : box.outer - x - 4)}px`,
              title: text,
            },
            text,
          ),
        ),
        ...marker(g),
      );
    },
  };
}

/**
 * What makes the two losses differ besides the pictures. Earlier versions told those of training with their labels smoothed; these
 * runs do not say what chance is.
 * @param {Geometry} g
 */
function lossNote(g) {
  const run = g.drawn.find((each) => each.line.selected)?.line.run;
  if (run?.recipe.mixup) return ` ${gettext("of training on mixed pictures, of validation on unmixed ones")}`;
  const smoothing = run?.chance ? 0 : (run?.recipe.label_smoothing ?? 0);
  return smoothing > 0
    ? ` ${gettext("of training with label smoothing {value}, of validation without", { value: marked(String(smoothing)) })}`
    : "";
}

/** @param {number} x @param {number} y */
function place(x, y) {
  return `left:${x.toFixed(1)}px;top:${y.toFixed(1)}px`;
}

/** @param {Box} box @param {"loss" | "accuracy"} which @param {number} y */
function isInside(box, which, y) {
  return y >= box[which][0] - 2 && y <= box[which][1] + 2;
}

/** As near to its line as the names leave room. @param {Geometry} g @param {"loss" | "accuracy"} which @param {number} value @param {string} text @param {import("./free_place.js").Span[]} taken */
function chance(g, which, value, text, taken) {
  const [x, y] = [g.box.left + g.box.width + 6, g.toY(which, value)];
  if (!isInside(g.box, which, y)) return null;
  const [from, to] = g.box[which];
  const top = freePlace(
    { left: x, right: x + nameWidth(text) },
    TO_WORSE[which].map((shift) => y + shift),
    { taken, from: from - 14, to: to + 10, line: LINE },
  );
  return top === null ? null : h("span", { class: "label quiet", style: place(x, top) }, text);
}

/** @param {Geometry} g */
function eventWords(g) {
  const own = g.drawn.find((each) => each.line.selected)?.line;
  if (!own) return [];
  const events = own.curves.events.filter(({ event, step }) => event !== "started" && step > 0);
  // A stop and its resume are at one place: one word is enough.
  const last = new Map(events.map((each) => [each.step, each.event]));
  return [...last].map(([step, event]) => {
    const x = g.toPixels(step / stepsPerEpoch(own.run));
    return x < g.box.left || x > g.box.left + g.box.width
      ? null
      : h("span", { class: "label event", style: place(x + 4, g.box.loss[0] + 6) }, EVENTS[event] ?? event);
  });
}

/** @param {Geometry} g */
function validationWord(g) {
  const word = validationPlaceOf(g);
  return (
    word && h("span", { class: "label validation", style: `${place(word.x, word.y)};color:${word.colour}` }, VALIDATION)
  );
}

/** @param {Geometry} g @returns {{x: number, y: number, colour: string} | null} */
function validationPlaceOf(g) {
  const own = g.drawn.find((each) => each.line.selected)?.line;
  if (!own || own.curves.epoch.length < 2) return null;
  const at = validationPlace(g, own.curves);
  const y = g.toY("loss", own.curves.valLoss[at]);
  return isInside(g.box, "loss", y) ? { x: g.toPixels(own.curves.epoch[at]) + 5, y: y - 16, colour: own.colour } : null;
}

/** Where a run was validated at several image sizes, each stretch of the accuracy says its own. @param {Geometry} g */
function sizeLabels(g) {
  const own = g.drawn.find((each) => each.line.selected)?.line;
  const stretches = own ? validationSizes(own.curves) : [];
  if (!own || stretches.length < 2) return [];
  return stretches.map(({ from, to }) => {
    const at = Math.floor((from + to) / 2);
    const [x, y] = [g.toPixels(own.curves.epoch[at]), g.toY("accuracy", own.curves.valAccuracy[at] * 100) + 15];
    const isMarked = own.curves.epoch[at] === g.view.epoch; // the marker says it there
    return isMarked || !isInside(g.box, "accuracy", y)
      ? null
      : h(
          "span",
          { class: "label centred quiet", style: place(x, y) },
          sizeWords(own.curves, own.curves.epoch[at]).trim(),
        );
  });
}

/** The third point, or the next one before the last whose word is not where the marker's value stands. @param {Geometry} g @param {import("./run_curves.js").Curves} curves @returns {number} */
function validationPlace(g, curves) {
  const marked = g.view.epoch === null ? NaN : g.toPixels(g.view.epoch);
  const isFree = (/** @type {number} */ epoch) => !(marked > g.toPixels(epoch) - 50 && marked < g.toPixels(epoch) + 90);
  const places = Array.from(curves.epoch.subarray(0, -1), (epoch, i) => ({ epoch, i }));
  const found = [...places.slice(2), ...places.slice(0, 2).reverse()].find(({ epoch }) => isFree(epoch));
  return found?.i ?? Math.min(2, places.length - 1);
}

/** @param {Geometry} g @returns {Label[]} */
function names(g) {
  return [...lineNames(g, "loss"), ...lineNames(g, "accuracy")];
}

/**
 * Lines that end at the right get their names there, one below the other; those that end earlier where nothing stands,
 * rather below the lines of losses; where there is no room at all only the list of runs names them.
 * @param {Geometry} g @param {"loss" | "accuracy"} which @returns {Label[]}
 */
function lineNames(g, which) {
  const ends = g.drawn.flatMap((each) => {
    const end = endOf(each, which);
    return end ? [{ each, x: g.toPixels(end.x), y: g.toY(which, end.y) }] : [];
  });
  const own = ends.find(({ each }) => each.line.selected);
  const right = own ? own.x : -Infinity;
  const atEnd = ends.filter(({ x }) => x > right - 40).sort((a, b) => a.y - b.y);
  const earlier = ends.filter(({ x }) => x <= right - 40).sort((a, b) => a.y - b.y);
  const kindOf = (/** @type {Drawn} */ each) =>
    g.view.lifted && g.view.lifted !== each.line.run.id ? "name faded" : "name";
  /** @type {Label[]} */
  const labels = [];
  const taken = wordSpans(g, which);
  for (const { each, x, y } of atEnd) {
    if (!Number.isFinite(y)) continue; // a loss of zero on a logarithmic axis: it stands nowhere
    const span = { left: x + 6, right: x + 6 + nameWidth(each.line.run.name) };
    let top = y;
    while (!isFree({ ...span, y: top }, taken, LINE)) top += 1;
    labels.push({ text: each.line.run.name, x: x + 6, y: top, kind: kindOf(each), centred: false });
    taken.push({ ...span, y: top });
  }
  for (const { each, x, y } of earlier) {
    const half = nameWidth(each.line.run.name) / 2;
    const middle = Math.max(g.box.left + half, Math.min(x + 12, g.box.outer - half - 4));
    const span = { left: middle - half, right: middle + half };
    const crossing = own
      ? [{ ...span, y: g.toY(which, valueOn(own.each, which, each)) }].filter((line) => Number.isFinite(line.y))
      : [];
    const [from, to] = g.box[which];
    const top = freePlace(
      span,
      SHIFTS[which].map((shift) => y + shift),
      { taken: [...taken, ...crossing], from: from + 4, to: to - 4, line: LINE - 3 },
    );
    if (top === null) continue;
    labels.push({ text: each.line.run.name, x: middle, y: top, kind: kindOf(each), centred: true });
    taken.push({ ...span, y: top });
  }
  return labels.filter(
    ({ x, y }) =>
      x < g.box.left + g.box.width + 8 &&
      isInside({ ...g.box, [which]: [g.box[which][0] - 14, g.box[which][1] + 10] }, which, y),
  );
}

/** Where words stand before any name does. @param {Geometry} g @param {"loss" | "accuracy"} which @returns {import("./free_place.js").Span[]} */
function wordSpans(g, which) {
  const word = which === "loss" ? validationPlaceOf(g) : null;
  const values = markerWords(g).filter((value) => value.which === which);
  return [
    ...(word ? [{ left: word.x, right: word.x + nameWidth(VALIDATION), y: word.y }] : []),
    ...values.map(({ text, x, y, isRight }) => ({
      left: isRight ? x : x - nameWidth(text),
      right: isRight ? x + nameWidth(text) : x,
      y,
    })),
  ];
}

/** Where the selected run is at the epoch at which another one ends. @param {Drawn} own @param {"loss" | "accuracy"} which @param {Drawn} other */
function valueOn(own, which, other) {
  const { loss, accuracy } = valuesAt(own, Math.round(endOf(other, which)?.x ?? 0));
  return which === "loss" ? loss : accuracy * 100;
}

/** @param {Drawn} drawn @param {"loss" | "accuracy"} which */
function endOf({ line, x, smooth }, which) {
  const [xs, ys] =
    which === "loss" ? [x, smooth] : [line.curves.epoch, line.curves.valAccuracy.map((value) => value * 100)];
  for (let i = xs.length - 1; i >= 0; i -= 1) if (Number.isFinite(ys[i])) return { x: xs[i], y: ys[i] };
  return null;
}

/** The selected run and the marker's epoch, where that is on the chart. @param {Geometry} g */
function markedPlace(g) {
  const own = g.drawn.find((each) => each.line.selected);
  const { epoch } = g.view;
  if (!own || epoch === null) return null;
  const x = g.toPixels(epoch);
  return x < g.box.left - 1 || x > g.box.left + g.box.width + 1 ? null : { own, epoch, x };
}

/** The two values at the marker, as words beside their dots. @param {Geometry} g @returns {{which: "loss" | "accuracy", text: string, dotY: number, x: number, y: number, isRight: boolean}[]} */
function markerWords(g) {
  const found = markedPlace(g);
  if (!found) return [];
  const { own, epoch, x } = found;
  const values = valuesAt(own, epoch);
  // At the end of the line its name stands at the right.
  const end = endOf(own, "loss");
  const isRight = x < g.box.left + g.box.width - 44 * g.scale && (end === null || Math.abs(g.toPixels(end.x) - x) > 40);
  const word = (
    /** @type {"loss" | "accuracy"} */ which,
    /** @type {number} */ value,
    /** @type {string} */ text,
    /** @type {number} */ shift,
  ) => {
    const dotY = g.toY(which, value);
    return Number.isFinite(dotY) && isInside(g.box, which, dotY)
      ? [{ which, text, dotY, x: x + (isRight ? 9 : -9), y: dotY + shift, isRight }]
      : [];
  };
  return [
    ...word("loss", values.loss, number(values.loss, 3), -13 * g.scale),
    ...word(
      "accuracy",
      values.accuracy * 100,
      `${percent(values.accuracy)}${sizeWords(own.line.curves, epoch)}`,
      13 * g.scale,
    ),
  ];
}

/** One line over everything, a dot on each curve, its value beside it. @param {Geometry} g */
function marker(g) {
  const found = markedPlace(g);
  if (!found) return [];
  const { x } = found;
  const line = h("span", {
    class: "marker-line",
    style: `left:${x.toFixed(1)}px;top:${g.box.top}px;height:${g.box.height}px`,
  });
  return [
    line,
    ...markerWords(g).flatMap((word) => [
      h("span", { class: "marker-dot", style: place(x, word.dotY) }),
      h("span", { class: `label marker${word.isRight ? "" : " left"}`, style: place(word.x, word.y) }, word.text),
    ]),
  ];
}
