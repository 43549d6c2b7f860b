/** The epoch on the screen: how one goes to it, plays on from it and opens it, and all that a step of the replay draws. */
import { gettext } from "../lib/language.js";
import { kept } from "../shell/tab_memory.js";
import { nearest } from "./epoch_slider.js";
import { createLayerHealth } from "./layer_health.js";
import { createPlayback } from "./playback.js";
import { createReplayPanel } from "./replay_panel.js";
import { runSlide } from "./slide.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("./state.js").State} State */
/** @typedef {{set: (changes: Partial<State>) => void, open: (run: Run, epoch: number) => void, onFail: (error: unknown) => void}} Actions */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{chart: ReturnType<typeof import("../charts/loss_chart.js").createLossChart>, runsOn: ReturnType<typeof import("./shown_runs.js").createShownRuns>,
 *   store: ReturnType<typeof import("./runs_store.js").createRunsStore>, state: () => State, theme: () => "light" | "dark"} & Actions} page
 */
export function createShownEpoch(frame, { chart, runsOn, store, state, theme, set, open, onFail }) {
  let isGone = false;
  const layerHealth = createLayerHealth();
  const playback = createPlayback({
    count: () => runsOn.position().checkpoints.length,
    at: () => runsOn.position().at,
    step,
    onChange: () => draw(),
  });
  const replay = createReplayPanel(chart, {
    set,
    step,
    play: playback.toggle,
    open: openHere,
    onChange: () => draw(),
    onFail,
  });

  /** @param {number} epoch */
  function goNear(epoch) {
    const index = nearest({ stills: runsOn.position().checkpoints }, epoch);
    if (index >= 0) step(index);
  }

  /** @param {number} index */
  function step(index) {
    const { checkpoints } = runsOn.position();
    const still = checkpoints[Math.max(0, Math.min(checkpoints.length - 1, index))];
    if (!still) return;
    // At the end the marker follows a run that goes on.
    set({ epoch: still === checkpoints.at(-1) ? "" : String(still.epoch) });
  }

  function openHere() {
    const run = runsOn.selected();
    const { checkpoints, at } = runsOn.position();
    if (run && checkpoints[at]) open(run, checkpoints[at].epoch);
  }

  function draw() {
    const run = runsOn.selected();
    if (isGone) return;
    if (!run)
      return frame.presenter.show(
        store.runs === null ? null : { title: [gettext("No runs yet")], shown: [], words: [] },
      );
    const { checkpoints, at } = runsOn.position();
    const epoch = checkpoints[at]?.epoch ?? null;
    const photo = kept.photos.find(({ id }) => id === state().photo) ?? kept.photos[0];
    replay.update({ run, checkpoints, at, state: state(), photo, playing: playback.playing, theme: theme() });
    chart.mark(epoch);
    frame.presenter.show(runSlide(run, store.curvesOf(run.id) ?? null, epoch, chart.element));
    layerHealth.update(epoch ?? 0, store.curvesOf(run.id)?.doctor[String(epoch)]);
  }

  return {
    /** The film and the panel, which stand under the chart. */
    elements: replay.elements,
    layers: layerHealth.element,
    frames: replay.frames,
    play: playback.toggle,
    walk: playback.walk,
    goNear,
    draw,
    destroy() {
      isGone = true;
      playback.destroy();
      replay.destroy();
    },
  };
}
