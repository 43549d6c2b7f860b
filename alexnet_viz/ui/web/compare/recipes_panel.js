/** "Recipes": in what the recipes of up to six checkpoints differ, and the curves of their trainings over each other. */
import { createRecipeCurves } from "./recipe_curves.js";
import { recipesWords, recipeTable } from "./recipe_table.js";
import { recipeRows } from "./tables.js";
import { getJson } from "../server/api.js";
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";

/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {import("./recipe_table.js").Table} Table */
/** @typedef {{a: string, b: string, more: string, checkpoints: CheckpointEntry[], theme: "light" | "dark"}} RecipesView */

const MOST = 6;

/** @param {RecipesView} v @returns {string[]} A, B and up to four more */
export function chosen({ a, b, more }) {
  return [...new Set([a, b, ...more.split(",").filter(Boolean)])].slice(0, MOST);
}

/** How many of the chosen are A and B: one where both are the same. @param {RecipesView} v */
function distinct({ a, b }) {
  return a === b ? 1 : 2;
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
  const curves = createRecipeCurves();
  const element = h(
    "section",
    { class: "compare-recipes", "aria-label": gettext("Recipes"), tabindex: "0", hidden: true },
    picks,
    sentence,
    h("div", { class: "recipe-columns" }, table, curves.element),
  );
  /** @type {RecipesView | null} */
  let view = null;
  /** @type {Table | null} */
  let recipes = null;
  let lettered = 0; // how many of the first in the table are A and B
  let loaded = "";

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
      await Promise.all(names.map(curves.load));
      if (key === loaded && view) drawChart(view);
    } catch (error) {
      loaded = "";
      setText(sentence, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {RecipesView} v @param {Table} found */
  function drawTable(v, found) {
    lettered = distinct(v);
    setText(sentence, recipesWords(found));
    fill(table, recipeTable(found, lettered));
  }

  /** @param {RecipesView} v */
  function drawChart(v) {
    curves.update({ names: chosen(v), recipes, checkpoints: v.checkpoints, theme: v.theme });
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
    table: () => (recipes ? recipeRows(recipes, lettered) : null),
    /** @param {RecipesView} next */
    update(next) {
      view = next;
      drawPicks(next);
      void load(next);
    },
    destroy: curves.destroy,
  };
}
