/** Which run is selected, which others are on the chart, and which epoch is on the screen. */
import { isAlive } from "../charts/run_curves.js";
import { nearest } from "./epoch_slider.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */

const MOST_SHOWN = 6;
const FAILED = ["failed", "shipped"];

/** @param {{runs: () => Run[] | null, state: () => {run: string, epoch: string}}} page */
export function createShownRuns({ runs, state }) {
  /** Runs that a person took off the chart or put on it. @type {Map<string, boolean>} */
  const chosen = new Map();

  /** @returns {Run | null} */
  function selected() {
    const all = runs() ?? [];
    return all.find(({ id }) => id === state().run) ?? all.find(isAlive) ?? all[0] ?? null;
  }

  /** The selected run, and the newest others on the same data unless a person decided otherwise. @returns {Run[]} */
  function shown() {
    const own = selected();
    if (!own) return [];
    const isLike = (/** @type {Run} */ run) =>
      run.dataset === own.dataset && run.step > 0 && !FAILED.includes(run.state);
    const others = (runs() ?? []).filter((run) => run !== own && (chosen.get(run.id) ?? isLike(run)));
    return [own, ...others.slice(0, MOST_SHOWN - 1)];
  }

  const isShown = (/** @type {string | null} */ id) => shown().some((run) => run.id === id);

  return {
    selected,
    shown,
    isShown,
    /** @param {string} id */
    toggle: (id) => void chosen.set(id, !isShown(id)),
    /** The epochs that the selected run kept, and the index of the chosen one, the last where none is; −1 where there are none. */
    position() {
      const checkpoints = (selected()?.checkpoints ?? []).flatMap(({ name, epoch }) =>
        epoch === null ? [] : [{ name, epoch }],
      );
      const { epoch } = state();
      return {
        checkpoints,
        at: epoch === "" ? checkpoints.length - 1 : nearest({ stills: checkpoints }, Number(epoch)),
      };
    },
  };
}
