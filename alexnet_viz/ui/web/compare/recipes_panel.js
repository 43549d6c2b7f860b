/** "Recipes": in what the recipes of up to six checkpoints differ, and the curves of their trainings over each other. */
import { getJson } from "../server/api.js";
import { recipeRows } from "./tables.js";
import { fill, h, setText } from "../lib/dom.js";
import { gettext, ngettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { createChart } from "../charts/loss_chart.js";
import { settingTitle, settingValue } from "../charts/recipe_words.js";
import { assign, lookOf } from "../charts/run_colours.js";
import { readCurves } from "../charts/run_curves.js";

/** @typedef {import("../charts/run_curves.js").Curves} Curves */
/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {{titles: string[], settings: {name: string, values: unknown[], differs: boolean}[]}} Table */
/** @typedef {{a: string, b: string, more: string, checkpoints: CheckpointEntry[], theme: "light" | "dark"}} RecipesView */

const MOST = 6;
const LETTERS = ["A", "B"];

/** The training that a checkpoint comes from: several epochs of it share a curve. @param {string} name @returns {string} */
export function trainingOf(name) {
  return name.includes(":") ? name.slice(0, name.lastIndexOf(":")) : name.replace(/-epoch-\d+$/, "");
}

/** @param {RecipesView} v @returns {string[]} A, B and up to four more */
export function chosen({ a, b, more }) {
  return [...new Set([a, b, ...more.split(",").filter(Boolean)])].slice(0, MOST);
}

/** @param {unknown} value @returns {string} */
function said(value) {
  if (value === null || value === undefined) return "–";
  if (value === "") return gettext("none");
  return Array.isArray(value) ? value.map(said).join(", ") : settingValue(value);
}

/** @param {number} different @param {number} same how many settings */
function differenceWords(different, same) {
  const first = ngettext("{n} setting differs", "{n} settings differ", different, { n: different });
  return `${first}, ${ngettext("{n} is the same.", "{n} are the same.", same, { n: same })}`;
}

/** @param {{set: (changes: {more: string}) => void}} actions */
export function createRecipesPanel(actions) {
  const picks = h("div", { class: "recipe-picks" });
  const addPick = createPick(
    gettext("add"),
    (name) => view && name && actions.set({ more: [...chosen(view).slice(distinct(view)), name].join(",") }),
  );
  const sentence = h("p", { class: "sentence test-sentence" });
  const table = h("div", {
    class: "compare-table-scroll",
    tabindex: "0",
    role: "group",
    "aria-label": gettext("Settings of the recipes"),
  });
  const missing = h("p", { class: "note" });
  const element = h(
    "section",
    { class: "compare-recipes", "aria-label": gettext("Recipes"), tabindex: "0", hidden: true },
    picks,
    sentence,
    h(
      "div",
      { class: "recipe-columns" },
      table,
      h("div", { class: "recipe-curves" }, h("h3", {}, gettext("Loss and validation accuracy")), missing),
    ),
  );
  /** @type {RecipesView | null} */
  let view = null;
  /** @type {ReturnType<typeof createChart> | null} made when it is first needed: the chart library is large */
  let chart = null;
  /** @type {Map<string, Curves | string>} by training; a text where there is none */
  const curves = new Map();
  /** @type {Table | null} */
  let recipes = null;
  let loaded = "";

  /** How many of the chosen are A and B: one where both are the same. @param {RecipesView} v */
  function distinct({ a, b }) {
    return a === b ? 1 : 2;
  }

  /** @param {RecipesView} v */
  async function load(v) {
    const names = chosen(v);
    const key = names.join();
    if (key === loaded) return drawChart(v);
    loaded = key;
    try {
      const found = await getJson("comparison/recipes", { checkpoints: names.join("\n") });
      if (key !== loaded) return;
      recipes = found;
      drawTable(v, found);
      await Promise.all(names.map(loadCurve));
      if (key === loaded && view) drawChart(view);
    } catch (error) {
      loaded = "";
      setText(sentence, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} name */
  async function loadCurve(name) {
    const training = trainingOf(name);
    if (curves.has(training)) return;
    try {
      curves.set(training, readCurves(await getJson("comparison/curves", { checkpoint: name })));
    } catch (error) {
      curves.set(training, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {RecipesView} v @param {Table} found */
  function drawTable(v, found) {
    const different = found.settings.filter(({ differs }) => differs).length;
    const same = found.settings.length - different;
    const known = found.settings.some(({ name }) => name === "epochs");
    setText(
      sentence,
      different
        ? differenceWords(different, same)
        : known
          ? gettext("These recipes are the same.")
          : gettext("How they were trained is not known; what is known is the same."),
    );
    const names = chosen(v);
    const head = names.map((name, i) =>
      h("th", { scope: "col" }, i < distinct(v) ? `${LETTERS[i]}  ` : "", found.titles[i]),
    );
    fill(
      table,
      h(
        "table",
        { class: "recipe-table" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, gettext("setting")), head)),
        h(
          "tbody",
          {},
          found.settings.map((row) =>
            h(
              "tr",
              {},
              h("td", {}, settingTitle(row.name)),
              row.values.map((value) => h("td", { class: row.differs ? "differs" : "" }, said(value))),
            ),
          ),
        ),
      ),
    );
  }

  /** @param {RecipesView} v */
  function drawChart(v) {
    const trainings = [...new Set(chosen(v).map(trainingOf))];
    const known = trainings.flatMap((id) => {
      const own = curves.get(id);
      return own && typeof own !== "string" ? [{ id, own }] : [];
    });
    setText(
      missing,
      trainings
        .map((id) => curves.get(id))
        .filter((each) => typeof each === "string")
        .map((each) => `${each}. `)
        .join(""),
    );
    if (!known.length) return;
    if (!chart) {
      chart = createChart({
        onEpoch: () => undefined,
        onMove: () => undefined,
        onHighlight: () => undefined,
        onFail: (error) => setText(missing, error.message),
      });
      missing.before(chart.element);
    }
    assign(
      known.map(({ id }) => id),
      known.map(({ id }) => id),
    );
    chart.update({
      lines: known.map(({ id, own }, i) => ({
        run: runOf(id, own, v),
        curves: own,
        ...lookOf(id, v.theme),
        selected: i === 0,
      })),
      smoothing: 0.9,
      log: false,
      epoch: null,
      lifted: null,
      theme: v.theme,
      numbered: true,
    });
  }

  /** What the chart needs to know of a training. @param {string} id @param {Curves} own @param {RecipesView} v @returns {Run} */
  function runOf(id, own, v) {
    const at = chosen(v).findIndex((name) => trainingOf(name) === id);
    const epochs =
      Number(recipes?.settings.find(({ name }) => name === "epochs")?.values[at]) || Math.max(1, ...own.epoch);
    const steps = /** @type {any} */ (own.events.find(({ event }) => event === "started"))?.steps ?? null;
    const entry = v.checkpoints.find(({ name }) => trainingOf(name) === id);
    const name = entry ? entry.title.split(" · ")[0].replace(/-epoch-\d+$/, "") : id;
    return /** @type {Run} */ (/** @type {unknown} */ ({ id, name, recipe: { epochs }, steps, epoch: epochs }));
  }

  /** @param {RecipesView} v */
  function drawPicks(v) {
    const names = chosen(v);
    const extra = names.slice(distinct(v));
    const title = (/** @type {string} */ name) => v.checkpoints.find((entry) => entry.name === name)?.title ?? name;
    addPick.update(
      [
        { value: "", title: names.length < MOST ? gettext("a checkpoint") : gettext("six are the most") },
        ...v.checkpoints
          .filter(({ name }) => !names.includes(name))
          .map((entry) => ({ value: entry.name, title: entry.title })),
      ],
      "",
    );
    addPick.select.disabled = names.length >= MOST;
    fill(
      picks,
      h("span", {}, gettext("A and B, and beside them")),
      extra.map((name) =>
        h(
          "button",
          {
            class: "button quiet",
            type: "button",
            title: gettext("Leave it out"),
            onclick: () => actions.set({ more: extra.filter((each) => each !== name).join(",") }),
          },
          `${title(name)} ×`,
        ),
      ),
      addPick.element,
    );
  }

  return {
    element,
    /** @returns {import("../lib/csv.js").Cell[][] | null} */
    table: () => (recipes && view ? recipeRows(recipes, distinct(view)) : null),
    /** @param {RecipesView} next */
    update(next) {
      view = next;
      drawPicks(next);
      void load(next);
    },
    destroy: () => chart?.destroy(),
  };
}
