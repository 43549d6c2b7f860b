/** What is said of a tile: by the pointer's read-out, and to those who do not see the wall. */
import { number, percent } from "../lib/format.js";
import { gettext, language } from "../lib/language.js";
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
  const words =
    done === "off" ? gettext("off, {value} before", { value }) : [value, ...(done ? [done] : [])].join(", ");
  return [
    gettext("ch {channel}, row {row}, col {column}", { channel: `${channel}${named(view, channel)}`, row, column }),
    words,
  ];
}

/** The words that only English shortens, as they are read aloud. @param {string} where @returns {string} */
export function spoken(where) {
  return language === "en" ? where.replace("ch ", "channel ").replace("col ", "column ") : where;
}

/** @param {WallView} view @returns {string} "channel 40 of 96, maximum 5.52, 40 percent zeros, off, selected 2 of 4" */
export function tileWords(view) {
  const { shape, statistics, selected, chosen = [], changed } = view;
  const [largest, zeros] = statistics
    ? [number(maximumOf(statistics, selected)), percent(zerosOf(statistics, selected)).replace(" %", "")]
    : ["", ""];
  const numbers = statistics
    ? [gettext("maximum {largest}", { largest }), gettext("{zeros} percent zeros", { zeros })]
    : [];
  const done = changed?.get(selected);
  const place = chosen.indexOf(selected);
  return [
    `${gettext("channel {channel} of {total}", { channel: selected, total: shape[0] })}${named(view, selected)}`,
    ...numbers,
    ...(done ? [done === "off" ? gettext("off") : done] : []),
    ...(place < 0 ? [] : [gettext("selected {place} of {chosen}", { place: place + 1, chosen: chosen.length })]),
  ].join(", ");
}

/** @param {WallView} view @returns {boolean} whether the tile with the ring is one of those chosen; it is where none are */
export function isChosen({ selected, chosen = [] }) {
  return chosen.length === 0 || chosen.includes(selected);
}
