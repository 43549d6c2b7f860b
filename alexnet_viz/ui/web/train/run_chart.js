/** The loss chart of the runs that are shown, one of which may be lifted above the others. */
import { createLossChart } from "../charts/loss_chart.js";
import { lookOf } from "../charts/run_colours.js";

/** @typedef {{onEpoch: (epoch: number) => void, onMove: () => void, onFail: (error: unknown) => void}} Actions */

/**
 * @param {{runsOn: ReturnType<typeof import("./shown_runs.js").createShownRuns>, store: ReturnType<typeof import("./runs_store.js").createRunsStore>,
 *   state: () => import("./state.js").State, isPresenting: () => boolean, theme: () => "light" | "dark"} & Actions} page
 *   isPresenting: the selected run stands alone then
 */
export function createRunChart({ runsOn, store, state, isPresenting, theme, onEpoch, onMove, onFail }) {
  /** @type {string | null} */
  let highlighted = null;
  const chart = createLossChart({ onEpoch, onMove, onHighlight: highlight, onFail });

  /** @param {string | null} run */
  function highlight(run) {
    const next = runsOn.isShown(run) && runsOn.shown().length > 1 ? run : null;
    if (next === highlighted) return;
    highlighted = next;
    draw();
  }

  function draw() {
    const { checkpoints, at } = runsOn.position();
    const own = runsOn.selected();
    const lines = (isPresenting() && own ? [own] : runsOn.shown()).flatMap((run) => {
      const known = store.curvesOf(run.id);
      return known ? [{ run, curves: known, ...lookOf(run.id, theme()), selected: run === own }] : [];
    });
    if (lines.length)
      chart.update({
        lines,
        smoothing: Number(state().smoothing),
        log: state().axis === "log",
        epoch: checkpoints[at]?.epoch ?? null,
        lifted: highlighted,
        theme: theme(),
      });
  }

  return { chart, highlight, draw };
}
