/** The terms of a value as a table: each with what it is made of, and the running sum. */
import { h } from "../lib/dom.js";
import { computed, count, stageTitle } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";
import { filterCanvas, largestWeight } from "../maps/filter_canvas.js";
import { largestOf, mapTile } from "./map_tile.js";
import { isLong, runningSum, termWords } from "./running_sum.js";
import { ALL_TERMS, FEW_TERMS } from "./state.js";

/** @typedef {import("./number_panel.js").Step} Step */
/** @typedef {import("./number_panel.js").View} View */
/** @typedef {import("../server/api.js").Filters} Filters */
/** @typedef {{onOpen: (channel: string) => void, onTerms: (terms: string) => void, onUnit: (stage: string, channel: number, place: string) => void}} Actions onOpen: a term's products are to open, or to close */

const FACTORS = 17; // letters of a value and its weight for which there is room

/** The first layer's filters, where they make the inputs of these terms. @param {Step} main @param {Filters | null} filters @returns {Filters | null} */
export function filtersOf(main, filters) {
  return main.kind === "convolution" && /^block1\./.test(main.from) && filters?.shape[1] === 3 ? filters : null;
}

/** @param {Step} main @param {View} view @param {Filters | null} filters those that make the inputs of these terms @param {Actions} actions */
export function termsTable(main, view, filters, actions) {
  const isConvolution = main.kind === "convolution";
  const rows = [
    ...main.terms.map((/** @type {any} */ term) => term.sum),
    ...(main.others.count ? [main.others.sum] : []),
    main.bias,
  ];
  const places = runningSum(rows);
  const words = termWords(rows);
  const factors = factorsOf(main);
  const ends = isConvolution
    ? [
        largestOf(main.terms.map((/** @type {any} */ t) => t.input)),
        largestOf(main.terms.map((/** @type {any} */ t) => t.kernel)),
      ]
    : [0, 0];
  const ramp =
    isConvolution && main.terms.some((/** @type {any} */ t) => t.input.flat().some((/** @type {number} */ v) => v < 0))
      ? "signed"
      : "activation";
  const lines = main.terms.map((/** @type {any} */ term, /** @type {number} */ i) =>
    isConvolution
      ? h(
          "button",
          {
            class: "unit-term",
            type: "button",
            "aria-expanded": String(String(term.channel) === view.input),
            onclick: () => actions.onOpen(String(term.channel)),
          },
          h("span", {}, unseen(`${gettext("channel")} `), term.channel),
          filters && filterTile(filters, term.channel),
          mapTile(term.input, ramp, view.theme, ends[0]),
          h("span", {}, " × "),
          mapTile(term.kernel, "weight", view.theme, ends[1]),
          bar(places[i], term.sum, words[i], true),
          unseen(gettext(": open its products")),
        )
      : h(
          "div",
          { class: "unit-term plain" },
          feeder(main.from, term.unit, view.stages, actions.onUnit),
          h("span", { class: "unit-factors" }, factors[i]),
          bar(places[i], term.sum, words[i], true),
        ),
  );
  const head = headOf(isConvolution, filters !== null);
  const others = ngettext("{count} other", "{count} others", main.others.count, { count: count(main.others.count) });
  const rest = main.others.count
    ? [
        h(
          "div",
          { class: "unit-term rest" },
          h("span", {}, others),
          bar(places[main.terms.length], main.others.sum, words[main.terms.length], true),
        ),
      ]
    : [];
  const toggle = isConvolution ? allOrFew(main, view, actions.onTerms) : null;
  return h(
    "div",
    {
      class: ["unit-terms", filters && "filtered", isLong(words) && "long", isLong(factors, FACTORS) && "wide"]
        .filter(Boolean)
        .join(" "),
    },
    h(
      "div",
      { class: `unit-term head${isConvolution ? "" : " plain"}` },
      head.map((word, i) => h("span", {}, word, i === head.length - 1 ? toggle : null)),
    ),
    lines,
    rest,
    h(
      "div",
      { class: "unit-term rest" },
      h("span", {}, gettext("bias")),
      bar(places[rows.length - 1], main.bias, words[rows.length - 1]),
    ),
  );
}

/** @param {Step} main @param {View} view @param {Actions["onTerms"]} onTerms */
function allOrFew(main, view, onTerms) {
  const isAll = view.terms === ALL_TERMS;
  if (!main.others.count && !isAll) return null;
  return h(
    "button",
    { class: "link", type: "button", onclick: () => onTerms(isAll ? FEW_TERMS : ALL_TERMS) },
    isAll ? gettext("The largest only") : gettext("All terms"),
  );
}

/**
 * What stands at one input of a fully connected stage: of maps, a channel and its place.
 * @param {number} unit @param {number[]} [shape] of the stage in front
 * @returns {{channel: number, place: string}} place: "row,column"; "" where there is only one
 */
export function inputAt(unit, shape) {
  const [, height = 1, width = 1] = shape ?? [];
  const [channel, at] = [Math.floor(unit / (height * width)), unit % (height * width)];
  return { channel, place: height > 1 ? `${Math.floor(at / width)},${at % width}` : "" };
}

/** The unit behind one input of a fully connected stage. @param {string} from @param {number} unit @param {View["stages"]} stages @param {Actions["onUnit"]} onUnit */
function feeder(from, unit, stages, onUnit) {
  const { channel, place } = inputAt(unit, stages.find(({ name }) => name === from)?.shape);
  const name = `${stageTitle(from)}, ${channel}`;
  const title = place
    ? gettext("{unit}, row and column {place}: open its page", { unit: name, place })
    : gettext("{unit}: open its page", { unit: name });
  return h("button", { class: "link", type: "button", title, onclick: () => onUnit(from, channel, place) }, unit);
}

/** Words for who does not see the row. @param {string} text */
const unseen = (text) => h("span", { class: "unseen" }, text);

/** The columns of the terms. @param {boolean} isConvolution @param {boolean} hasFilters */
function headOf(isConvolution, hasFilters) {
  if (!isConvolution) return [gettext("unit"), gettext("value × weight"), gettext("running sum")];
  return [
    gettext("channel"),
    ...(hasFilters ? [gettext("filter")] : []),
    gettext("input"),
    "",
    gettext("kernel"),
    gettext("running sum"),
  ];
}

/** Value and weight of each term of a fully connected stage. @param {Step} main @returns {string[]} */
function factorsOf(main) {
  return main.kind === "convolution"
    ? []
    : main.terms.map((/** @type {any} */ term) => `${computed(term.value)} × ${computed(term.weight)}`);
}

/** @param {Filters} filters @param {number} channel */
function filterTile({ values, excited, shape: [count] }, channel) {
  const size = values.length / count;
  const own = (excited ?? values).subarray(channel * size, (channel + 1) * size);
  const canvas = filterCanvas(own, largestWeight(own));
  canvas.className = "unit-tile filter";
  return canvas;
}

/** @param {{from: number, to: number, zero: number}} place @param {number} sum @param {string} words @param {boolean} [isFollowed] whether the next term goes on from its end */
function bar({ from, to, zero }, sum, words, isFollowed = false) {
  const [low, high] = [Math.min(from, to), Math.max(from, to)].map((share) => share * 100);
  const mark =
    Number.isFinite(sum) &&
    h("i", { class: sum < 0 ? "against" : "for", style: `left:${low}%;width:max(1px,${high - low}%)` });
  return h(
    "span",
    { class: "unit-run" },
    h("i", { class: "zero", style: `left:${zero * 100}%` }),
    mark,
    isFollowed && h("i", { class: "next", style: `left:${to * 100}%` }),
    h("b", { style: `left:${high}%` }, words),
  );
}
