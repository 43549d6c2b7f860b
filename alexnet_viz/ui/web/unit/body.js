/** What stands below the head of the Unit page: three columns, the one in the middle with how the number is made. */
import { h } from "../lib/dom.js";
import { whenChanged } from "../lib/when_changed.js";
import { createFirstColumn } from "./first_column.js";
import { createNumberPanel } from "./number_panel.js";
import { createSideColumn } from "./side_column.js";
import { createUnitSlide } from "./slide.js";
import { nounOf } from "./stage_units.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("./number_panel.js").View} NumberView */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {ReturnType<typeof import("./loading.js").createLoading>} loading
 * @param {() => "light" | "dark"} theme
 * @param {{set: (changes: Partial<Record<import("./state.js").Key, string>>) => void, state: () => State, onChange: () => void, onRefused: (error: unknown) => void}} page
 */
export function createBody(frame, loading, theme, { set, state, onChange, onRefused }) {
  const openUnit = (/** @type {string} */ stage, /** @type {number} */ channel, /** @type {string} */ place) =>
    set({ stage, channel: String(channel), place });
  const numberActions = {
    onInput: (/** @type {string} */ input) => set({ input }),
    onTerms: (/** @type {string} */ terms) => set({ terms }),
    onUnit: openUnit,
  };
  const numberPanel = createNumberPanel(numberActions);
  const first = createFirstColumn(frame, { set, state, onUnit: openUnit, onChange, onRefused });
  const side = createSideColumn({ set, state, onUnit: openUnit, onChange, onRefused });
  const slide = createUnitSlide(numberActions, side.map);
  const drawNumber = whenChanged(
    (/** @type {NumberView} */ view) => [view.made, view.terms, view.input, view.theme, view.filters],
    numberPanel.update,
  );

  /** @returns {NumberView | null} */
  function numberView() {
    const { number: made, traces } = loading;
    if (!made || !traces.value) return null;
    return {
      made,
      terms: state().terms,
      input: state().input,
      theme: theme(),
      filters: loading.filters,
      classes: traces.value.header.checkpoint.classes,
      stages: traces.value.header.stages,
    };
  }

  return {
    element: h("div", { class: "unit-body", hidden: true }, first.element, numberPanel.element, side.element), // until there is something in it
    /** What stands on the photo's pass is asked for. @param {State} now @param {Trace | null} trace */
    want(now, trace) {
      first.want(now);
      side.want(now, trace?.header.checkpoint.digest ?? "", trace?.header.stages ?? []);
    },
    /** @param {State} now @param {Trace} trace @param {Stage} stage @returns {NumberView | null} how its number is made, where that is known */
    update(now, trace, stage) {
      first.update({ state: now, trace, stage, noun: nounOf(stage.name) });
      const view = numberView();
      const shown = view?.made.steps[view.made.at];
      const place = shown && shown.row !== null ? { row: shown.row, column: shown.column } : null;
      side.update({
        state: now,
        trace,
        stage,
        values: loading.map,
        place,
        filters: loading.filters,
        isSettled: Boolean(shown),
        found: first.found,
        theme: theme(),
        noun: nounOf(stage.name),
      });
      numberPanel.element.classList.toggle("stale", !view);
      if (view) drawNumber(view);
      return view;
    },
    slideOf: slide.of,
    openLargest() {
      const view = numberView();
      if (view) numberPanel.openLargest(view);
    },
    begin: first.begin,
    walkFilm: first.walkFilm,
    cycleLower: side.cycle,
    focusCurve: side.focusCurve,
    end() {
      first.end();
      side.end();
    },
  };
}
