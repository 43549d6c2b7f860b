/** Where one goes from a unit: to the next channel or stage, one step back, to the wall of Explore. */
import { visit } from "../shell/url.js";
import { hasMap } from "./stage_units.js";
import { stepBack } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../server/api.js").Stage} Stage */

/**
 * @param {{state: () => State, stages: () => Stage[], stage: () => Stage | undefined, set: (changes: Partial<Record<import("./state.js").Key, string>>) => void, hasProblem: () => boolean}} page
 *   stages: none before the photo's pass is there; stage: the one that is shown
 */
export function createNavigation({ state, stages, stage: stageNow, set, hasProblem }) {
  /** @param {number} step */
  function walk(step) {
    const channel = Number(state().channel) + step;
    if (channel >= 0 && channel < (stageNow()?.shape[0] ?? 0)) set({ channel: String(channel) });
  }

  /** @param {number} step */
  function walkStages(step) {
    const names = stages().map(({ name }) => name);
    const name = names[names.indexOf(state().stage) + step];
    if (name) set({ stage: name });
  }

  function explore() {
    const { resize, stage, channel, place } = state();
    visit("", { resize, stage, channel, place });
  }

  /** The map on the screen stays beside the next ones, or no longer. */
  function hold() {
    const { held, stage, channel } = state();
    if (held) set({ held: "" });
    else if (hasMap(stageNow())) set({ held: `${stage}:${channel}` });
  }

  function switchOff() {
    const { resize, stage, channel, place } = state();
    if (stage !== "logits") visit("", { resize, stage, channel, place, altered: `${stage}:${channel}=0` });
  }

  function back() {
    const changes = hasProblem() ? {} : stepBack(state());
    if (changes) set(changes);
    else explore();
  }

  return { walk, walkStages, explore, hold, switchOff, back };
}
