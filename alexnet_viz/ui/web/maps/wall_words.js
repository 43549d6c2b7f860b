/** What is said of a tile: by the pointer's read-out, and to those who do not see the wall. */
import { number, percent } from "../lib/format.js";
import { maximumOf, zerosOf } from "./statistics.js";

/** @typedef {import("./wall.js").WallView} WallView */
/** @typedef {import("./wall.js").Place} Place */

/** What a person calls a channel, behind its number. @param {WallView} view @param {number} channel @returns {string} */
function named({ nameOf }, channel) {
  const called = nameOf?.(channel);
  return called ? `, ${called}` : "";
}

/** @param {WallView} view @param {Place} place @returns {[string, string]} where, and what stands there */
export function placeWords(view, { channel, row, column }) {
  const { shape, values, changed } = view;
  const value = number(values ? values[(channel * shape[1] + row) * shape[2] + column] : null);
  const done = changed?.get(channel);
  const words = done === "off" ? `off, ${value} before` : [value, ...(done ? [done] : [])].join(", ");
  return [`ch ${channel}${named(view, channel)}, row ${row}, col ${column}`, words];
}

/** @param {WallView} view @returns {string} "channel 40 of 96, maximum 5.52, 40 percent zeros, off, selected 2 of 4" */
export function tileWords(view) {
  const { shape, statistics, selected, chosen = [], changed } = view;
  const numbers = statistics ? [`maximum ${number(maximumOf(statistics, selected))}`, `${percent(zerosOf(statistics, selected)).replace("%", "percent")} zeros`] : [];
  const done = changed?.get(selected);
  const place = chosen.indexOf(selected);
  return [`channel ${selected} of ${shape[0]}${named(view, selected)}`, ...numbers, ...(done ? [done] : []), ...(place < 0 ? [] : [`selected ${place + 1} of ${chosen.length}`])].join(", ");
}

/** @param {WallView} view @returns {boolean} whether the tile with the ring is one of those chosen; it is where none are */
export function isChosen({ selected, chosen = [] }) {
  return chosen.length === 0 || chosen.includes(selected);
}
