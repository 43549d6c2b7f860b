/** The legend with its numbers, and the panel behind it: range, upper end, colour map, gamma, tile size, silent channels. */
import { COLOUR_MAPS, GAMMAS, paintLegend } from "../lib/colour.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { RANGES } from "./state.js";
import { number } from "../lib/format.js";
import { createPopover } from "../lib/popover.js";
import { TILE_ZOOMS } from "../maps/wall.js";

/** @typedef {import("./selection.js").View} View */
/** @typedef {import("./state.js").State} State */

const ENDS = ["Ends at the 99.5th percentile; click for the true maximum", "Ends at the true maximum; click for the 99.5th percentile"];

/** @param {(changes: Partial<State>) => void} set */
export function createRangeMenu(set) {
  const button = h("button", { class: "range-button", type: "button", title: "Range, colour map, gamma, tile size" }, h("span", { class: "pick-label" }, "range"), h("span", { class: "range-name chevron" }));
  const low = h("span", { class: "legend-end" });
  const high = h("button", { class: "legend-end", type: "button", onclick: () => set({ top: view?.state.top === "clipped" ? "whole" : "clipped" }) });
  const bar = h("canvas", { class: "legend-bar", "aria-hidden": "true" });
  const panel = h("div", { class: "range-panel", role: "group", "aria-label": "How values become colours" });
  const popover = createPopover(button, panel, () => drawPanel());
  const element = h("div", { class: "legend", role: "group" }, popover.element, low, bar, high);
  /** @type {View | null} */
  let view = null;

  /**
   * @param {string} label @param {import("./state.js").Key} key @param {string[]} options
   * @param {(option: string) => string} [name]
   */
  function choice(label, key, options, name = (option) => option) {
    const select = h("select", { "aria-label": label, onchange: () => set({ [key]: select.value }) }, options.map((option) => h("option", { value: option }, name(option))));
    select.value = /** @type {View} */ (view).state[key];
    return h("label", { class: "field" }, h("span", {}, label), select);
  }

  function drawPanel() {
    if (!view) return;
    const { state, stage } = view;
    const gamma = h("input", { type: "range", min: "0", max: String(GAMMAS.length - 1), step: "1", "aria-label": "gamma", oninput: () => set({ gamma: String(GAMMAS[Number(gamma.value)]) }) });
    gamma.value = String(Math.max(0, GAMMAS.indexOf(Number(state.gamma))));
    const silent = h("input", { type: "checkbox", onchange: () => set({ silent: silent.checked ? "hidden" : "shown" }) });
    silent.checked = state.silent === "hidden";
    fill(
      panel,
      choice("range", "range", RANGES),
      choice("upper end", "top", ["clipped", "whole"], (option) => (option === "clipped" ? "99.5th percentile" : "true maximum")),
      choice("colour map", "map", COLOUR_MAPS),
      h("label", { class: "field" }, h("span", {}, "gamma"), gamma),
      choice("tile size", "tile", TILE_ZOOMS.map(String), (option) => (option === "0" ? "all channels fit" : `× ${option}`)),
      h("label", { class: "check" }, silent, h("span", {}, "hide silent channels")),
      h("p", { class: "note" }, stage?.signed ? "Values of either sign keep the diverging map." : "Block and network take the largest end of the stages they hold."),
    );
  }

  /** @param {View} next @param {boolean} own each channel has its own range */
  function nameRange({ state }, own) {
    const range = state.range === "channel" && !own ? "layer" : state.range;
    return state.gamma === "1" ? range : `${range}, gamma ${state.gamma}`;
  }

  return {
    element,
    /** @param {View} next */
    update(next) {
      view = next;
      element.hidden = next.stage === null;
      if (!next.stage) return;
      const { stage, state } = next;
      const bounds = next.bounds(stage, next.channel(stage));
      const { context } = sizeCanvas(bar, 112, 10);
      paintLegend(context, next.table(stage), bar.width, bar.height);
      const own = state.range === "channel" && next.hasPlaces;
      setText(/** @type {Element} */ (button.querySelector(".range-name")), nameRange(next, own));
      setText(low, own ? (stage.signed ? "−own max" : "0") : `${bounds.clippedLow ? "≤ " : ""}${number(bounds.low)}`);
      setText(high, own ? "own max" : `${bounds.clippedHigh ? "≥ " : ""}${number(bounds.high)}`);
      high.title = own ? "Each channel is drawn up to its own maximum" : ENDS[state.top === "clipped" ? 0 : 1];
      element.setAttribute("aria-label", `Range ${state.range}, from ${low.textContent} to ${high.textContent}`);
    },
  };
}
