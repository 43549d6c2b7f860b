/** Colour follows the run, not its place in the list: six colours and dashes in fixed order, grey for a seventh. */
import { recall, remember } from "../shell/tab_storage.js";
import { tokens } from "../shell/theme.js";

/** @typedef {{colour: string, dash: string}} Look */

const MEMORY = "run-colours"; // for the life of the tab, through its reloads
/** @type {Map<string, number>} slot by run */
const slots = new Map(Object.entries(recall(MEMORY) ?? {}));

/**
 * Give the runs on the chart their slots; those that have one keep it.
 * @param {string[]} shown ids, those that matter most first
 * @param {string[]} all ids that still exist
 */
export function assign(shown, all) {
  for (const id of [...slots.keys()]) if (!all.includes(id)) slots.delete(id);
  const most = tokens.runs.dash.length;
  for (const id of shown) {
    if (slots.has(id)) continue;
    const taken = new Set(slots.values());
    const free = Array.from({ length: most }, (_, i) => i).find((i) => !taken.has(i));
    if (free !== undefined) slots.set(id, free);
    else if (id === shown[0]) takeOver(id, shown);
  }
  remember(MEMORY, Object.fromEntries(slots));
}

/** The selected run gets the colour of one that is not on the chart, or of the last one that is. @param {string} id @param {string[]} shown */
function takeOver(id, shown) {
  const holders = [...slots.keys()];
  const giver = holders.find((each) => !shown.includes(each)) ?? holders.filter((each) => each !== id).at(-1);
  if (giver === undefined) return;
  slots.set(id, /** @type {number} */ (slots.get(giver)));
  slots.delete(giver);
}

/** @param {string} id @param {"light" | "dark"} theme @returns {Look} dash as SVG writes it, "" for solid */
export function lookOf(id, theme) {
  const slot = slots.get(id);
  if (slot === undefined) return { colour: tokens.colour[theme].ink_3, dash: "" };
  const dash = tokens.runs.dash[slot];
  return { colour: tokens.runs[theme][slot], dash: dash === "solid" ? "" : dash };
}
