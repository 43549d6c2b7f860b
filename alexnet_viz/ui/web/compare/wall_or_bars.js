/** One of A, B and B − A: a wall of maps, or bars with names where the channels are few classes. */
import { createClassBars, fitAsBars } from "./class_bars.js";
import { h } from "../lib/dom.js";
import { createWall } from "../maps/wall.js";

/** @typedef {import("../maps/wall.js").Place} Place */
/** @typedef {import("../maps/wall.js").WallView & {classes: string[] | null, largest: number}} SideView `largest`: the value of a whole bar */

/**
 * @param {Parameters<typeof createWall>[0]} actions
 * @param {import("../maps/wall.js").WallOptions} options
 */
export function createWallOrBars(actions, options) {
  const wall = createWall(actions, options);
  const bars = createClassBars(actions, options.focusable);
  const shown = () => (wall.element.hidden ? bars : wall);
  return {
    element: h("div", { class: "wall-or-bars" }, wall.element, bars.element),
    scroller: wall.element,
    get columns() {
      return wall.element.hidden ? 1 : wall.columns;
    },
    picture: () => shown().picture(),
    /** @param {SideView} next */
    update(next) {
      const { classes, largest, values, channels, selected, title } = next;
      const isBars = fitAsBars(classes);
      wall.element.hidden = isBars;
      bars.element.hidden = !isBars;
      if (isBars) bars.update({ names: classes, values, channels, selected, largest, title });
      else wall.update(next);
    },
    /** @param {number} selected */
    select: (selected) => shown().select(selected),
    /** @param {Place | null} place */
    point: (place) => shown().point(place),
  };
}
