/** The right of the page: the inspector of maps, the one of units, and the channel that is held while browsing. */
import { h } from "../lib/dom.js";
import { stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createAlteredPanel } from "./altered_panel.js";
import { createInspector } from "./inspector.js";
import { mapSlide, unitSlide } from "./slide.js";
import { createUnitInspector } from "./unit_inspector.js";

/** @typedef {import("./selection.js").View} View */
/** @typedef {{row: number, column: number}} Place */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{set: (changes: Partial<Record<import("./state.js").Key, string>>) => void, view: () => View | null, openChannel: () => void, openUnit: (held?: {stage: string, channel: number} | null) => void, point: (place: Place | null) => void,
 *   alter: ReturnType<typeof import("./alter.js").createAlter>, onRefused: (error: unknown) => void}} actions
 */
export function createInspectorSide(frame, actions) {
  const { set, view } = actions;
  const inspector = createInspector({
    onPlace: (row, column, pinned) => (pinned ? set({ place: `${row},${column}` }) : actions.point({ row, column })),
    onLeave: () => actions.point(null),
    onOpen: actions.openChannel,
    onUnit: () => actions.openUnit(view()?.find(held?.stage ?? "") ? held : null),
    onHold: hold,
    onChannel: (channel) => set({ channel: String(channel) }),
    onWhole: (next) => void ((whole = next), draw()),
  });
  const unitInspector = createUnitInspector({ onUnit: () => actions.openUnit() });
  const { alter } = actions;
  const onOpen = (/** @type {string} */ stage, /** @type {number} */ channel) =>
    set({ stage, channel: String(channel), view: "wall" });
  const altered = createAlteredPanel({ undo: alter.undo, reset: alter.reset, onOpen, onRefused: actions.onRefused });
  const element = h(
    "div",
    { class: "inspector-side" },
    altered.box,
    altered.body,
    inspector.element,
    unitInspector.element,
  );
  /** @type {{stage: string, channel: number} | null} */
  let held = null;
  /** @type {Place | null} where the pointer is */
  let pointed = null;
  let whole = false;

  /** Whether what the alteration changes is shown: a clicked tile, a held channel and a large map keep the usual inspector beside them. @param {View} now */
  function showsChange(now) {
    return (
      now.shown.before !== null && now.panel === "wall" && !alter.isPeeking && held === null && !frame.presenter.isOn
    );
  }

  function draw() {
    const now = view();
    unitInspector.element.hidden = now === null || now.hasPlaces;
    const isBody = now !== null && showsChange(now);
    inspector.element.hidden = now === null || !now.hasPlaces || isBody;
    element.classList.toggle("altered", Boolean(now?.shown.before));
    altered.update(now, isBody);
    if (!now) frame.presenter.show(null);
    if (!now || isBody) return;
    if (now.stage && now.hasPlaces) return drawMap(now, now.stage);
    unitInspector.update(now, frame.presenter.isOn);
    frame.presenter.show(unitSlide(now, unitInspector.pictures));
  }

  /** @param {View} now @param {import("../server/api.js").Stage} stage */
  function drawMap(now, stage) {
    const heldStage = held ? now.find(held.stage) : null;
    const shown = heldStage ?? stage;
    const channel = heldStage && held ? held.channel : now.channel(stage);
    const { filters, original } = now.shown;
    const place = pointed && shown === stage ? pointed : now.place(shown, channel);
    inspector.update({
      trace: now.trace,
      stage: shown,
      values: now.values.get(shown.name) ?? null,
      channel,
      place,
      bounds: now.bounds(shown, channel),
      table: now.table(shown),
      filters,
      held: heldStage !== null,
      original,
      whole: whole && original !== null,
      pointing: pointed !== null,
      isOpen: now.panel === "channel",
      title: stageTitle(shown.name),
    });
    frame.presenter.show(mapSlide(now, shown, channel, place, inspector.pictures));
  }

  function hold() {
    const now = view();
    if (!now?.stage || !now.hasPlaces) return;
    held = held ? null : { stage: now.stage.name, channel: now.channel(now.stage) };
    if (held)
      frame.toast(
        gettext("{stage}, channel {channel} stays in the inspector. H lets it go.", {
          stage: stageTitle(held.stage),
          channel: held.channel,
        }),
      );
    draw();
  }

  return {
    element,
    draw,
    hold,
    get isHolding() {
      return held !== null;
    },
    destroy: altered.end,
    /** @param {Place | null} place */
    drawPointed(place) {
      pointed = place;
      draw();
    },
  };
}
