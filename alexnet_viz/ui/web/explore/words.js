/** What the page calls the values that its address holds. */
import { gettext } from "../lib/language.js";

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
