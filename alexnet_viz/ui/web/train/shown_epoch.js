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
    count: () => runsOn.position().kept.length,
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
    const index = nearest({ stills: runsOn.position().kept }, epoch);
    if (index >= 0) step(index);
  }

  /** @param {number} index */
  function step(index) {
    const { kept } = runsOn.position();
    const still = kept[Math.max(0, Math.min(kept.length - 1, index))];
    if (!still) return;
    // At the end the marker follows a run that goes on.
    set({ epoch: still === kept.at(-1) ? "" : String(still.epoch) });
  }

  function openHere() {
    const run = runsOn.selected();
    const { kept, at } = runsOn.position();
    if (run && kept[at]) open(run, kept[at].epoch);
  }

  function draw() {
    const run = runsOn.selected();
    if (isGone) return;
    if (!run)
      return frame.presenter.show(
        store.runs === null ? null : { title: [gettext("No runs yet")], shown: [], words: [] },
      );
    const { kept: epochs, at } = runsOn.position();
    const epoch = epochs[at]?.epoch ?? null;
    const photo = kept.photos.find(({ id }) => id === state().photo) ?? kept.photos[0];
    replay.update({ run, kept: epochs, at, state: state(), photo, playing: playback.playing, theme: theme() });
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
