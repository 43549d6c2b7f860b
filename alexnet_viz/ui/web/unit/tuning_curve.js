/** How a channel answers to a changing photo: a curve with a point that is dragged, and the photo as it then is. */
import { brokenLine } from "../lib/broken_line.js";
import { fill, h, setText } from "../lib/dom.js";
import { computed, marked } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { whenChanged } from "../lib/when_changed.js";
import { columnWidth } from "./columns.js";
import { WAYS } from "./state.js";
import { curveOf, nearest, pointOf } from "./tuning_points.js";

/** @typedef {import("./tuning_points.js").Tuning} Tuning */
/** @typedef {{found: Tuning | null, by: string, amount: string, isAsking: boolean, isCancelled: boolean, pictureOf: (amount: number) => string, hasMap: boolean}} View */

const TITLES = /** @type {Record<string, string>} */ ({
  rotation: gettext("the photo’s rotation"),
  scale: gettext("its scale"),
  hue: gettext("its hue"),
  contrast: gettext("its contrast"),
  blur: gettext("its blur"),
  orientation: gettext("a grating’s orientation"),
  frequency: gettext("a grating’s frequency"),
});
const SIGNS = /** @type {Record<string, string>} */ ({
  degrees: "°",
  times: " ×",
  pixels: " px",
  "waves in 100 pixels": "",
});
const [HEIGHT, TOP, BOTTOM] = [100, 20, 82]; // of the chart, and where the curve's highest and lowest points are
const BESIDE = 114; // the changed photo, and the gaps

/** An amount as it was chosen: no figures that say nothing. @param {number} amount */
const written = (amount) => marked(String(Math.round(amount * 100) / 100)).replace("-", "\u2212");

/** @param {{set: (changes: {by?: string, amount?: string}) => void, onCancel: () => void, onAgain: () => void}} actions */
export function createTuningCurve(actions) {
  const pick = createPick(gettext("by"), (by) => actions.set({ by, amount: "" }));
  const image = h("img", { class: "unit-changed", alt: "", width: 96, height: 96, hidden: true });
  const chart = h("div", {
    class: "unit-curve",
    role: "slider",
    tabindex: "0",
    "aria-label": gettext("Response"),
    "aria-valuemin": "0",
    "aria-valuemax": "0",
    "aria-valuenow": "0",
    "aria-valuetext": gettext("not computed yet"),
    onpointerdown: drag,
    onpointermove: drag,
    onkeydown: walk,
  });
  const words = h("p", { class: "note" });
  const state = h("p", { class: "note", role: "status" });
  const body = h("div", { class: "unit-tuning-body" }, image, h("div", {}, chart, words));
  const element = h("div", { class: "unit-tuning" }, pick.element, state, body);
  /** @type {View | null} */
  let view = null;

  /** @param {number} at place on the curve */
  function move(at) {
    const found = view?.found;
    if (found) actions.set({ amount: found.x[at] === found.at ? "" : String(found.x[at]) });
  }

  /** @param {PointerEvent} event */
  function drag(event) {
    if (!view?.found || (event.type === "pointermove" && !event.buttons)) return;
    if (event.type === "pointerdown") chart.setPointerCapture(event.pointerId);
    const box = chart.getBoundingClientRect();
    move(nearest(view.found, (event.clientX - box.left) / box.width));
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!step || !view?.found) return;
    event.preventDefault();
    event.stopPropagation();
    const last = view.found.x.length - 1;
    move(Math.max(0, Math.min(last, pointOf(view.found, view.amount) + step)));
  }

  /** @param {Tuning} found @param {number} at */
  function paint(found, at) {
    const { points, zero } = curveOf(found);
    const wide = columnWidth(chart, "--unit-third") - BESIDE;
    const level = (/** @type {number} */ y) => TOP + y * (BOTTOM - TOP);
    const spots = points.map((point) => ({
      x: 8 + point.x * (wide - 16),
      y: point.y === null ? null : level(point.y),
    }));
    const { x, y } = spots[at];
    const sign = SIGNS[found.unit] ?? "";
    const text = (
      /** @type {number} */ left,
      /** @type {number} */ top,
      /** @type {string} */ anchor,
      /** @type {string} */ words,
    ) => `<text x="${left}" y="${top}" text-anchor="${anchor}">${words}</text>`;
    const finite = found.response.filter((value) => value !== null);
    const ends = [
      text(0, 11, "start", finite.length ? computed(Math.max(0, ...finite)) : ""),
      text(0, HEIGHT - 2, "start", written(found.x[0]) + sign),
      text(wide, HEIGHT - 2, "end", written(found.x[found.x.length - 1]) + sign),
    ];
    chart.innerHTML = `<svg width="${wide}" height="${HEIGHT}" aria-hidden="true"><line class="zero" x1="0" x2="${wide}" y1="${level(zero)}" y2="${level(zero)}"/>${ends.join("")}${brokenLine(spots)}<line class="at" x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${BOTTOM}"/>${y === null ? "" : `<circle cx="${x}" cy="${y}" r="5"/>`}</svg>`;
  }

  /** @param {View} v */
  function draw(v) {
    pick.update(
      WAYS.map((way) => ({ value: way, title: TITLES[way] })),
      v.by,
    );
    const link = (/** @type {string} */ text, /** @type {() => void} */ onclick) =>
      h("button", { class: "link", type: "button", onclick }, text);
    if (v.isAsking) fill(state, gettext("Computing, a few seconds."), " ", link(gettext("Cancel"), actions.onCancel));
    else if (v.isCancelled) fill(state, gettext("Cancelled."), " ", link(gettext("Go on"), actions.onAgain));
    else fill(state);
    body.classList.toggle("stale", !v.found);
    if (!v.found) return;
    const at = pointOf(v.found, v.amount);
    const [amount, response] = [v.found.x[at], v.found.response[at]];
    const amountWords = `${written(amount)}${SIGNS[v.found.unit] ?? ""}`;
    const answer = {
      amount: amountWords,
      response: [computed(response), v.found.unit.startsWith("waves") && gettext("waves in 100 pixels")]
        .filter(Boolean)
        .join(", "),
    };
    paint(v.found, at);
    setText(
      words,
      v.hasMap
        ? gettext("{amount}: {response}. Its largest value on the map.", answer)
        : gettext("{amount}: {response}. Its value.", answer),
    );
    const range = {
      label: gettext("Response against {what}", { what: TITLES[v.by] }),
      valuemin: v.found.x[0],
      valuemax: v.found.x[v.found.x.length - 1],
      valuenow: amount,
      valuetext: `${amountWords}: ${computed(response)}`,
    };
    for (const [name, value] of Object.entries(range)) chart.setAttribute(`aria-${name}`, String(value));
    image.hidden = false;
    image.src = v.pictureOf(amount);
    image.alt =
      v.found.at === null
        ? gettext("Grating, {amount}", { amount: amountWords })
        : gettext("The photo, {amount}", { amount: amountWords });
  }

  const drawChanged = whenChanged(
    (/** @type {View} */ v) => [v.found, v.by, v.amount, v.isAsking, v.isCancelled, v.pictureOf(0)],
    draw,
  );
  return {
    element,
    /** @param {View} given */
    update(given) {
      view = given;
      drawChanged(given);
    },
  };
}
