/** The third column: the unit on this photo, its classes, and below what one asks: tuning, kernels, what it feeds. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createLatestOrNothing } from "../lib/latest.js";
import { createSegments } from "../lib/segments.js";
import { address, getStage, postJson } from "../server/api.js";
import { askOcclusion, getWiring } from "../server/explanations.js";
import { createClassMeans } from "./class_means.js";
import { createLongQuestion } from "./long_question.js";
import { createPhotoPanel } from "./photo_panel.js";
import { createTuningCurve } from "./tuning_curve.js";
import { readHeld } from "./state.js";
import { createWiringPanel } from "./wiring_panel.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {{row: number, column: number} | null} Place */
/** @typedef {Record<string, string>} Asked */
/**
 * @typedef {{state: State, trace: Trace, stage: Stage, values: Float32Array | null, place: Place, filters: import("../server/api.js").Filters | null, isSettled: boolean, found: import("./parts_panel.js").Found | null,
 *   theme: "light" | "dark", noun: import("./nouns.js").Noun}} View place: of the value that is taken apart; isSettled: whether that one is known; found: image parts
 */

/**
 * @param {{set: (changes: Partial<Record<import("./state.js").Key, string>>) => void, state: () => State, onUnit: (stage: string, channel: number, place: string) => void,
 *   onChange: () => void, onRefused: (error: unknown) => void}} page
 */
export function createSideColumn({ set, state, onUnit, onChange, onRefused }) {
  /** @type {ReturnType<typeof createLongQuestion<Asked, import("./tuning_points.js").Tuning>>} */
  const tuning = createLongQuestion({
    ask: (asked, signal) => postJson("unit/tuning", asked, {}, signal),
    onChange,
    onRefused,
  });
  /** @type {ReturnType<typeof createLongQuestion<Asked, import("./photo_painting.js").Covered>>} */
  const covering = createLongQuestion({ ask: askOcclusion, onChange, onRefused });
  const wiring = createLatestOrNothing({
    ask: (/** @type {Asked} */ asked) => getWiring(asked),
    onAnswer: onChange,
    onRefused,
  });
  const heldMaps = createLatestOrNothing({
    ask: (
      /** @type {import("../server/api.js").Subject & {stage: string, digest: string}} */ { stage, digest, ...subject },
    ) => getStage(subject, stage, digest),
    onAnswer: onChange,
    onRefused,
  });
  const photoPanel = createPhotoPanel({
    onHeld: () => open(readHeld(state().held)),
    onPlace: (row, column) => set({ place: `${row},${column}` }),
    onCover: (cover) => set({ cover }),
    onCancel: covering.cancel,
    onAgain: covering.again,
  });
  const curve = createTuningCurve({ set, onCancel: tuning.cancel, onAgain: tuning.again });
  const wires = createWiringPanel({ onUnit });
  const lower = createSegments(
    gettext("Below"),
    [
      { value: "tuning", text: gettext("tuning") },
      { value: "kernels", text: gettext("kernels") },
      { value: "feeds", text: gettext("what it feeds") },
    ],
    (chosen) => set({ lower: chosen }),
  );
  const classes = createClassMeans({ onChange, onRefused });
  const panels = { tuning: curve.element, kernels: wires.kernels, feeds: wires.fed };
  const element = h(
    "div",
    { class: "unit-side" },
    photoPanel.element,
    classes.element,
    h(
      "section",
      { class: "unit-lower", "aria-label": gettext("Tuning and wiring") },
      lower.element,
      Object.values(panels),
    ),
  );

  /** @param {{stage: string, channel: number} | null} held */
  const open = (held) => held && onUnit(held.stage, held.channel, "");

  /** The map that stays beside, once its values are there. @param {State} now @param {Trace} trace */
  function heldOf(now, trace) {
    const held = readHeld(now.held);
    const stage = trace.header.stages.find(({ name }) => name === held?.stage);
    const isThere = heldMaps.value && !heldMaps.isStale && heldMaps.subject?.stage === stage?.name;
    return held && stage && isThere && stage.shape.length === 3 && held.channel < stage.shape[0]
      ? { stage, channel: held.channel, values: /** @type {Float32Array} */ (heldMaps.value) }
      : null;
  }

  return {
    element,
    map: { pictures: photoPanel.pair, legend: photoPanel.legend },
    /** What the view needs is asked for. @param {State} now @param {string} digest @param {Stage[]} stages of this network */
    want(now, digest, stages) {
      const { lower: chosen, by, photo, checkpoint, resize } = now;
      const held = readHeld(now.held);
      if (held && stages.some(({ name }) => name === held.stage))
        void heldMaps.want({ photo, checkpoint, resize, stage: held.stage, digest });
      tuning.want(chosen === "tuning" ? { ...unitOf(now), by } : null);
      if (chosen === "tuning") return;
      void wiring.want({ ...unitOf(now), digest });
    },
    /** @param {View} view */
    update({ state: now, trace, stage, values, place, filters, isSettled, found, theme, noun }) {
      const isCovered = now.cover === "shown" && isSettled;
      covering.want(
        isCovered ? { ...unitOf(now), ...(place && { row: String(place.row), column: String(place.column) }) } : null,
      );
      photoPanel.element.classList.toggle("stale", !values || !isSettled);
      if (values && isSettled)
        photoPanel.update({
          trace,
          stage,
          values,
          channel: Number(now.channel),
          held: heldOf(now, trace),
          place,
          theme,
          cover: now.cover,
          covered: covering.value,
          isAsking: covering.isAsking,
          isCancelled: covering.isCancelled,
        });
      classes.want({ checkpoint: now.checkpoint, stage: now.stage, channel: now.channel }, found);
      classes.update(found);
      lower.update(now.lower);
      for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== now.lower;
      const { by, amount } = now;
      if (now.lower === "tuning")
        curve.update({
          found: tuning.value,
          by,
          amount,
          isAsking: tuning.isAsking,
          isCancelled: tuning.isCancelled,
          pictureOf: (value) => changedPicture(now, value, tuning.value?.beside),
          hasMap: stage.shape.length === 3,
        });
      else
        wires.update({
          wiring: wiring.isStale ? null : wiring.value,
          filters,
          channel: Number(now.channel),
          theme,
          noun,
        });
    },
    /** The key's turn: the next of what stands below. */
    cycle() {
      const names = Object.keys(panels);
      set({ lower: names[(names.indexOf(state().lower) + 1) % names.length] });
    },
    focusCurve() {
      set({ lower: "tuning" });
      /** @type {HTMLElement} */ (curve.element.querySelector("[role=slider]")).focus();
    },
    end() {
      for (const each of [tuning, covering, wiring, heldMaps, classes]) each.end();
    },
  };
}

/** @param {State} state @returns {Asked} */
function unitOf({ photo, checkpoint, resize, stage, channel }) {
  return { photo, checkpoint, resize, stage, channel };
}

/** The address of the photo, changed by an amount. @param {State} state @param {number} amount @param {number | null} [beside] of the curve, where it has one */
function changedPicture({ photo, checkpoint, resize, by }, amount, beside) {
  const query = { photo, checkpoint, resize, by, amount: String(amount) };
  return address("unit/changed.png", { ...query, ...(beside != null && { beside: String(beside) }) }).href;
}
