/** The keys of the Explore page. Each has a visible control as well. */
import { COLOUR_MAPS, GAMMAS } from "../lib/colour.js";
import { gettext } from "../lib/language.js";
import { ORDERS, RANGES } from "./state.js";
import { groupStages } from "../maps/stages.js";
import { TILE_ZOOMS } from "../maps/wall.js";

/** @typedef {import("./state.js").Key} Key */
/** @typedef {import("./selection.js").View} View */
/** @typedef {import("../shell/page_frame.js").Shortcut} Shortcut */
/**
 * @typedef {{view: () => View | null, set: (changes: Partial<Record<Key, string>>) => void, openStage: (stage: string) => void, columns: () => number,
 *   alter: ReturnType<typeof import("./alter.js").createAlter>, choose: () => void, hold: () => void, save: () => void, back: () => void, why: () => void, openChannel: () => void, openUnit: () => void}} Actions
 */

const nothing = () => undefined;
const ARROWS = "←\u2009→\u2009↑\u2009↓";
/** What the footer names while the network is altered, besides Esc. */
const OF_ALTERED = new Set([`Shift ${ARROWS}`, "0", "Ctrl Z", "V"]);

/**
 * @param {Actions} actions @param {boolean} hasMaps whether the open stage has maps: some keys act on nothing else
 * @param {boolean} isAltered whether the footer is to name the keys of an altered network
 * @returns {Shortcut[]}
 */
export function exploreKeys(actions, hasMaps, isAltered) {
  const steps = stepsOf(actions);
  const list = [
    ...everywhere(actions, steps),
    ...(hasMaps ? [...ofMaps(actions, steps), ...altering(actions, steps, isAltered)] : []),
    ...ofAltered(actions.alter, isAltered),
    { key: "Esc", does: gettext("one level back"), keys: ["Escape"], action: actions.back },
    { key: "?", does: gettext("this list"), keys: [], action: nothing },
  ];
  return isAltered
    ? list.map((each) => (OF_ALTERED.has(each.key) ? each : { ...each, footer: each.key === "Esc" }))
    : list;
}

/** What the keys step through: channels, stages, and the values of a setting. @param {Actions} actions */
function stepsOf({ view, set, alter, openStage }) {
  /** @param {number} step 1, −1, or a row of the wall @param {boolean} [isAdding] both channels are selected */
  function walk(step, isAdding = false) {
    const now = view();
    if (!now?.stage) return;
    const channels = now.channels(now.stage);
    const at = channels.indexOf(now.channel(now.stage));
    const next = at < 0 ? 0 : at + step;
    if (next < 0 || next >= channels.length) return;
    set({ channel: String(channels[next]) });
    if (isAdding) alter.add([channels[Math.max(0, at)], channels[next]]);
  }

  /** @param {import("./state.js").Key} key @param {string[]} options @param {number} [step] */
  function cycle(key, options, step = 1) {
    const at = options.indexOf(view()?.state[key] ?? "");
    set({ [key]: options[(at + step + options.length) % options.length] });
  }

  /** @param {number} step */
  function stepGamma(step) {
    const at = GAMMAS.indexOf(Number(view()?.state.gamma));
    set({ gamma: String(GAMMAS[Math.max(0, Math.min(GAMMAS.length - 1, at + step))]) });
  }

  /** @param {number} step */
  function walkStages(step) {
    const now = view();
    if (!now) return;
    const names = ["input", ...now.trace.header.stages.map((stage) => stage.name)];
    const next = names[names.indexOf(now.state.stage) + step];
    if (next) openStage(next);
  }

  /** @param {number} n from 1: five blocks, fc1, fc2, the prediction */
  function openGroup(n) {
    const now = view();
    if (!now) return;
    const groups = [...groupStages(now.trace.header.stages)].filter(([group]) => group !== "input");
    const names = groups[n - 1]?.[1];
    if (names) openStage(names.find((name) => name.endsWith(".relu")) ?? names[0]);
  }

  return { walk, cycle, stepGamma, walkStages, openGroup };
}

/** @param {Actions} actions @param {ReturnType<typeof stepsOf>} steps @returns {Shortcut[]} of every stage */
function everywhere(actions, steps) {
  return [
    { key: "←\u2009→", does: gettext("channel"), keys: [], action: nothing, footer: true },
    { key: "←", does: gettext("previous channel"), keys: ["ArrowLeft"], shift: false, action: () => steps.walk(-1) },
    { key: "→", does: gettext("next channel"), keys: ["ArrowRight"], shift: false, action: () => steps.walk(1) },
    {
      key: "↑",
      does: gettext("channel in the row above"),
      keys: ["ArrowUp"],
      shift: false,
      action: () => steps.walk(-actions.columns()),
    },
    {
      key: "↓",
      does: gettext("channel in the row below"),
      keys: ["ArrowDown"],
      shift: false,
      action: () => steps.walk(actions.columns()),
    },
    {
      key: "[ ]",
      does: gettext("stage: previous, next"),
      keys: ["[", "]"],
      action: (/** @type {KeyboardEvent} */ event) => steps.walkStages(event.key === "[" ? -1 : 1),
      footer: true,
    },
    {
      key: "1 … 8",
      does: gettext("open a block, fc1, fc2, the prediction"),
      keys: ["1", "2", "3", "4", "5", "6", "7", "8"],
      action: (/** @type {KeyboardEvent} */ event) => steps.openGroup(Number(event.key)),
    },
    {
      key: "R",
      does: gettext("range: channel, layer, block, network"),
      keys: ["r"],
      action: () => steps.cycle("range", RANGES),
      footer: true,
    },
    {
      key: "O",
      does: gettext("order: index, maximum, mean, zeros"),
      keys: ["o"],
      action: () => steps.cycle("order", ORDERS),
      footer: true,
    },
    { key: "G", does: gettext("gamma up"), keys: ["g"], shift: false, action: () => steps.stepGamma(1) },
    { key: "Shift G", does: gettext("gamma down"), keys: ["g"], shift: true, action: () => steps.stepGamma(-1) },
    {
      key: "U",
      does: gettext("unit: what excites it, how its numbers are made"),
      keys: ["u"],
      action: () => actions.openUnit(),
      footer: true,
    },
    { key: "C", does: gettext("colour map"), keys: ["c"], action: () => steps.cycle("map", COLOUR_MAPS) },
    { key: "W", does: gettext("why this class"), keys: ["w"], action: actions.why },
    { key: "S", does: gettext("save"), keys: ["s"], action: actions.save },
  ];
}

/** @param {Actions} actions @param {ReturnType<typeof stepsOf>} steps @returns {Shortcut[]} of a stage with maps */
function ofMaps(actions, steps) {
  const tiles = TILE_ZOOMS.map(String);
  return [
    {
      key: "Enter",
      does: gettext("open channel: every value of it, large"),
      keys: ["Enter"],
      action: actions.openChannel,
    },
    { key: ARROWS, does: gettext("with the focus on a large map: its pixel"), keys: [], action: nothing },
    { key: "H", does: gettext("hold this channel while browsing"), keys: ["h"], action: actions.hold },
    {
      key: "X",
      does: gettext("hide silent channels"),
      keys: ["x"],
      action: () => steps.cycle("silent", ["shown", "hidden"]),
    },
    { key: "Z", does: gettext("larger tiles"), keys: ["z"], shift: false, action: () => steps.cycle("tile", tiles) },
    {
      key: "Shift Z",
      does: gettext("smaller tiles"),
      keys: ["z"],
      shift: true,
      action: () => steps.cycle("tile", tiles, -1),
    },
  ];
}

/** @param {Actions} actions @param {ReturnType<typeof stepsOf>} steps @param {boolean} isAltered @returns {Shortcut[]} which select channels and switch them */
function altering(actions, steps, isAltered) {
  const stepOf = (/** @type {string} */ key) =>
    ({ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -actions.columns() })[key] ?? actions.columns();
  return [
    {
      key: `Shift ${ARROWS}`,
      does: gettext("select more: this channel and the next"),
      keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
      shift: true,
      action: (/** @type {KeyboardEvent} */ event) => steps.walk(stepOf(event.key), true),
      footer: isAltered,
    },
    { key: "Space", does: gettext("select this channel, or not"), keys: [" "], action: actions.choose },
    {
      key: "0",
      does: gettext("off, on: the selected channels"),
      keys: ["0"],
      action: actions.alter.switch,
      footer: isAltered,
    },
  ];
}

/** @param {Actions["alter"]} alter @param {boolean} isAltered @returns {Shortcut[]} of an altered network */
function ofAltered(alter, isAltered) {
  return [
    {
      key: "Ctrl Z",
      does: gettext("undo: the last channel as it was"),
      keys: ["z"],
      ctrl: true,
      action: alter.undo,
      footer: isAltered,
    },
    {
      key: "V",
      does: gettext("before: the strip of the unaltered network, while it is held"),
      keys: ["v"],
      action: () => alter.showBefore(true),
      release: () => alter.showBefore(false),
      footer: isAltered,
    },
  ];
}
