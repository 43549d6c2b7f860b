/** What the panel of a photo is given. */
import { choosePairs, similarityOf } from "./pairing.js";
import { kept } from "../shell/tab_memory.js";

/** @param {string} name @returns {string} */
const titleOf = (name) => kept.checkpoints.find((entry) => entry.name === name)?.title ?? name;

/**
 * @param {import("./state.js").State} state @param {ReturnType<typeof import("./pair_loader.js").createPairLoader>} loader
 * @param {ReturnType<typeof import("./data_sets.js").createDataSets>} sets @param {"light" | "dark"} theme
 * @returns {import("./photo_panel.js").Moment | null} null until a first pair has arrived
 */
export function momentOf(state, loader, sets, theme) {
  const own = loader.arrived;
  if (!own) return null;
  const known = sets.known();
  return {
    state,
    arrived: own,
    names: { a: titleOf(state.a), b: titleOf(state.b) },
    theme,
    stale: loader.isStale,
    choose: (stage) => choosePairs(state.pairs, stage, known, own.pair.same_run),
    stages: similarityOf(known, own.pair.shipped, sets.current().title),
  };
}
