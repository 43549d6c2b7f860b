/** The legend with its numbers, and the panel behind it: range, upper end, colour map, gamma, tile size, silent channels. */
import { COLOUR_MAPS, GAMMAS, paintLegend } from "../lib/colour.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { marked } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { endsOf } from "../maps/legend.js";
import { rangeWords } from "./ranges.js";
import { RANGES } from "./state.js";
import { createPopover } from "../lib/popover.js";
import { TILE_ZOOMS } from "../maps/wall.js";
import { titleOf } from "./words.js";

/** @typedef {import("./selection.js").View} View */
/** @typedef {import("./state.js").Key} Key */

const ENDS = [
  gettext("Ends at the 99.5th percentile; click for the true maximum"),
  gettext("Ends at the true maximum; click for the 99.5th percentile"),
];

/** @param {(changes: Partial<Record<Key, string>>) => void} set */
export function createRangeMenu(set) {
  const button = h(
    "button",
    { class: "range-button", type: "button", title: gettext("Range, colour map, gamma, tile size") },
    h("span", { class: "pick-label" }, gettext("range")),
    h("span", { class: "range-name chevron" }),
  );
  const low = h("span", { class: "legend-end" });
  const high = h("button", {
    class: "legend-end",
    type: "button",
    onclick: () => set({ top: view?.state.top === "clipped" ? "whole" : "clipped" }),
  });
  const bar = h("canvas", { class: "legend-bar", width: "114", height: "12", "aria-hidden": "true" }); // a canvas is 300 x 150 until it is drawn
  const panel = h("div", { class: "range-panel", role: "group", "aria-label": gettext("How values become colours") });
  const popover = createPopover(button, panel, () => drawPanel());
  const element = h("div", { class: "legend", role: "group" }, popover.element, low, bar, high);
  /** @type {View | null} */
  let view = null;

  /**
   * @param {string} label @param {import("./state.js").Key} key @param {string[]} options
   * @param {(option: string) => string} [name]
   */
  function choice(label, key, options, name = titleOf) {
    const select = h(
      "select",
      { "aria-label": label, onchange: () => set({ [key]: select.value }) },
      options.map((option) => h("option", { value: option }, name(option))),
    );
    select.value = /** @type {View} */ (view).state[key];
    return h("label", { class: "field" }, h("span", {}, label), select);
  }

  function drawPanel() {
    if (!view) return;
    const { state, stage } = view;
    const gamma = h("input", {
      type: "range",
      min: "0",
      max: String(GAMMAS.length - 1),
      step: "1",
      "aria-label": gettext("gamma"),
      oninput: () => set({ gamma: String(GAMMAS[Number(gamma.value)]) }),
    });
    gamma.value = String(Math.max(0, GAMMAS.indexOf(Number(state.gamma))));
    const silent = h("input", {
      type: "checkbox",
      onchange: () => set({ silent: silent.checked ? "hidden" : "shown" }),
    });
    silent.checked = state.silent === "hidden";
    fill(
      panel,
      choice(gettext("range"), "range", RANGES),
      choice(gettext("upper end"), "top", ["clipped", "whole"], (option) =>
        option === "clipped" ? gettext("99.5th percentile") : gettext("true maximum"),
      ),
      choice(gettext("colour map"), "map", COLOUR_MAPS),
      h("label", { class: "field" }, h("span", {}, gettext("gamma")), gamma),
      choice(gettext("tile size"), "tile", TILE_ZOOMS.map(String), (option) =>
        option === "0" ? gettext("all channels fit") : `× ${option}`,
      ),
      h("label", { class: "check" }, silent, h("span", {}, gettext("hide silent channels"))),
      h(
        "p",
        { class: "note" },
        stage?.signed
          ? gettext("Values of either sign keep the diverging map.")
          : gettext("Block and network take the largest end of the stages they hold."),
      ),
    );
  }

  return {
    element,
    /** @param {View} next @param {import("../server/api.js").Trace[]} traces of the photos whose maps are drawn */
    update(next, traces) {
      view = next;
      element.hidden = next.stage === null || next.hasBars || next.panel === "filters";
      if (!next.stage) return;
      const { stage, state } = next;
      const { context } = sizeCanvas(bar, 112, 10);
      paintLegend(context, next.table(stage), bar.width, bar.height);
      const range = next.range(stage, traces);
      const isOne = next.panel === "channel"; // with one map on the screen its own numbers can be named
      const [lowest, highest] = isOne ? endsOf(next.bounds(stage, next.channel(stage))) : rangeWords(range);
      setText(
        /** @type {Element} */ (button.querySelector(".range-name")),
        state.gamma === "1"
          ? titleOf(range.name)
          : gettext("{range}, gamma {gamma}", { range: titleOf(range.name), gamma: marked(state.gamma) }),
      );
      setText(low, lowest);
      setText(high, highest);
      high.title = range.own
        ? gettext("Each channel is drawn up to its own maximum")
        : ENDS[state.top === "clipped" ? 0 : 1];
      element.setAttribute(
        "aria-label",
        gettext("Range {range}, from {low} to {high}", { range: titleOf(range.name), low: lowest, high: highest }),
      );
    },
  };
}
