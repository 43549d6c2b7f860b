/** The logits of few classes: a bar from zero beside every class's name, where a wall would show nameless blocks. */
import { fill, h } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { pictureOfRows } from "../maps/picture_of_rows.js";

/** @typedef {import("../maps/wall.js").Place} Place */
/** @typedef {{names: string[], values: Float32Array | null, channels: number[], selected: number, largest: number, title: string}} BarsView `largest`: the value of a whole bar */

/** More classes than this do not fit as rows. */
const MOST_BARS = 24;

/** @param {string[] | null} names @returns {names is string[]} */
export const fitAsBars = (names) => names !== null && names.length <= MOST_BARS;

/** One scale for several lists: what the longest bar of all stands for. @param {(ArrayLike<number> | undefined)[]} lists @returns {number} */
export function largestOf(lists) {
  let largest = 0;
  for (const list of lists)
    for (const value of Array.from(list ?? []))
      if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest || 1;
}

/** @param {{onHover: (place: Place | null) => void, onSelect: (place: Place) => void, onOpen: () => void}} actions @param {boolean} isFirst whether the Tab key stops here */
export function createClassBars(actions, isFirst) {
  const element = h("div", { class: "class-bars", role: "group", hidden: true });
  /** @type {Map<number, HTMLElement>} by class */
  let rows = new Map();

  /** @param {number} channel @returns {Place} */
  const place = (channel) => ({ channel, row: 0, column: 0 });

  /** @param {BarsView} v @param {number} channel */
  function row(v, channel) {
    const value = v.values ? v.values[channel] : NaN;
    const length = Number.isFinite(value) ? (Math.abs(value) / v.largest) * 50 : 0;
    const words = v.values ? number(value) : "";
    return h(
      "button",
      {
        class: "class-bar",
        type: "button",
        tabindex: isFirst ? "0" : "-1",
        onclick: () => actions.onSelect(place(channel)),
        ondblclick: actions.onOpen,
        onpointerenter: () => actions.onHover(place(channel)),
      },
      h("span", { class: "unit-name", title: v.names[channel] }, v.names[channel]),
      h(
        "span",
        { class: "both-ways" },
        length > 0
          ? h("span", {
              class: value < 0 ? "below" : "above",
              style: `width:${length}%;${value < 0 ? "right" : "left"}:50%`,
            })
          : null,
      ),
      h("span", { class: "bar-value" }, words),
    );
  }

  /** @param {number} selected */
  function select(selected) {
    for (const [channel, each] of rows) {
      each.classList.toggle("on", channel === selected);
      each.setAttribute("aria-pressed", String(channel === selected));
    }
  }
  element.addEventListener("pointerleave", () => actions.onHover(null));

  return {
    element,
    /** @param {BarsView} v */
    update(v) {
      rows = new Map(v.channels.map((channel) => [channel, row(v, channel)]));
      element.setAttribute("aria-label", v.title);
      fill(element, [...rows.values()]);
      select(v.selected);
    },
    select,
    /** The same class as the pointer is at in another list. @param {Place | null} at */
    point(at) {
      for (const [channel, each] of rows) each.classList.toggle("pointed", channel === at?.channel);
    },
    picture: () => pictureOfRows(element, ".class-bar"),
  };
}
