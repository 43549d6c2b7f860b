/** What a unit is wired to: the kernels into it, strongest first, and what it feeds most on this photo. */
import { makeBounds, makeTable, mapCanvas } from "../lib/colour.js";
import { fill, h, sizeCanvas } from "../lib/dom.js";
import { count, number, shape, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { whenChanged } from "../lib/when_changed.js";
import { filterCanvas, largestWeight } from "../maps/filter_canvas.js";
import { strongest } from "../maps/ranking.js";
import { tokens } from "../shell/theme.js";
import { columnWidth } from "./columns.js";
import { feedsSentence } from "./nouns.js";
import { isLong, termWords } from "./running_sum.js";

/** @typedef {{channel: number, row: number | null, column: number | null, sum: number | null}} Fed */
/** @typedef {{source: string, first: number, target: string, targets: number, terms: Fed[], kernels: Float32Array, shape: number[]}} Wiring shape: of the kernels */
/** @typedef {{wiring: Wiring | null, filters: import("../server/api.js").Filters | null, channel: number, theme: "light" | "dark", noun: import("./nouns.js").Noun}} View */

const STRONGEST = 6;
const GAP = 4; // between kernels, with a hairline around each

/** The channels by the size of their kernels, the largest first. @param {Wiring} wiring @returns {number[]} places among the kernels */
export function bySize({ kernels, shape: [channels] }) {
  const size = kernels.length / channels;
  const norms = Array.from({ length: channels }, (_, c) =>
    kernels.subarray(c * size, (c + 1) * size).reduce((sum, value) => sum + value * value, 0),
  );
  return strongest(norms, channels);
}

/** @param {{onUnit: (stage: string, channel: number, place: string) => void}} actions */
export function createWiringPanel({ onUnit }) {
  const kernels = h("div", {});
  const fed = h("div", {});

  /** @param {string} stage @param {number} channel @param {string} place @param {string} text */
  function leading(stage, channel, place, text) {
    return h(
      "button",
      {
        class: "link",
        type: "button",
        "aria-label": gettext("{unit}: open its page", { unit: `${stageTitle(stage)}, ${channel}` }),
        onclick: () => onUnit(stage, channel, place),
      },
      text,
    );
  }

  /** @param {View} view @param {Wiring} wiring */
  function wall({ theme }, wiring) {
    const [channels, height, width] = wiring.shape;
    const largest = largestWeight(wiring.kernels);
    const table = makeTable(tokens.ramp.weight[theme], 1, true);
    const order = bySize(wiring);
    const wide = columnWidth(kernels, "--unit-third");
    const { zoom, pitch, line, columns, rows } = kernelGrid(wide, wiring.shape);
    const values = { channels: count(channels), size: shape([height, width]) };
    const canvas = h("canvas", {
      role: "img",
      "aria-label": gettext(
        "{channels} kernels of {size}, the largest first, zero in the page's colour, from {low} to {high}",
        { ...values, low: number(-largest), high: number(largest) },
      ),
    });
    const { context, ratio } = sizeCanvas(canvas, columns * pitch, rows * line);
    context.fillStyle = getComputedStyle(kernels).getPropertyValue("--line");
    order.slice(0, rows * columns).forEach((c, i) => {
      const map = mapCanvas(
        wiring.kernels,
        { offset: c * height * width, height, width },
        makeBounds(true, -largest, largest, largest),
        table,
      );
      const [left, top, across, down] = [
        (i % columns) * pitch + 1,
        Math.floor(i / columns) * line + 1,
        width * zoom,
        height * zoom,
      ].map((each) => each * ratio);
      context.fillRect(left - ratio, top - ratio, across + 2 * ratio, down + 2 * ratio);
      context.drawImage(map, left, top, across, down);
    });
    canvas.onclick = (event) => {
      const i = Math.floor(event.offsetY / line) * columns + Math.floor(event.offsetX / pitch);
      if (order[i] !== undefined) onUnit(wiring.source, wiring.first + order[i], "");
    };
    const shown = Math.min(channels, rows * columns);
    const links = order
      .slice(0, STRONGEST)
      .map((c, i, all) => [
        h(
          "span",
          { class: "unit-list" },
          leading(wiring.source, wiring.first + c, "", String(wiring.first + c)),
          i < all.length - 1 ? "," : "",
        ),
        " ",
      ])
      .flat();
    const sentence = gettext("{shown} of {channels} kernels of {size}, the largest first: {stage},", {
      ...values,
      shown: count(shown),
      stage: stageTitle(wiring.source),
    });
    return [h("p", { class: "note" }, sentence, " ", links), canvas];
  }

  /** @param {View} view @param {Wiring} wiring */
  function feeding({ noun }, wiring) {
    if (!wiring.target) return [h("p", { class: "note" }, gettext("Nothing: the classes are the last stage."))];
    const shown = wiring.terms.slice(0, 8);
    const largest = Math.max(...shown.map(({ sum }) => Math.abs(sum ?? 0)), 1e-30);
    const words = termWords(shown.map(({ sum }) => sum));
    const lines = shown.map(({ channel, row, column, sum }, i) =>
      h(
        "div",
        { class: isLong(words) ? "unit-fed long" : "unit-fed" },
        leading(wiring.target, channel, row === null ? "" : `${row},${column}`, String(channel)),
        h(
          "span",
          { class: "unit-fed-bar" },
          sum !== null &&
            h("i", {
              class: sum < 0 ? "against" : "for",
              style: `width:${(Math.abs(sum) / largest) * 50}%;${sum < 0 ? "right" : "left"}:50%`,
            }),
        ),
        h("span", { class: "right" }, words[i]),
      ),
    );
    const sentence = feedsSentence(noun, wiring.terms[0]?.row !== null, {
      stage: stageTitle(wiring.target),
      shown: Math.min(8, wiring.targets),
      all: count(wiring.targets),
    });
    return [h("p", { class: "note" }, sentence), lines].flat();
  }

  const draw = whenChanged(
    (/** @type {View} */ view) => [view.wiring, view.filters, view.channel, view.theme],
    (view) => {
      if (!view.wiring) return;
      fill(kernels, view.wiring.source === "input" ? firstFilters(view) : wall(view, view.wiring));
      fill(fed, feeding(view, view.wiring));
    },
  );
  return { kernels, fed, update: draw };
}

/** The first layer looks at colours, or at grey. @param {View} view */
function firstFilters({ filters: found, channel }) {
  if (!found) return [];
  const size = found.values.length / found.shape[0];
  const picture = (/** @type {Float32Array} */ values, /** @type {string} */ words) => {
    const own = values.subarray(channel * size, (channel + 1) * size);
    const canvas = filterCanvas(own, largestWeight(own));
    canvas.className = "unit-filter";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", gettext("Filter {channel}, {kind}", { channel, kind: words }));
    return h("figure", {}, canvas, h("figcaption", { class: "note" }, words));
  };
  const both = [
    picture(found.values, gettext("as stored")),
    ...(found.excited ? [picture(found.excited, gettext("as far as pictures can excite it"))] : []),
  ];
  return [
    h(
      "p",
      { class: "note" },
      gettext("{size}, zero is mid grey, each to its own maximum", { size: shape(found.shape.slice(1)) }),
    ),
    h("div", { class: "unit-filters" }, both),
  ];
}

/**
 * How kernels lie beside each other: as large as leaves room for all of them, and no more rows than 200 pixels hold.
 * @param {number} wide CSS pixels @param {number[]} shape of the kernels: channels, rows, columns
 * @returns {{zoom: number, pitch: number, line: number, columns: number, rows: number}} `zoom`: CSS pixels of a weight's side;
 *   `pitch` and `line`: from one kernel to the next, across and down
 */
export function kernelGrid(wide, [channels, height, width]) {
  const zoom = Math.max(2, Math.min(5, Math.floor(Math.sqrt((wide * 130) / (channels * width * height)))));
  const [pitch, line] = [width * zoom + GAP, height * zoom + GAP];
  const columns = Math.max(1, Math.floor(wide / pitch));
  const rows = Math.min(Math.ceil(channels / columns), Math.max(1, Math.floor(200 / line)));
  return { zoom, pitch, line, columns, rows };
}
