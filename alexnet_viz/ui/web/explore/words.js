/** What the page calls the values that its address holds. */
import { count } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";

/** @type {Record<string, string>} */
const TITLES = {
  channel: gettext("channel"),
  layer: gettext("layer"),
  block: gettext("block"),
  network: gettext("network"),
  index: gettext("index"),
  maximum: gettext("maximum"),
  mean: gettext("mean"),
  zeros: gettext("zeros"),
  house: gettext("house"),
  grey: gettext("grey"),
};

/** A range, an order, a colour map. @param {string} value @returns {string} */
export function titleOf(value) {
  return TITLES[value] ?? value;
}

/** @param {number} unit */
export const unitName = (unit) => gettext("unit {unit}", { unit });

/** How many units, of the logits classes. @param {number} n @param {string} stage */
export function unitCount(n, stage) {
  const values = { count: count(n) };
  return stage === "logits"
    ? ngettext("{count} class", "{count} classes", n, values)
    : ngettext("{count} unit", "{count} units", n, values);
}
