/** The keys of the Compare page. Each has a visible control as well. */

import { gettext } from "../lib/language.js";

/** @typedef {import("../shell/page_frame.js").Shortcut} Shortcut */
/**
 * @typedef {{swap: () => void, mode: (mode: string) => void, walkStages: (step: number) => void, walk: (step: number) => void, columns: () => number,
 *   order: () => void, open: () => void, save: () => void, back: () => void}} Actions
 */

const nothing = () => undefined;

/** @param {Actions} actions @returns {Shortcut[]} */
export function compareKeys({ swap, mode, walkStages, walk, columns, order, open, save, back }) {
  return [
    { key: "X", does: gettext("swap: A and B change places"), keys: ["x"], action: swap, footer: true },
    {
      key: "D",
      does: gettext("difference: A, B and B − A beside each other"),
      keys: ["d"],
      action: () => mode("difference"),
      footer: true,
    },
    { key: "W", does: gettext("swipe: A left of a divider, B right of it"), keys: ["w"], action: () => mode("swipe") },
    { key: "F", does: gettext("flicker: A and B in turn"), keys: ["f"], action: () => mode("flicker"), footer: true },
    {
      key: "[ ]",
      does: gettext("stage: previous, next"),
      keys: ["[", "]"],
      action: (event) => walkStages(event.key === "[" ? -1 : 1),
      footer: true,
    },
    { key: "←\u2009→", does: gettext("channel: walk the walls"), keys: [], action: nothing, footer: true },
    { key: "←", does: gettext("previous channel"), keys: ["ArrowLeft"], action: () => walk(-1) },
    { key: "→", does: gettext("next channel"), keys: ["ArrowRight"], action: () => walk(1) },
    { key: "↑", does: gettext("channel in the row above"), keys: ["ArrowUp"], action: () => walk(-columns()) },
    { key: "↓", does: gettext("channel in the row below"), keys: ["ArrowDown"], action: () => walk(columns()) },
    { key: "O", does: gettext("order: most changed first, by index"), keys: ["o"], action: order },
    { key: "U", does: gettext("open the channel in Explore (also Enter)"), keys: ["u", "Enter"], action: open },
    { key: "S", does: gettext("save"), keys: ["s"], action: save },
    { key: "Esc", does: gettext("one level back"), keys: ["Escape"], action: back },
    { key: "?", does: gettext("this list"), keys: [], action: nothing },
  ];
}
