/** In what the recipes of several checkpoints differ: in a sentence, and in a table. */
import { h } from "../lib/dom.js";
import { gettext, ngettext } from "../lib/language.js";
import { settingTitle, settingValue } from "../charts/recipe_words.js";

/** @typedef {{titles: string[], settings: {name: string, values: unknown[], differs: boolean}[]}} Table */

const LETTERS = ["A", "B"];

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

/** @param {Table} found @returns {string} */
export function recipesWords(found) {
  const different = found.settings.filter(({ differs }) => differs).length;
  const same = found.settings.length - different;
  const known = found.settings.some(({ name }) => name === "epochs");
  if (different) return differenceWords(different, same);
  return known
    ? gettext("These recipes are the same.")
    : gettext("How they were trained is not known; what is known is the same.");
}

/** @param {Table} found @param {number} lettered how many of the first are A and B @returns {HTMLElement} */
export function recipeTable(found, lettered) {
  const head = found.titles.map((title, i) => h("th", { scope: "col" }, i < lettered ? `${LETTERS[i]}  ` : "", title));
  return h(
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
  );
}
