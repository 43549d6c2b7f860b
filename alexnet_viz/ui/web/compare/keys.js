/** The keys of the Compare page. Each has a visible control as well. */

/** @typedef {import("../shell/page_frame.js").Shortcut} Shortcut */
/**
 * @typedef {{swap: () => void, mode: (mode: string) => void, walkStages: (step: number) => void, walk: (step: number) => void, columns: () => number,
 *   order: () => void, open: () => void, save: () => void, back: () => void}} Actions
 */

const nothing = () => undefined;

/** @param {Actions} actions @returns {Shortcut[]} */
export function compareKeys({ swap, mode, walkStages, walk, columns, order, open, save, back }) {
  return [
    { key: "X", does: "swap: A and B change places", keys: ["x"], action: swap, footer: true },
    { key: "D", does: "difference: A, B and B − A beside each other", keys: ["d"], action: () => mode("difference"), footer: true },
    { key: "W", does: "swipe: A left of a divider, B right of it", keys: ["w"], action: () => mode("swipe") },
    { key: "F", does: "flicker: A and B in turn", keys: ["f"], action: () => mode("flicker"), footer: true },
    { key: "[ ]", does: "stage: previous, next", keys: ["[", "]"], action: (event) => walkStages(event.key === "[" ? -1 : 1), footer: true },
    { key: "←\u2009→", does: "channel: walk the walls", keys: [], action: nothing, footer: true },
    { key: "←", does: "previous channel", keys: ["ArrowLeft"], action: () => walk(-1) },
    { key: "→", does: "next channel", keys: ["ArrowRight"], action: () => walk(1) },
    { key: "↑", does: "channel in the row above", keys: ["ArrowUp"], action: () => walk(-columns()) },
    { key: "↓", does: "channel in the row below", keys: ["ArrowDown"], action: () => walk(columns()) },
    { key: "O", does: "order: most changed first, by index", keys: ["o"], action: order },
    { key: "U", does: "open the channel in Explore (also Enter)", keys: ["u", "Enter"], action: open },
    { key: "S", does: "save", keys: ["s"], action: save },
    { key: "Esc", does: "one level back", keys: ["Escape"], action: back },
    { key: "?", does: "this list", keys: [], action: nothing },
  ];
}
