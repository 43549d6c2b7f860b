/** The network strip: the drawing of AlexNet, the live picture of this photo, and the menu. */
import { fill, h } from "../lib/dom.js";
import { groupOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { answerOf } from "./answer.js";
import { groupStages } from "./stages.js";
import { createStripColumn, markColumn, paintColumn, paintIcon } from "./strip_column.js";
import { alteredGroup, createAlteredSign, paintFlow } from "./strip_flow.js";
import { createNumbersOrWhy, paintPrediction } from "./strip_prediction.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {{trace: Trace | null, open: string, theme: "light" | "dark", activation: Uint32Array, signed: Uint32Array, stale: boolean, before?: Trace | null, asked?: number | null}} StripView `before`: the unaltered network's, where it is altered; `asked`: the class that Why asks about */

/**
 * @param {(stage: string) => void} onOpen
 * @param {(target: number) => void} onAsk why this class
 * @param {(isHeld: boolean) => void} [onBefore] the strip is to show the unaltered network for as long as a button is held
 */
export function createStrip(onOpen, onAsk, onBefore = () => undefined) {
  const flow = h("canvas", { class: "strip-flow", "aria-hidden": "true" });
  const columns = h("div", { class: "strip-columns" });
  const altered = createAlteredSign(onBefore);
  const hint = h(
    "p",
    { class: "strip-hint" },
    gettext("Above the line: space. One step down = half the side."),
    h("br"),
    gettext("Below the line: channels, strongest response of each."),
  );
  // What has the focus is wholly in view where the strip scrolls sideways.
  columns.addEventListener("focusin", (event) =>
    /** @type {Element} */ (event.target).scrollIntoView({ block: "nearest", inline: "nearest" }),
  );
  const element = h(
    "nav",
    { class: "strip", "aria-label": gettext("The network, from the photo to the prediction") },
    hint,
    h("div", { class: "strip-track" }, flow, columns, altered),
  );
  const answer = h("p", { class: "strip-answer" });
  element.append(answer);
  const numbersOrWhy = createNumbersOrWhy(() => onOpen("logits"), onAsk);
  /** @type {Map<string, HTMLElement>} */
  let built = new Map();
  let signature = "";
  let painted = "";
  const narrow = matchMedia("(max-width: 519.9px)");

  /** @param {Map<string, string[]>} groups @param {readonly Stage[]} stages */
  function build(groups, stages) {
    built = new Map();
    const shapes = new Map(stages.map((stage) => [stage.name, stage.shape]));
    for (const [group, names] of groups)
      built.set(group, createStripColumn(group, names, shapes, onOpen, numbersOrWhy.element));
    fill(columns, [...built.values()]);
  }

  /** @param {StripView} view @param {Map<string, string[]>} groups */
  function paint(view, groups) {
    const trace = /** @type {Trace} */ (view.trace);
    const styles = getComputedStyle(element);
    const scale = {
      unit: parseFloat(styles.getPropertyValue("--strip-unit")) || 1,
      perChannel: parseFloat(styles.getPropertyValue("--strip-channel")) || 0.3075,
    };
    const stages = new Map(trace.header.stages.map((stage) => [stage.name, stage]));
    for (const [group, names] of groups) {
      const column = /** @type {HTMLElement} */ (built.get(group));
      if (group === "logits") paintIcon(column, trace.probabilities);
      else paintColumn(column, group, names, view, stages, scale);
    }
    paintFlow(flow, element, columns, built.get("logits"), built.get(alteredGroup(view)), altered);
  }

  /** @param {StripView} view @param {Map<string, string[]>} groups */
  function markOpen(view, groups) {
    const openGroup = groupOf(view.open);
    for (const [group, column] of built) markColumn(column, group === openGroup, view.open, groups.get(group) ?? []);
  }

  return {
    element,
    /** @param {StripView} view */
    update(view) {
      if (!view.trace) return;
      const stages = view.trace.header.stages;
      const groups = groupStages(stages);
      const next = stages.map((stage) => stage.name + stage.shape).join();
      if (next !== signature) build(groups, stages);
      signature = next;
      const isShort =
        element.closest(".presenter") !== null || (narrow.matches && element.closest(".is-pupil") !== null);
      element.classList.toggle("short", isShort);
      const { photo, checkpoint, input } = view.trace.header;
      const key = [
        photo.id,
        checkpoint.digest,
        view.trace.header.altered?.changes,
        input.resize,
        view.theme,
        isShort,
        element.clientWidth,
        window.devicePixelRatio,
        next,
      ].join();
      if (key !== painted) {
        paint(view, groups);
        fill(answer, ...answerOf(view.trace));
        const last = built.get("logits");
        const [bars, label] = [last?.querySelector(".prediction-bars"), last?.querySelector(".strip-shape")];
        if (bars && label) paintPrediction(bars, label, view.trace, view.before ?? null, onAsk);
      }
      painted = key;
      numbersOrWhy.update(built.get("logits"), view);
      markOpen(view, groups);
      element.classList.toggle("stale", view.stale);
      hint.hidden = altered.offsetLeft > hint.offsetWidth / 2;
    },
    /** Why the predicted class. */
    ask: numbersOrWhy.ask,
    /** Bring the open column into view where the strip scrolls sideways. */
    reveal() {
      for (const column of built.values()) {
        if (column.classList.contains("open")) column.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    },
  };
}
