/**
 * What the pages say in the language in use. The source is in English, and what stands there is the key; alexnet_viz/languages has
 * the other languages' catalogs, and `python -m tools.languages` keeps them.
 */

/** @typedef {string | number} Value */

/** As each calls itself; alexnet_viz/language.py has the same. @type {Record<string, string>} */
export const LANGUAGES = { en: "English", de: "Deutsch", fr: "Français", es: "Español" };
const KEY = "alexnet_viz.language";
/** What a window keeps through a reload where storage is blocked, as in an iframe of another site. */
const NAMED = `${KEY}=`;

/** The one that was chosen in this browser, else the first of the browser's own that there is. */
export const language =
  chosen() ??
  (globalThis.navigator?.languages ?? []).map((tag) => tag.split("-")[0]).find((tag) => tag in LANGUAGES) ??
  "en";

// Words stand in modules' constants too, so they are here before any other module is run.
/** @type {{decimal: string, messages: Record<string, string | string[]>}} */
const catalog =
  language === "en"
    ? { decimal: ".", messages: {} }
    : await (await fetch(new URL(`../languages/${language}.json`, import.meta.url))).json();
const plural = new Intl.PluralRules(language);

/** The mark between whole numbers and decimals. */
export const { decimal } = catalog;

/** The mark between thousands as people of the language type it: a comma, a point, a space. */
export const grouping =
  new Intl.NumberFormat(language).formatToParts(12345).find(({ type }) => type === "group")?.value ?? " ";

/** @returns {string | null} */
function chosen() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept && kept in LANGUAGES ? kept : null;
  } catch {
    const kept = globalThis.window?.name?.startsWith(NAMED) ? window.name.slice(NAMED.length) : "";
    return kept in LANGUAGES ? kept : null;
  }
}

/** Use another language: the page is read anew. @param {string} name of LANGUAGES */
export function chooseLanguage(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    window.name = NAMED + name;
  }
  location.reload();
}

/**
 * A message in the language in use.
 * @param {string} message in English, with the values' names in braces
 * @param {Record<string, Value>} [values]
 * @returns {string}
 */
export function gettext(message, values = {}) {
  const found = catalog.messages[message];
  return filled(typeof found === "string" ? found : message, values);
}

/**
 * The message for so many.
 * @param {string} one in English
 * @param {string} many in English
 * @param {number} count
 * @param {Record<string, Value>} [values]
 * @returns {string}
 */
export function ngettext(one, many, count, values = {}) {
  const found = catalog.messages[one];
  const forms = Array.isArray(found) ? found : [one, many];
  return filled(plural.select(count) === "one" ? forms[0] : forms[forms.length - 1], values);
}

/**
 * A message whose values are elements, as an element's children.
 * @param {string} message in English, with the values' names in braces
 * @param {Record<string, Value | Node>} values
 * @returns {(string | Node)[]}
 */
export function gettextNodes(message, values) {
  const pieces = gettext(message).split(/\{(\w+)\}/);
  return pieces.map((piece, i) => (i % 2 ? asChild(values[piece]) : piece)).filter((piece) => piece !== "");
}

/** @param {Value | Node} value */
const asChild = (value) => (typeof value === "number" ? String(value) : value);

/** @param {string} text @param {Record<string, Value>} values */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
