/** The epochs of a run under the chart: the film on its axis, and the epoch on the screen, large. */
import { makeBounds } from "../lib/colour.js";
import { gettext } from "../lib/language.js";
import { houseTable } from "../shell/theme.js";
import { createEpochSlider } from "./epoch_slider.js";
import { createEpochPanel } from "./epoch_panel.js";
import { createReplay } from "./replay.js";
import { layerTitle } from "./run_words.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./epoch_slider.js").Still} Still */
/** @typedef {{run: Run, checkpoints: {name: string, epoch: number}[], at: number, state: State, photo: Photo, playing: boolean, theme: "light" | "dark"}} Replayed */
/** @typedef {{toPixels: (epoch: number) => number, toEpoch: (x: number) => number, span: () => [number, number]}} Axis */

/** @param {Axis} axis the chart's, which the film lies under @param {{set: (changes: Partial<State>) => void, step: (index: number) => void, play: () => void, open: () => void, onChange: () => void, onFail: (error: unknown) => void}} page */
export function createReplayPanel(axis, page) {
  const slider = createEpochSlider({ onStep: page.step });
  const epochPanel = createEpochPanel({
    onPlay: page.play,
    onStage: (stage) => page.set({ stage, channel: "" }),
    onChannel: (channel) => page.set({ channel: String(channel) }),
    onFilter: (filter) => page.set({ filter }),
    onTarget: (index) => ((target = index), page.onChange()),
    onOpen: page.open,
  });
  const frames = createReplay({ onFrames: page.onChange, onFail: page.onFail });
  let target = -1; // the class whose probability is drawn; −1 for the likeliest
  let targetOf = "";

  /** @param {Still[]} stills @param {Replayed} v */
  function drawStills(stills, { at, state, photo, playing, theme }) {
    const { about } = frames;
    // One range over all epochs, so that a channel that goes quiet is seen to go quiet.
    const bounds = makeBounds(false, 0, largest(frames.all().map(({ map }) => map)), 0);
    const table = houseTable(theme, false);
    const { epoch, frame } = stills[at] ?? { epoch: null, frame: null };
    const shared = {
      bounds,
      table,
      target: target < 0 ? likeliest([...stills.map((still) => still.frame), frame]) : target,
    };
    const channel = about ? about.channel : -1;
    const titles = /** @type {[string, string, string]} */ ([
      layerTitle(state.stage),
      channel < 0 ? "" : gettext("channel {channel}", { channel }),
      about?.classes[shared.target] ?? "",
    ]);
    slider.update({ ...shared, ...axis, stills, at, side: about?.stages[state.stage] ?? [0, 1, 1], titles });
    epochPanel.update({
      ...shared,
      photo,
      epoch,
      frame,
      about,
      stage: state.stage,
      channel,
      filter: filterOf(state.filter, about),
      filterLimits: frames.filterLimits(),
      playing,
      canPlay: stills.length > 1,
    });
  }

  return {
    elements: [slider.element, epochPanel.element],
    frames,
    /** @param {Replayed} v */
    update(v) {
      const { run, checkpoints, at, state } = v;
      if (targetOf !== run.id) [targetOf, target] = [run.id, -1];
      frames.update(
        checkpoints.length ? { run: run.id, photo: state.photo, stage: state.stage, channel: state.channel } : null,
        checkpoints.map(({ name }) => name),
        checkpoints[at]?.epoch ?? 0,
      );
      drawStills(
        checkpoints.map(({ name, epoch }) => ({ name, epoch, frame: frames.get(name) })),
        v,
      );
    },
    destroy: () => frames.destroy(),
  };
}

/** @param {string} chosen @param {import("./replay.js").About | null} about @returns {number | "all"} −1 before it is known */
function filterOf(chosen, about) {
  if (chosen === "all") return "all";
  return chosen !== "" && about && Number(chosen) < about.filters ? Number(chosen) : (about?.filter ?? -1);
}

/** @param {Float32Array[]} arrays @returns {number} the largest magnitude in them */
function largest(arrays) {
  return arrays.reduce((most, values) => values.reduce((own, value) => Math.max(own, Math.abs(value)), most), 0);
}

/** @param {(import("./replay.js").Frame | null)[]} all @returns {number} class with the largest probability in the last frame that is there */
function likeliest(all) {
  const frame = [...all].reverse().find((each) => each !== null);
  if (!frame) return 0;
  return frame.probabilities.reduce((best, value, i) => (value > frame.probabilities[best] ? i : best), 0);
}
