/** How a number is made: the terms as a running sum, then what follows in the block. */
import { fill, h } from "../lib/dom.js";
import { computed, count, number, percent, shape, stageTitle, topPercents } from "../lib/format.js";
import { gettext, gettextNodes, ngettext } from "../lib/language.js";
import { filterCanvas, largestWeight } from "../maps/filter_canvas.js";
import { tokens } from "../shell/theme.js";
import { largestOf, mapTile } from "./map_tile.js";
import { createProducts } from "./products.js";
import { isLong, runningSum, termWords, valueWords } from "./running_sum.js";
import { ALL_TERMS, FEW_TERMS } from "./state.js";

/** @typedef {import("./map_tile.js").Theme} Theme */
/** @typedef {any} Step a record of `alexnet_viz number` */
/** @typedef {{at: number, steps: Step[], softmax: any}} Made */
/** @typedef {{made: Made, terms: string, input: string, theme: Theme, filters: import("../server/api.js").Filters | null, classes: string[], stages: {name: string, shape: number[]}[]}} View */

const KINDS = /** @type {Record<string, string>} */ ({
  convolution: gettext("convolution"),
  relu: "ReLU",
  tanh: "tanh",
  norm: "LRN",
  pool: gettext("pooling"),
  "fully connected": gettext("sum"),
});

const FACTORS = 17; // letters of a value and its weight for which there is room

/** @param {{onInput: (channel: string) => void, onTerms: (terms: string) => void, onUnit: (stage: string, channel: number, place: string) => void}} actions */
export function createNumberPanel(actions) {
  const element = h("section", { class: "unit-number", "aria-label": gettext("How the number is made") });
  let isOpening = false;

  /** @param {View} view */
  function update(view) {
    const { made, theme, input } = view;
    const main = made.steps.find((step) => step.terms) ?? made.steps[0];
    const shown = made.steps[made.at];
    element.style.setProperty("--for", tokens.ramp.signed[theme][13]);
    element.style.setProperty("--against", tokens.ramp.signed[theme][3]);
    const opened =
      main.kind === "convolution"
        ? main.terms?.find((/** @type {any} */ term) => String(term.channel) === input)
        : null;
    const products = opened
      ? createProducts(
          opened,
          main.from,
          () => actions.onInput(""),
          () => actions.onUnit(main.from, opened.channel, ""),
        )
      : null;
    fill(
      element,
      h("h3", {}, gettext("How {value} is made", { value: valueWords(made.steps.map((step) => step.value))[made.at] })),
      h("p", { class: "sentence" }, sentence(main, shown, filtersOf(main, view))),
      main.terms ? terms(main, view) : null,
      products?.element,
      h("p", { class: "unit-chain" }, chainOf(made)),
      after(made),
      made.softmax ? softmax(made.softmax, view.classes) : null,
    );
    if (products && isOpening) products.focus();
    isOpening = false;
  }

  /** @param {Step} main @param {View} view */
  function terms(main, view) {
    const isConvolution = main.kind === "convolution";
    const filters = filtersOf(main, view);
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
      isConvolution &&
      main.terms.some((/** @type {any} */ t) => t.input.flat().some((/** @type {number} */ v) => v < 0))
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
              onclick: () => open(String(term.channel), view.input),
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
            feeder(main.from, term.unit, view),
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
    const toggle = isConvolution ? allOrFew(main, view) : null;
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

  /** @param {Step} main @param {View} view */
  function allOrFew(main, view) {
    const isAll = view.terms === ALL_TERMS;
    if (!main.others.count && !isAll) return null;
    return h(
      "button",
      { class: "link", type: "button", onclick: () => actions.onTerms(isAll ? FEW_TERMS : ALL_TERMS) },
      isAll ? gettext("The largest only") : gettext("All terms"),
    );
  }

  /** The unit behind one input of a fully connected stage: of maps, its channel and place. @param {string} from @param {number} unit @param {View} view */
  function feeder(from, unit, { stages }) {
    const [, height = 1, width = 1] = stages.find(({ name }) => name === from)?.shape ?? [];
    const [channel, at] = [Math.floor(unit / (height * width)), unit % (height * width)];
    const place = height > 1 ? `${Math.floor(at / width)},${at % width}` : "";
    const name = `${stageTitle(from)}, ${channel}`;
    const title = place
      ? gettext("{unit}, row and column {place}: open its page", { unit: name, place })
      : gettext("{unit}: open its page", { unit: name });
    return h(
      "button",
      { class: "link", type: "button", title, onclick: () => actions.onUnit(from, channel, place) },
      unit,
    );
  }

  /** @param {string} channel @param {string} opened */
  function open(channel, opened) {
    isOpening = channel !== opened;
    actions.onInput(channel === opened ? "" : channel);
  }

  return {
    element,
    update,
    /** @param {View} view the largest term's products open */
    openLargest(view) {
      const main = view.made.steps.find((step) => step.kind === "convolution");
      if (main) open(String(main.terms[0].channel), view.input);
    },
  };
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

/** The first layer's filters, where they make the inputs of these terms. @param {Step} main @param {View} view */
function filtersOf(main, { filters }) {
  return main.kind === "convolution" && /^block1\./.test(main.from) && filters?.shape[1] === 3 ? filters : null;
}

/** @param {import("../server/api.js").Filters} filters @param {number} channel */
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

/** @param {Step} main @param {Step} shown @param {import("../server/api.js").Filters | null} filters */
function sentence(main, shown, filters) {
  const place =
    shown.row === null
      ? gettext("On this photo")
      : gettext("Row {row}, column {column} on this photo", { row: shown.row, column: shown.column });
  if (!main.terms) return `${place}.`;
  const inputs = count(main.terms.length + main.others.count);
  const side = main.terms[0].kernel?.length;
  if (!side) return gettext("{place}: {inputs} inputs, each times its own weight.", { place, inputs });
  const beside = filters?.excited
    ? gettext("Beside each its filter, as pictures excite it.")
    : gettext("Beside each its filter.");
  const told = gettext("{place}: {inputs} input channels, each through its own {size} kernel.", {
    place,
    inputs,
    size: shape([side, side]),
  });
  return filters ? `${told} ${beside}` : told;
}

/** @param {Made} made @returns {(string | HTMLElement)[]} "convolution 6.03 → ReLU 6.03" */
export function chainOf(made) {
  const values = valueWords(made.steps.map((step) => step.value));
  return made.steps.flatMap((step, i) => [
    i ? " → " : "",
    h("span", { class: i === made.at ? "marked" : "" }, `${KINDS[step.kind]} `, h("b", {}, values[i])),
  ]);
}

/** LRN and pooling of the same block. @param {Made} made */
function after({ steps }) {
  const norm = steps.find((step) => step.kind === "norm");
  const pool = steps.find((step) => step.kind === "pool");
  const cell = (/** @type {number} */ channel, /** @type {string} */ value, /** @type {boolean} */ on) =>
    h("div", { class: on ? "on" : "" }, h("span", {}, channel), h("b", {}, value));
  const neighbours = valueWords(norm?.neighbours.map((/** @type {any} */ each) => each.value) ?? []);
  const [before, divided] = valueWords([norm?.before, norm?.value]);
  const pooled = valueWords(pool?.window.flat() ?? []);
  return h(
    "div",
    { class: "unit-after" },
    norm &&
      h(
        "section",
        {},
        h(
          "h3",
          {},
          gettextNodes("Then LRN {where}", { where: h("span", { class: "quiet" }, gettext("over the neighbours")) }),
        ),
        h(
          "div",
          { class: "unit-neighbours" },
          norm.neighbours.map((/** @type {any} */ each, /** @type {number} */ i) =>
            cell(each.channel, neighbours[i], each.channel === norm.channel),
          ),
        ),
        h("p", { class: "note" }, `${before} ÷ ${number(norm.denominator ?? NaN, 4)} = ${divided}`),
      ),
    pool &&
      h(
        "section",
        {},
        h(
          "h3",
          {},
          gettextNodes("Then pooling {size}", {
            size: h("span", { class: "quiet" }, shape([pool.window.length, pool.window.length])),
          }),
        ),
        h(
          "table",
          { class: "unit-window" },
          h(
            "tbody",
            {},
            pool.window.map((/** @type {number[]} */ row, /** @type {number} */ y) =>
              h(
                "tr",
                {},
                row.map((_, x) =>
                  h(
                    "td",
                    { class: pool.winner[0] === pool.top + y && pool.winner[1] === pool.left + x ? "on" : "" },
                    pooled[y * row.length + x],
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
  );
}

/** @param {any} made @param {string[]} classes */
function softmax(made, classes) {
  const shown = made.terms.slice(0, Math.min(10, classes.length));
  const [logits, powers] = ["logit", "exponential"].map((key) =>
    valueWords(shown.map((/** @type {any} */ term) => term[key])),
  );
  const shares = topPercents(
    shown.map((/** @type {any} */ term) => (term.exponential ?? NaN) / made.total),
    classes.length,
  );
  const rows = shown.map((/** @type {any} */ term, /** @type {number} */ i) =>
    h(
      "tr",
      {},
      h("td", {}, term.class),
      h("td", { class: "right" }, logits[i]),
      h("td", { class: "right" }, powers[i]),
      h("td", { class: "right" }, shares[i]),
    ),
  );
  return h(
    "section",
    { class: "unit-softmax" },
    h("h3", {}, gettext("Then softmax: {share}", { share: percent(made.probability ?? NaN) })),
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          [
            gettext("class"),
            gettext("logit"),
            gettext("e to its distance from the largest"),
            gettext("share of the sum"),
          ].map((word, i) => h("th", { class: i ? "right" : "" }, word)),
        ),
      ),
      h("tbody", {}, rows),
    ),
  );
}
