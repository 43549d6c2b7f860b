/** The keys of the Train page. Each has a visible control as well. */

import { gettext } from "../lib/language.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../shell/page_frame.js").Shortcut} Shortcut */
/** @typedef {{play: () => void, walk: (by: number) => void, set: (changes: Partial<State>) => void, state: () => State, frames: {about: import("./replay.js").About | null}, stop: () => void}} Actions */

const nothing = () => undefined;

/** @param {Actions} actions @returns {Shortcut[]} */
export function trainKeys({ play, walk, set, state, frames, stop }) {
  /** @param {number} by */
  function walkStages(by) {
    const names = Object.keys(frames.about?.stages ?? {});
    const next = names[names.indexOf(state().stage) + by];
    if (next) set({ stage: next, channel: "" });
  }

  /** @param {number} by */
  function walkChannels(by) {
    const { about } = frames;
    const count = about?.stages[state().stage]?.[0] ?? 0;
    const next = (about?.channel ?? 0) + by;
    if (next >= 0 && next < count) set({ channel: String(next) });
  }

  return [
    { key: "Space", does: gettext("play: from here on, or pause"), keys: [" "], action: play, footer: true },
    { key: "←\u2009→", does: gettext("epoch: one back, one on"), keys: [], action: nothing, footer: true },
    { key: "←", does: gettext("epoch before (also ,)"), keys: ["ArrowLeft", ","], action: () => walk(-1) },
    { key: "→", does: gettext("epoch after (also .)"), keys: ["ArrowRight", "."], action: () => walk(1) },
    {
      key: "L",
      does: gettext("log axis: on or off"),
      keys: ["l"],
      action: () => set({ axis: state().axis === "log" ? "linear" : "log" }),
      footer: true,
    },
    { key: "S", does: gettext("stop run: or resume it"), keys: ["s"], action: stop, footer: true },
    {
      key: "[ ]",
      does: gettext("block before, after"),
      keys: ["[", "]"],
      action: (event) => walkStages(event.key === "[" ? -1 : 1),
    },
    {
      key: "↑ ↓",
      does: gettext("channel before, after"),
      keys: ["ArrowUp", "ArrowDown"],
      action: (event) => walkChannels(event.key === "ArrowUp" ? -1 : 1),
    },
    { key: "?", does: gettext("this list"), keys: [], action: nothing },
  ];
}
