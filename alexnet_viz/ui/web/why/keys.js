/** The keys of the Why page. */
import { gettext } from "../lib/language.js";
import { visit } from "../shell/url.js";
import { METHODS } from "./words.js";

/**
 * @param {{page: {state: Readonly<Record<import("./state.js").Key, string>>, set: (given: Partial<Record<import("./state.js").Key, string>>) => void},
 *   stages: HTMLSelectElement, target: {focus: () => void}, versus: {focus: () => void}, brush: () => void, save: () => void}} parts
 * @returns {import("../shell/page_frame.js").Shortcut[]}
 */
export function whyKeys({ page, stages, target, versus, brush, save }) {
  function nextMethod() {
    const at = METHODS.findIndex(({ value }) => value === page.state.method);
    page.set({ method: METHODS[(at + 1) % METHODS.length].value });
  }

  /** @param {number} step */
  function walkStage(step) {
    const names = [...stages.options].map(({ value }) => value);
    const next = names[names.indexOf(stages.value) + step];
    if (next && page.state.method === "grad-cam") page.set({ stage: next });
  }
  return [
    { key: "M", does: gettext("method"), keys: ["m"], action: nextMethod, footer: true },
    { key: "T", does: gettext("target"), keys: ["t"], shift: false, action: () => target.focus(), footer: true },
    { key: "Shift T", does: gettext("rather than"), keys: ["t"], shift: true, action: () => versus.focus() },
    { key: "B", does: gettext("brush"), keys: ["b"], action: brush, footer: true },
    {
      key: "[ ]",
      does: gettext("stage of Grad-CAM"),
      keys: ["[", "]"],
      action: (event) => walkStage(event.key === "[" ? -1 : 1),
    },
    { key: "Ctrl Z", does: gettext("undo"), keys: [], action: () => undefined, footer: true },
    { key: "S", does: gettext("save"), keys: ["s"], action: save },
    {
      key: "Esc",
      does: gettext("back to the numbers: the prediction in Explore"),
      keys: ["Escape"],
      action: () => visit("", { stage: "logits" }),
      footer: true,
    },
    { key: "?", does: gettext("this list"), keys: [], action: () => undefined },
  ];
}
