/** The words on the chart: names at the lines' ends, chance, events, and the marker with its two values. */
import { fill, h } from "../lib/dom.js";
import { marked, percent } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { freePlace } from "./free_place.js";
import { nameWidth } from "./loss_chart_margins.js";
import { marker } from "./loss_chart_marker.js";
import { names } from "./loss_chart_names.js";
import { LINE, isInside, place } from "./loss_chart_places.js";
import { validationWord } from "./loss_chart_validation_word.js";
import { chanceOn, sizeWords, stepsPerEpoch, validationSizes } from "./run_curves.js";

/** @typedef {import("./loss_chart_places.js").Geometry} Geometry */

/** How far the word at the line of chance gives way to names: towards the worse first, where runs that have learnt anything do not end. */
const WAYS = Array.from({ length: 5 * LINE }, (_, pixels) => pixels);
const TO_WORSE = {
  loss: [...WAYS.map((pixels) => -pixels), ...WAYS],
  accuracy: [...WAYS, ...WAYS.map((pixels) => -pixels)],
};
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

/** Earlier versions told the losses of training with their labels smoothed; these runs do not say what chance is. @param {Geometry} g */
function lossNote(g) {
  const run = g.drawn.find((each) => each.line.selected)?.line.run;
  const smoothing = run?.chance ? 0 : (run?.recipe.label_smoothing ?? 0);
  return smoothing > 0
    ? ` ${gettext("of training with label smoothing {value}, of validation without", { value: marked(String(smoothing)) })}`
    : "";
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
